import { h } from "@ferrograd/shared/dom.ts";
import type { Language } from "@ferrograd/shared/language.ts";
import { LANGUAGES } from "./i18n/languages.ts";

/** Title, status and the choice of language. */
export function header(
  language: Language,
  status: HTMLElement,
  speak: (language: Language) => void,
): HTMLElement {
  const { texts } = LANGUAGES[language];
  const options = Object.entries(LANGUAGES).map(([value, { name }]) =>
    h("option", { value, lang: value }, name),
  );
  const select = h("select", { id: "language" }, ...options);
  select.value = language;
  select.addEventListener("change", () => speak(select.value as Language));
  const title = h("h1", {}, h("b", {}, "ferrograd "), texts.title);
  return h(
    "header",
    {},
    h("div", {}, title, h("p", {}, texts.tagline)),
    status,
    h("label", {}, h("span", { className: "language-name" }, texts.language), select),
  );
}
