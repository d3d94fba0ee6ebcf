import type { Verdict } from "../experiment.ts";

export const en = {
  name: "The lesson",
  title: "What does f do to your network?",
  lead: "Take f away and the two layers are one. All else about f, its range, its slope, its cost, decides whether a network learns. A lecture of Stanford's course CS231n makes ten claims about it and what stands around it. Each is put to the test here, on real data.",
  how: [
    "Read what the lecture says.",
    "Commit to a guess, before you see a number.",
    "See what was measured, and train in the page.",
  ],
  facts: (seed: string) =>
    `Measured by npm run lesson from seed ${seed} on, with five seeds or more where anything is trained, on 1,797 handwritten digits, 569 tumors and toy data.`,
  begin: "Begin",
  footer: "Nothing leaves this page: data, library and training are all inside this one file.",
  skip: "Skip to the experiments",

  language: "Language",
  experiments: "Experiments",
  projector: "Projector",
  leaveProjector: "Leave projector",
  previous: "Back",
  next: "Next",
  slide: (n: number, of: number) => `${n} of ${of}`,
  keys: "Arrow keys or a presenter turn the slides, 1 to 4 choose a guess, Enter commits, Esc leaves.",

  claim: "The lecture says",
  yourGuess: "Your guess",
  commit: "Commit, and show the numbers",
  chooseFirst: "Choose one; then the numbers appear.",
  showAll: "Show all numbers without guessing",
  measured: "What was measured",
  guessed: "You guessed",
  numbersSay: "The numbers say",
  right: "You were right.",
  wrong: "The numbers say otherwise.",
  noGuess: "You did not guess.",
  predicted: "Our own prediction",
  finePrint: "The fine print",
  checks: "What decides the verdict, as most seeds have it",
  holdsIn: (holds: number, of: number) => `in ${holds} of ${of} seeds`,
  yes: "yes",
  no: "no",
  verdict: "Verdict",
  verdicts: {
    holds: "holds",
    "holds partly": "holds partly",
    "does not hold here": "does not hold here",
    "cannot be tested here": "cannot be tested here",
  } satisfies Record<Verdict, string>,
  table: "The numbers as a table",
  png: "PNG",
  savePng: (title: string) => `Save as PNG: ${title}`,
  chartLabel: (title: string) => `Chart: ${title}. The table below has its numbers.`,
  seeds: (first: number, count: number) =>
    count === 1
      ? `Seed ${first}, one of many`
      : `Seeds ${first} to ${first + count - 1}, ${count} of many`,
  measuredAt: (seeds: string) => `${seeds}: measured when this page was made.`,
  measuredHere: (seeds: string, seconds: string) =>
    `${seeds}: measured in your browser in ${seconds} s.`,
  sameBits: "The same numbers as before, to the last bit.",
  seed: "First seed",
  again: "Run again here",
  running: "Training in your browser …",
  failed: "It stopped.",
  live: "Live",

  summary: "What is left of the ten claims",
  score: (right: number, guesses: number) =>
    guesses === 0 ? "No guesses yet." : `You guessed ${right} of ${guesses} right.`,
  open: "not shown yet",
  guess: "Guess",
};

export type Texts = typeof en;
