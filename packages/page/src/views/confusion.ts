import { css, NEGATIVE, POSITIVE } from "@ferrograd/shared/color.ts";
import { card, h, setText } from "@ferrograd/shared/dom.ts";
import type { View, ViewFactory } from "./view.ts";

const MOST_CLASSES = 12;

/** How often each class was taken for each, over the test rows. */
export const confusion: ViewFactory = ({ texts, info }): View | undefined => {
  const { classNames, reach } = info;
  const isOnPlane = reach !== undefined && classNames.length < 3;
  if (classNames.length > MOST_CLASSES || isOnPlane) return undefined;
  const head = (text: string, scope: string) => h("th", { scope }, text);
  const cells = classNames.map(() => classNames.map(() => h("td")));
  const rows = cells.map((row, i) => h("tr", {}, head(classNames[i]!, "row"), ...row));
  const corner = h("td", { className: "corner" }, `${texts.truth} \\ ${texts.said}`);
  const table = h(
    "table",
    {},
    h("thead", {}, h("tr", {}, corner, ...classNames.map((name) => head(name, "col")))),
    h("tbody", {}, ...rows),
  );
  const scroll = {
    tabIndex: 0,
    className: "scroll",
    attrs: { role: "region", "aria-label": texts.confusion },
  };
  return {
    element: card(
      texts.confusion,
      "confusion",
      h("p", { className: "hint" }, texts.confusionHint),
      h("div", scroll, table),
    ),
    frame({ confusion: counts }) {
      cells.forEach((row, i) => {
        const ofRow = counts.subarray(i * row.length, (i + 1) * row.length);
        const total = Math.max(
          1,
          ofRow.reduce((sum, count) => sum + count, 0),
        );
        row.forEach((cell, j) => {
          const text = ofRow[j] === 0 ? "" : String(ofRow[j]);
          if (cell.textContent === text) return;
          setText(cell, text);
          cell.style.background = css(i === j ? POSITIVE : NEGATIVE, (0.75 * ofRow[j]!) / total);
        });
      });
    },
  };
};
