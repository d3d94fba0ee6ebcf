import { h, setText } from "@ferrograd/shared/dom.ts";
import type { Language } from "@ferrograd/shared/language.ts";
import { LANGUAGES, type Texts } from "../i18n/languages.ts";
import { type Stand, verdictClass } from "./state.ts";

export interface BarEvents {
  speak(language: Language): void;
  project(): void;
  go(id: string): void;
}

/** The line on top: a letter for each experiment, the language, the projector. */
export function bar(
  texts: Texts,
  language: Language,
  projector: boolean,
  stands: readonly Stand[],
  say: (text: string) => string,
  on: BarEvents,
) {
  const options = Object.entries(LANGUAGES).map(([value, { name }]) =>
    h("option", { value, lang: value }, name),
  );
  const select = h(
    "select",
    { id: "language", attrs: { "aria-label": texts.language } },
    ...options,
  );
  select.value = language;
  select.addEventListener("change", () => on.speak(select.value as Language));
  const letters = stands.map(({ told }) =>
    h("a", {
      href: `#${told.id}`,
      textContent: told.id,
      on: {
        click: (event) => {
          event.preventDefault();
          on.go(told.id);
        },
      },
    }),
  );
  const project = h("button", {
    type: "button",
    id: "projector",
    textContent: projector ? texts.leaveProjector : texts.projector,
    attrs: { "aria-pressed": String(projector) },
    on: { click: () => on.project() },
  });
  const list = h("ol", {}, ...letters.map((letter) => h("li", {}, letter)));
  const element = h(
    "header",
    { className: "bar" },
    h("a", { className: "skip", href: "#a" }, texts.skip),
    h("p", { className: "brand" }, h("b", {}, "ferrograd"), " ", h("span", {}, texts.name)),
    h("nav", { attrs: { "aria-label": texts.experiments } }, list),
    h("div", { className: "tools" }, project, select),
  );
  return {
    element,
    /** Marks what has been shown, and where the reader is. */
    show(at: string | undefined): void {
      stands.forEach((stand, i) => {
        const { told, shown, outcome } = stand;
        const letter = letters[i]!;
        letter.className = verdictClass(stand);
        const state = shown ? texts.verdicts[outcome.verdict] : texts.open;
        const name = `${told.id}: ${say(told.title)}, ${state}`;
        letter.setAttribute("aria-label", name);
        letter.title = name;
        if (told.id === at) letter.setAttribute("aria-current", "true");
        else letter.removeAttribute("aria-current");
      });
      setText(project, projector ? texts.leaveProjector : texts.projector);
    },
  };
}
