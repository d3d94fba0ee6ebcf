import { css, NEGATIVE, POSITIVE } from "@ferrograd/shared/color.ts";
import { h, setText } from "@ferrograd/shared/dom.ts";
import { below, fixed, percent } from "@ferrograd/shared/format.ts";
import type { Answer } from "../protocol.ts";
import type { Context } from "./view.ts";

/** Numbers change at most this often, ms: nobody reads faster. */
const PACE = 120;

/** Every stage of the network for one image, in numbers: each hidden layer, then scores and softmax. */
export function stages({ texts, settings, info }: Context) {
  const depth = info.widths.length - 2;
  const hidden = info.widths
    .slice(1, -1)
    .map((units, i) =>
      numbers(hiddenFormula(i + 1, settings.activation), texts.stageHidden, units),
    );
  const scores = scoreTable(`z = ${affine(depth + 1)}`, info.classNames, texts);
  let latest: Answer | undefined;
  let waiting = false;
  const write = () => {
    waiting = false;
    hidden.forEach((stage, i) => stage.show(latest!.hidden[i]!));
    scores.show(latest!);
  };
  return {
    elements: [...hidden.map(({ element }) => element), scores.element],
    show(answer: Answer) {
      latest = answer;
      if (waiting) return;
      waiting = true;
      setTimeout(write, PACE);
    },
  };
}

/** W₂·h₁ + b₂, from x where it is the first layer. */
const affine = (n: number): string =>
  `W${below(n)}·${n === 1 ? "x" : `h${below(n - 1)}`} + b${below(n)}`;

const hiddenFormula = (n: number, activation: string): string =>
  `h${below(n)} = ${activation}(${affine(n)})`;

function numbers(formula: string, label: string, units: number) {
  const cells = Array.from({ length: units }, () => h("li"));
  const list = h(
    "ol",
    { className: "numbers", attrs: { "aria-label": `${label}: ${formula}` } },
    ...cells,
  );
  return {
    element: h("details", { open: true }, h("summary", {}, h("code", {}, formula)), list),
    show(values: Float32Array) {
      const scale = Math.max(1e-6, ...values.map(Math.abs));
      cells.forEach((cell, unit) => {
        const text = fixed(values[unit]!);
        if (cell.textContent === text) return;
        cell.textContent = text;
        const alpha = (0.65 * Math.abs(values[unit]!)) / scale;
        cell.style.background = css(values[unit]! < 0 ? NEGATIVE : POSITIVE, alpha);
      });
    },
  };
}

function scoreTable(formula: string, classNames: readonly string[], texts: Context["texts"]) {
  const rows = classNames.map((name) => {
    const score = h("td", { className: "number" });
    const bar = h("span", { className: "bar" });
    const share = h("span");
    const cell = h("td", { className: "share" }, bar, share);
    return { score, bar, share, row: h("tr", {}, h("th", { scope: "row" }, name), score, cell) };
  });
  const head = (text: string) => h("th", { scope: "col" }, text);
  const table = h(
    "table",
    { className: "scores" },
    h("caption", {}, h("code", {}, formula), h("code", {}, "p = softmax(z)")),
    h("thead", {}, h("tr", {}, h("td"), head(texts.score), head(texts.probability))),
    h("tbody", {}, ...rows.map(({ row }) => row)),
  );
  return {
    element: table,
    show({ scores, probabilities }: Answer) {
      const best = probabilities.indexOf(Math.max(...probabilities));
      rows.forEach(({ row, score, bar, share }, i) => {
        row.className = i === best ? "best" : "";
        setText(score, fixed(scores[i]!));
        setText(share, percent(probabilities[i]!));
        bar.style.width = `${probabilities[i]! * 100}%`;
      });
    },
  };
}
