import type { History } from "../history.ts";
import type { Texts } from "../i18n/languages.ts";
import type { Answer, Frame, RunInfo } from "../protocol.ts";
import type { Settings } from "../settings.ts";

/** What a view is made from. */
export interface Context {
  readonly texts: Texts;
  readonly settings: Settings;
  readonly info: RunInfo;
  readonly history: History;
  /** Shows an image to the network; every view hears of it, then of the answer. */
  look(pixels: Float32Array): void;
}

/** A picture of a run. */
export interface View {
  readonly element: HTMLElement;
  frame?(frame: Frame): void;
  /** An image is being looked at. */
  image?(pixels: Float32Array): void;
  answer?(answer: Answer): void;
  /** Colors of the style sheet, or the room there is, have changed. */
  redraw?(): void;
}

/** Makes a view, or nothing where the data have no such picture. */
export type ViewFactory = (context: Context) => View | undefined;
