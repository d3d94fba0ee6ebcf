import { h } from "@ferrograd/shared/dom.ts";
import type { Texts } from "../i18n/languages.ts";

/** What the page is about, and how to read it. */
export function opening(
  texts: Texts,
  seed: number,
  on: { begin(): void; showAll(): void },
): HTMLElement {
  const formula = h(
    "p",
    { className: "formula", attrs: { role: "img", "aria-label": "scores = W2 · f(W1 · x)" } },
    "scores = W",
    h("sub", {}, "2"),
    " · ",
    h("b", {}, "f"),
    "(W",
    h("sub", {}, "1"),
    " · x)",
  );
  return h(
    "section",
    { className: "opening", id: "start" },
    h("h1", {}, texts.title),
    formula,
    h("p", { className: "lead" }, texts.lead),
    h("ol", { className: "how" }, ...texts.how.map((step) => h("li", {}, step))),
    h(
      "p",
      { className: "buttons" },
      h("button", { type: "button", className: "primary", on: { click: on.begin } }, texts.begin),
      h("button", { type: "button", id: "show-all", on: { click: on.showAll } }, texts.showAll),
    ),
    h("p", { className: "hint" }, texts.facts(String(seed))),
  );
}
