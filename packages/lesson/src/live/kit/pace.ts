import { h } from "@ferrograd/shared/dom.ts";
import type { LiveContext } from "../part.ts";
import { button, buttons } from "./controls.ts";

/**
 * Answers wishes one at a time: while one is being worked on, only the latest of the others is kept. So a slider
 * may move faster than the worker computes.
 */
export function latest<T>(work: (wish: T) => Promise<void>): (wish: T) => void {
  let waiting: { readonly wish: T } | undefined;
  let busy = false;
  return (wish) => {
    waiting = { wish };
    if (busy) return;
    busy = true;
    void (async () => {
      while (waiting !== undefined) {
        const next = waiting;
        waiting = undefined;
        await work(next.wish);
      }
      busy = false;
    })();
  };
}

export interface PlayerOptions<F> {
  readonly context: LiveContext;
  /** Where a failure is said. */
  readonly root: HTMLElement;
  /** Starts a run with the settings as they are. */
  run(): AsyncGenerator<F, void, undefined>;
  /** Something may be drawn: it is the screen's turn. */
  show(frame: F): void;
  /** Back to the start: nothing has been trained. */
  clear(): void;
}

/** Train, pause and restart: one run at a time, frame by frame. */
export function player<F>({ context, root, run, show, clear }: PlayerOptions<F>) {
  const { texts, nextFrame, signal } = context;
  let [playing, started] = [false, false];
  let generation = 0;
  let resume = () => {};
  const play = button("play", texts.train, () => set(!playing));
  const again = button("restart", texts.restart, () => restart(true));
  play.element.className = "primary";

  const set = (wanted: boolean) => {
    playing = wanted;
    play.show(playing ? "pause" : "play", playing ? texts.pause : texts.train);
    if (!playing) return;
    if (started) resume();
    else void go();
  };
  const go = failing(root, texts, async () => {
    clear();
    started = true;
    const mine = generation;
    try {
      for await (const frame of run()) {
        if (mine !== generation) return;
        show(frame);
        await nextFrame();
        while (!playing && mine === generation && !signal.aborted) await resumed();
        if (mine !== generation || signal.aborted) return;
      }
    } finally {
      if (mine === generation) end();
    }
  });
  const resumed = () =>
    new Promise<void>((resolve) => {
      resume = resolve;
    });
  const end = () => {
    started = false;
    generation += 1;
    set(false);
  };
  /** From the start: at once where it is running or asked for, else when it is played. */
  const restart = (now = playing) => {
    generation += 1;
    started = false;
    resume();
    clear();
    set(now);
  };
  signal.addEventListener("abort", () => resume(), { once: true });
  return { element: buttons(play.element, again.element), restart };
}

/** Says on the page when a piece of work fails, rather than standing still. */
export const failing =
  <A extends readonly unknown[]>(
    root: HTMLElement,
    { failed }: LiveContext["texts"],
    work: (...input: A) => Promise<void>,
  ) =>
  async (...input: A): Promise<void> => {
    root.querySelector(".failure")?.remove();
    try {
      await work(...input);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      root.append(
        h("p", { className: "failure", attrs: { role: "alert" } }, `${failed} ${message}`),
      );
    }
  };
