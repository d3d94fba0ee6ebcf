import type { Texts } from "./en.ts";

export const ko: Texts = {
  name: "수업",
  title: "f는 신경망에 무엇을 할까요?",
  lead: "f를 빼면 두 층은 한 층이 됩니다. f의 범위, 기울기, 비용이 신경망이 배울 수 있는지를 정합니다. 스탠퍼드 CS231n 강의는 f와 그 둘레에 대해 열 가지를 말합니다. 여기서는 하나하나를 실제 데이터로 시험합니다.",
  how: [
    "강의가 하는 말을 읽습니다.",
    "숫자를 보기 전에 먼저 예측을 고릅니다.",
    "측정 결과를 보고, 이 페이지에서 직접 학습해 봅니다.",
  ],
  facts: (seed) =>
    `npm run lesson이 시드 ${seed}부터 측정했습니다. 학습하는 실험은 시드를 다섯 개 이상 씁니다. 손글씨 숫자 1,797장, 종양 569건, 장난감 데이터를 썼습니다.`,
  begin: "시작",
  footer:
    "아무것도 밖으로 나가지 않습니다. 데이터, 라이브러리, 학습이 모두 이 파일 하나에 있습니다.",
  skip: "실험으로 건너뛰기",

  language: "언어",
  experiments: "실험",
  projector: "발표 화면",
  leaveProjector: "발표 끝내기",
  previous: "이전",
  next: "다음",
  slide: (n, of) => `${of}장 중 ${n}장`,
  keys: "화살표 키나 발표 리모컨으로 넘기고, 1~4로 예측을 고르고, 엔터로 확정하고, Esc로 끝냅니다.",

  claim: "강의의 주장",
  yourGuess: "나의 예측",
  commit: "확정하고 숫자 보기",
  chooseFirst: "하나를 고르면 숫자가 나타납니다.",
  showAll: "예측 없이 모든 숫자 보기",
  measured: "측정 결과",
  guessed: "나의 예측",
  numbersSay: "측정된 답",
  right: "맞았습니다.",
  wrong: "숫자는 다르게 말합니다.",
  noGuess: "예측하지 않았습니다.",
  predicted: "우리가 미리 적어 둔 예측",
  finePrint: "덧붙이는 말",
  checks: "판정의 근거: 대부분의 시드가 말하는 것",
  holdsIn: (holds, of) => `시드 ${of}개 중 ${holds}개에서`,
  yes: "예",
  no: "아니요",
  verdict: "판정",
  verdicts: {
    holds: "맞음",
    "holds partly": "일부만 맞음",
    "does not hold here": "여기서는 맞지 않음",
    "cannot be tested here": "여기서는 시험할 수 없음",
  },
  table: "숫자를 표로 보기",
  png: "PNG 저장",
  savePng: (title) => `PNG 저장: ${title}`,
  chartLabel: (title) => `차트: ${title}. 숫자는 아래 표에 있습니다.`,
  seeds: (first, count) =>
    count === 1
      ? `시드 ${first}(수많은 시드 중 하나)`
      : `시드 ${first}~${first + count - 1}(수많은 시드 중 ${count}개)`,
  measuredAt: (seeds) => `${seeds}, 이 페이지를 만들 때 측정했습니다.`,
  measuredHere: (seeds, seconds) => `${seeds}, 이 브라우저에서 ${seconds}초 동안 측정했습니다.`,
  sameBits: "앞의 숫자와 마지막 비트까지 같습니다.",
  seed: "첫 시드",
  again: "여기서 다시 실행",
  running: "브라우저에서 학습하는 중 …",
  failed: "멈췄습니다.",
  live: "직접 해 보기",

  summary: "열 가지 주장은 어떻게 되었을까요",
  score: (right, guesses) =>
    guesses === 0 ? "아직 예측하지 않았습니다." : `예측 ${guesses}개 중 ${right}개가 맞았습니다.`,
  open: "아직 보지 않음",
  guess: "예측",
};
