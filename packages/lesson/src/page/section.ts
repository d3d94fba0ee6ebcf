import { h } from "@ferrograd/shared/dom.ts";
import type { Context } from "./context.ts";
import { liveParts } from "./live.ts";
import { question } from "./question.ts";
import { result } from "./result.ts";
import { type Stand, verdictClass } from "./state.ts";

/** One experiment: the claim and the question, then what was measured. */
export function section(context: Context, stand: Stand, changed: () => void) {
  const { texts, say } = context;
  const { id, title, claim } = stand.told;
  const badge = h("span", { attrs: { "aria-hidden": "true" } }, id);
  const stamp = h("p", { className: "stamp" });
  const body = h("div");
  const element = h(
    "article",
    { id, attrs: { "aria-labelledby": `title-${id}` } },
    h("header", {}, badge, h("h2", { id: `title-${id}`, tabIndex: -1 }, say(title)), stamp),
    h("blockquote", {}, h("small", {}, texts.claim), h("p", {}, say(claim))),
    body,
  );
  const results = () =>
    result(context, stand, () => {
      body.firstElementChild!.replaceWith(results());
      marked();
    });
  const marked = () => {
    badge.className = `badge ${verdictClass(stand)}`;
    stamp.className = `stamp ${verdictClass(stand)}`;
    stamp.textContent = stand.shown ? texts.verdicts[stand.outcome.verdict] : "";
    changed();
  };
  const reveal = () => {
    stand.shown = true;
    body.replaceChildren(results(), ...liveParts(id, context));
    marked();
  };
  const commit = (guess: number) => {
    stand.guess = guess;
    reveal();
    body.querySelector<HTMLElement>(".result")!.focus({ preventScroll: true });
  };
  body.append(question(context, stand, commit));
  if (stand.shown) reveal();
  else marked();
  return { element, reveal };
}
