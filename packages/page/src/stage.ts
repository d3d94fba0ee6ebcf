import { h, nextTask } from "@ferrograd/shared/dom.ts";
import type { Answer, Frame } from "./protocol.ts";
import { COLUMNS } from "./views/all.ts";
import type { Context, View } from "./views/view.ts";

/** Where a run's pictures stand; a run of other data builds a new one. */
export class Stage {
  readonly element = h("div", { className: "stage" });
  private readonly views: View[] = [];
  private latest: Frame | undefined;

  /** Builds the pictures that the run's data have, each in a task of its own, until they are `stale`. */
  async build(context: Context, stale: () => boolean): Promise<void> {
    const columns = COLUMNS.map(() => h("div", { className: "column-of-cards" }));
    this.element.replaceChildren(...columns);
    for (const [i, makers] of COLUMNS.entries()) {
      for (const make of makers) {
        await nextTask();
        if (stale()) return;
        this.add(make(context), columns[i]!);
      }
    }
  }

  private add(view: View | undefined, column: HTMLElement): void {
    if (view === undefined) return;
    this.views.push(view);
    column.append(view.element);
    view.redraw?.();
    if (this.latest) view.frame?.(this.latest);
  }

  frame(frame: Frame): void {
    this.latest = frame;
    for (const view of this.views) view.frame?.(frame);
  }

  answer(answer: Answer): void {
    for (const view of this.views) view.answer?.(answer);
  }

  image(pixels: Float32Array): void {
    for (const view of this.views) view.image?.(pixels);
  }

  redraw(): void {
    for (const view of this.views) view.redraw?.();
    if (this.latest) this.frame(this.latest);
  }
}
