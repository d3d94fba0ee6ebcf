import { h } from "@ferrograd/shared/dom.ts";
import type { Context } from "./context.ts";
import { type Stand, scoreOf, verdictClass } from "./state.ts";

/** All claims with their verdicts, as far as the reader has seen them. */
export function summary({ texts, say }: Context, stands: readonly Stand[]) {
  const score = h("p", { className: "score", attrs: { role: "status" } });
  const body = h("tbody");
  const head = [texts.experiments, texts.guess, texts.verdict];
  const element = h(
    "section",
    { className: "summary", id: "summary", attrs: { "aria-labelledby": "title-summary" } },
    h("h2", { id: "title-summary", tabIndex: -1 }, texts.summary),
    score,
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
      body,
    ),
  );
  const guess = ({ shown, guess, outcome }: Stand) =>
    !shown || guess === undefined ? "–" : guess === outcome.answer ? texts.yes : texts.no;
  const show = () => {
    const { right, guesses } = scoreOf(stands);
    score.textContent = texts.score(right, guesses);
    body.replaceChildren(
      ...stands.map((stand) =>
        h(
          "tr",
          {},
          h(
            "th",
            { scope: "row" },
            h("a", { href: `#${stand.told.id}` }, `${stand.told.id} · ${say(stand.told.title)}`),
          ),
          h("td", { className: guess(stand) === texts.yes ? "yes" : "" }, guess(stand)),
          h(
            "td",
            {},
            h(
              "span",
              { className: `stamp ${verdictClass(stand)}` },
              stand.shown ? texts.verdicts[stand.outcome.verdict] : texts.open,
            ),
          ),
        ),
      ),
    );
  };
  return { element, show };
}
