import { h } from "@ferrograd/shared/dom.ts";
import { again } from "./again.ts";
import type { Context } from "./context.ts";
import { figures } from "./figure.ts";
import { answered } from "./question.ts";
import { type Stand, verdictClass } from "./state.ts";

function verdict({ texts, say }: Context, stand: Stand): HTMLElement {
  const { outcome } = stand;
  const checks = outcome.checks.map(({ says, holds, seeds }) =>
    h(
      "li",
      { className: holds ? "yes" : "no" },
      h("b", {}, holds ? texts.yes : texts.no),
      h("span", {}, say(says), ...(seeds ? [" ", h("small", {}, texts.holdsIn(...seeds))] : [])),
    ),
  );
  return h(
    "section",
    { className: `verdict-card ${verdictClass(stand)}` },
    h("h3", {}, h("small", {}, texts.verdict), h("span", {}, texts.verdicts[outcome.verdict])),
    h("p", { className: "hint" }, texts.checks),
    h("ul", { className: "checks" }, ...checks),
  );
}

const remark = (name: string, text: string) =>
  h("div", { className: "remark-of" }, h("h3", {}, name), h("p", {}, text));

/** All that shows once the reader has committed. */
export function result(context: Context, stand: Stand, rerun: () => void): HTMLElement {
  const { texts, say } = context;
  const { told, outcome } = stand;
  const parts = outcome.tables.map((table) => figures(context, told.id, table, outcome.times));
  const notes = [remark(texts.predicted, say(told.prediction))];
  if (told.note !== undefined) notes.push(remark(texts.finePrint, say(told.note)));
  return h(
    "div",
    { className: "result", tabIndex: -1, attrs: { role: "region", "aria-label": texts.measured } },
    answered(context, stand),
    ...parts,
    h("div", { className: "closing" }, verdict(context, stand), h("div", {}, ...notes)),
    again(context, stand, rerun),
  );
}
