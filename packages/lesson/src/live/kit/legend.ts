import { h } from "@ferrograd/shared/dom.ts";

/** What the colors mean: class of the sign, and its words. */
export const legend = (entries: readonly (readonly [kind: string, text: string])[]) =>
  h(
    "ul",
    { className: "legend" },
    ...entries.map(([kind, text]) =>
      h("li", {}, h("span", { className: `sign ${kind}`, attrs: { "aria-hidden": "true" } }), text),
    ),
  );
