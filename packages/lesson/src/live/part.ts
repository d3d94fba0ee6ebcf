import type { FrameOf, InputOf, TaskName } from "../worker/tasks.ts";
import type { LiveTexts } from "./texts/en.ts";

/** What a live part is given by the page. */
export interface LiveContext {
  readonly texts: LiveTexts;
  /**
   * Runs a task of worker/tasks.ts off the main thread. A frame is computed when the loop asks for it: a loop
   * that waits pauses the run, one that ends stops it. All runs end when the part leaves the page.
   */
  run<T extends TaskName>(task: T, input: InputOf<T>): AsyncGenerator<FrameOf<T>, void, undefined>;
  /** Resolves when another picture should be drawn: at the screen's next one, far later with reduced motion. */
  nextFrame(): Promise<void>;
  readonly reducedMotion: boolean;
  /** Calls `draw` when the colors of the style sheet have changed; only canvases need it. */
  onTheme(draw: () => void): void;
  /** Aborted when the part leaves the page: another language, for one. */
  readonly signal: AbortSignal;
}

/**
 * A part of the lesson that trains in the page. The page writes the heading `texts.titles[id]` and mounts the part
 * below the numbers of its experiment when it comes near the screen.
 *
 * ```ts
 * // live/tasks/descent.ts, listed in worker/tasks.ts: runs in the worker
 * export function* descent({ rate, seed }: { readonly rate: number; readonly seed: number }) {
 *   const model = build(rate, seed);
 *   try {
 *     for (;;) yield { loss: model.trainOnBatch(x, y).loss };
 *   } finally {
 *     model.dispose(); // runs however the loop on the page ends
 *   }
 * }
 *
 * // live/descent.ts, listed in live/index.ts: runs in the page
 * export const descentPart: LivePart = {
 *   id: "descent",
 *   section: "f",
 *   mount(root, { texts, run, nextFrame }) {
 *     const number = h("output");
 *     const train = async () => {
 *       for await (const { loss } of run("descent", { rate: 0.1, seed: 1 })) {
 *         setText(number, loss.toFixed(3));
 *         if (loss < 0.1) break;
 *         await nextFrame();
 *       }
 *     };
 *     root.append(h("button", { type: "button", on: { click: () => void train() } }, texts.train), number);
 *   },
 * };
 * ```
 */
export interface LivePart {
  readonly id: keyof LiveTexts["titles"];
  /** The experiment that it belongs to. */
  readonly section: string;
  mount(root: HTMLElement, context: LiveContext): void;
}
