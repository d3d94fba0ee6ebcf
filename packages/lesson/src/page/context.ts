import type { Texts } from "../i18n/languages.ts";
import type { LiveTexts } from "../live/texts/en.ts";
import type { Runner } from "./runner.ts";

/** What the parts of the page are made with. */
export interface Context {
  readonly texts: Texts;
  readonly live: LiveTexts;
  /** A text of the experiments in the reader's language. */
  say(text: string): string;
  /** Aborted when the page is built anew. */
  readonly signal: AbortSignal;
  /** For the live parts; experiments take a worker of their own. */
  readonly runner: Runner;
  newRunner(): Runner;
}
