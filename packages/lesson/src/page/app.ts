import { h, nextTask } from "@ferrograd/shared/dom.ts";
import { type Language, languageOf } from "@ferrograd/shared/language.ts";
import { LANGUAGES } from "../i18n/languages.ts";
import type { LessonData } from "../report.ts";
import { bar } from "./bar.ts";
import type { Context } from "./context.ts";
import { opening } from "./opening.ts";
import { createRunner, type Runner } from "./runner.ts";
import { section } from "./section.ts";
import { slides } from "./slides.ts";
import { type Stand, standsOf } from "./state.ts";
import { summary } from "./summary.ts";

/** The page: the reader's guesses and what has been shown; built anew in another language or as slides. */
export class LessonPage {
  private readonly root: HTMLElement;
  private readonly data: LessonData;
  private readonly startWorker: () => Worker;
  private readonly stands: readonly Stand[];
  private language: Language;
  private projector: boolean;
  /** The slide that shows, or the part that was gone to. */
  private at = 0;
  private runner: Runner | undefined;
  private mounted = new AbortController();
  private reveals: readonly (() => void)[] = [];

  constructor(root: HTMLElement, data: LessonData, startWorker: () => Worker) {
    this.root = root;
    this.data = data;
    this.startWorker = startWorker;
    this.stands = standsOf(data);
    this.language = languageOf(location.search);
    this.projector = new URLSearchParams(location.search).has("projector");
    const named = this.stands.findIndex(({ told }) => `#${told.id}` === location.hash);
    this.at = named + 1;
    this.mount();
    if (named >= 0) this.go(named + 1);
  }

  private context(): Context {
    const { texts, live, say } = LANGUAGES[this.language];
    this.runner?.dispose();
    this.runner = createRunner(this.startWorker);
    const newRunner = () => createRunner(this.startWorker);
    return { texts, live, say, signal: this.mounted.signal, runner: this.runner, newRunner };
  }

  private writeAddress(): void {
    const search = new URLSearchParams();
    if (this.language !== "en") search.set("lang", this.language);
    if (this.projector) search.set("projector", "");
    const text = search.toString().replace("projector=", "projector");
    const hash = this.stands[this.at - 1] ? `#${this.stands[this.at - 1]!.told.id}` : "";
    history.replaceState(null, "", `${location.pathname}${text && `?${text}`}${hash}`);
  }

  private speak(language: Language): void {
    this.language = language;
    this.mount();
    this.writeAddress();
    document.getElementById("language")?.focus();
  }

  private project(on: boolean): void {
    this.projector = on;
    this.mount();
    this.writeAddress();
    document.getElementById("projector")?.focus();
  }

  private go: (index: number) => void = () => {};

  /** Builds the page around what the reader has done so far. */
  private mount(): void {
    this.mounted.abort();
    this.mounted = new AbortController();
    const { language, projector, stands, data } = this;
    const context = this.context();
    const { texts, say } = context;
    document.documentElement.lang = language;
    document.documentElement.classList.toggle("projector", projector);
    document.title = `ferrograd: ${texts.title}`;
    const top = bar(texts, language, projector, stands, say, {
      speak: (chosen) => this.speak(chosen),
      project: () => this.project(!projector),
      go: (id) => this.go(stands.findIndex(({ told }) => told.id === id) + 1),
    });
    const end = summary(context, stands);
    const changed = () => {
      top.show(stands[this.at - 1]?.told.id);
      end.show();
    };
    const sections = stands.map((stand) => section(context, stand, changed));
    this.reveals = sections.map(({ reveal }) => reveal);
    const start = opening(texts, data.seed, {
      begin: () => this.go(1),
      showAll: () => void this.showAll(),
    });
    const parts = [start, ...sections.map(({ element }) => element), end.element];
    const foot = projector
      ? this.slideShow(context, parts, changed)
      : this.scroll(context, parts, changed);
    this.root.replaceChildren(top.element, h("main", {}, ...parts), foot);
    changed();
  }

  /** In short tasks, so that the page answers in the meantime. */
  private async showAll(): Promise<void> {
    const { reveals, stands } = this;
    for (const [i, reveal] of reveals.entries()) {
      if (stands[i]!.shown) continue;
      await nextTask();
      if (this.reveals !== reveals) return;
      reveal();
    }
  }

  /** Goes to a part: its heading takes the focus. */
  private scroll(
    { texts }: Context,
    parts: readonly HTMLElement[],
    changed: () => void,
  ): HTMLElement {
    this.go = (index) => {
      this.at = index;
      parts[index]!.scrollIntoView();
      parts[index]!.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
      this.writeAddress();
      changed();
    };
    return h("footer", {}, h("p", {}, texts.footer));
  }

  private slideShow(
    { texts, signal }: Context,
    parts: readonly HTMLElement[],
    changed: () => void,
  ): HTMLElement {
    const turned = (index: number) => {
      this.at = index;
      this.writeAddress();
      changed();
    };
    const leave = () => this.project(false);
    const { element, turn } = slides(texts, parts, this.at, { turned, leave }, signal);
    this.go = turn;
    turn(this.at);
    return element;
  }
}
