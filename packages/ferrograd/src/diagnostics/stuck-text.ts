import { type Shape, showShape } from "../values/shape.ts";
import type { Factor, Factors, Stuck } from "./why-stuck.ts";

/** Rows shown in the text. */
const SHOWN = 5;

const WORDS = { input: "input", slope: "slope f'(z)", upstream: "upstream gradient" };

/** All that was found, for people; `tap` is the weight among those of its unit. */
export function worded(
  { rows, culprit, path, vanishedAt, ...found }: Omit<Stuck, "text">,
  tap: Shape,
): string {
  const { layer, unit, input, gradient } = found;
  const short = (value: number) => (value === 0 ? "0" : value.toPrecision(3));
  const cell = (row: Factors, factor: Factor) =>
    `${short(row[factor])}${row.tiny.includes(factor) ? "*" : " "}`.padStart(12);
  const isImage = rows.some(({ place }) => place.length > 0);
  const nameOf = (row: Factors, i: number) => `${i}${isImage ? ` ${showShape(row.place)}` : ""}`;
  const width = isImage ? 14 : 5;
  const lines = rows.slice(0, SHOWN).map((row, i) => {
    const factors = (["input", "slope", "upstream"] as const).map((factor) => cell(row, factor));
    const total = isImage ? `, ${short(row.total)} in all` : "";
    return `${nameOf(row, i).padStart(width)} ${factors.join(" × ")} = ${short(row.product).padStart(11)}${total}`;
  });
  const head = ["input ", "f'(z) ", "upstream "].map((name) => name.padStart(12)).join(" × ");
  const first = (isImage ? "row and place" : "row").padStart(width);
  const back = path.map((at) => {
    const mark = at.layer === vanishedAt ? " (vanished)" : "";
    return `${at.layer} ${short(at.gradientNorm)}${mark}`;
  });
  const from = tap.length > 1 ? `${input}, ${showShape(tap)},` : `${input}`;
  return [
    `${layer}: weight from input ${from} to unit ${unit}, dL/dw = ${short(gradient)} over ${rows.length} rows`,
    `${first} ${head} =       dL/dw   (* zero or tiny${isImage ? " at every place" : ""})`,
    ...lines,
    ...(rows.length > SHOWN ? [`  ... ${rows.length - SHOWN} more rows`] : []),
    `gradient norms from the last layer back: ${back.join(", ")}`,
    culprit === undefined
      ? "no factor is zero or tiny on most rows"
      : `the ${WORDS[culprit]} is zero or tiny on most rows${culprit === "upstream" && vanishedAt !== undefined ? `; it vanished at ${vanishedAt}` : ""}`,
  ].join("\n");
}
