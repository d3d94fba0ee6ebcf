import { h, setText } from "@ferrograd/shared/dom.ts";
import { fixed } from "@ferrograd/shared/format.ts";
import type { Context } from "./context.ts";
import type { Stand } from "./state.ts";

const MOST_SEED = 1_000_000;

/** What comes from the seed alone, as text. */
const numbersOf = ({ outcome }: { readonly outcome: Stand["outcome"] }) =>
  JSON.stringify([outcome.tables, outcome.checks]);

/** Where the numbers are from, and a button that measures them anew in the page. */
export function again(context: Context, stand: Stand, done: () => void): HTMLElement {
  const { texts, signal, newRunner } = context;
  const { first, outcome, seed, seconds, told } = stand;
  const input = h("input", {
    type: "number",
    min: "0",
    max: String(MOST_SEED),
    value: String(seconds === undefined ? seed : seed + outcome.seeds),
    required: true,
  });
  const same =
    seconds !== undefined && seed === first.seed && numbersOf(first) === numbersOf(stand);
  const where =
    seconds === undefined
      ? texts.measuredAt(texts.seeds(seed, outcome.seeds))
      : texts.measuredHere(texts.seeds(seed, outcome.seeds), fixed(seconds, 1));
  const status = h("p", { attrs: { role: "status" } }, same ? `${where} ${texts.sameBits}` : where);
  const button = h("button", {}, texts.again);
  const run = async () => {
    const runner = newRunner();
    button.disabled = true;
    setText(status, texts.running);
    const start = performance.now();
    const chosen = Number(input.value);
    try {
      for await (const outcome of runner.run("experiment", { id: told.id, seed: chosen }, signal)) {
        const took = (performance.now() - start) / 1000;
        Object.assign(stand, { outcome, seed: chosen, seconds: took });
        done();
      }
    } catch (error) {
      setText(status, `${texts.failed} ${error instanceof Error ? error.message : error}`);
      button.disabled = false;
    } finally {
      runner.dispose();
    }
  };
  const form = h(
    "form",
    { className: "again" },
    status,
    h("label", {}, h("span", {}, texts.seed), input),
    button,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  return form;
}
