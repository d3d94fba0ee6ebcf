import { h } from "@ferrograd/shared/dom.ts";
import type { Context } from "./context.ts";
import type { Stand } from "./state.ts";

/** The reader's guess: one of a few, committed to before the numbers show. */
export function question({ texts, say }: Context, stand: Stand, commit: (guess: number) => void) {
  const { id, question } = stand.told;
  const submit = h("button", { className: "primary", disabled: true }, texts.commit);
  const options = question.options.map((option, i) => {
    const input = h("input", { type: "radio", name: `guess-${id}`, value: String(i) });
    input.addEventListener("change", () => {
      submit.disabled = false;
    });
    const key = h("kbd", { attrs: { "aria-hidden": "true" } }, String(i + 1));
    return h("label", { className: "option" }, input, key, h("span", {}, say(option)));
  });
  const form = h(
    "form",
    { className: "question" },
    h(
      "fieldset",
      {},
      h("legend", {}, h("small", {}, texts.yourGuess), h("span", {}, say(question.asks))),
      h("div", { className: "options" }, ...options),
    ),
    h("p", { className: "commit" }, submit, h("small", {}, texts.chooseFirst)),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = form.querySelector<HTMLInputElement>("input:checked");
    if (chosen) commit(Number(chosen.value));
  });
  return form;
}

/** The guess beside what the numbers say. */
export function answered({ texts, say }: Context, { told, guess, outcome }: Stand): HTMLElement {
  const { asks, options } = told.question;
  const right = guess === outcome.answer;
  const remark = guess === undefined ? texts.noGuess : right ? texts.right : texts.wrong;
  const pair = (name: string, value: string) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, say(value)));
  const guesses = guess === undefined ? [] : [pair(texts.guessed, options[guess]!)];
  return h(
    "div",
    { className: `answered ${guess === undefined ? "" : right ? "right" : "wrong"}` },
    h("p", { className: "asked" }, say(asks)),
    h("dl", {}, ...guesses, pair(texts.numbersSay, options[outcome.answer]!)),
    h("p", { className: "remark" }, remark),
  );
}
