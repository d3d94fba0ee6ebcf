/** How far one walk has come. */
export interface Iteration {
  /** Of its pass. */
  readonly number: number;
  taken: number;
  over: boolean;
}

/** Counts the walks through a pipeline: each is a pass of its own. */
export class Passes {
  private number = 0;
  /** Elements that the next one leaves out. */
  private begin = 0;
  private latest: Iteration | undefined;
  /** Where the trainings under way began. */
  private start: readonly [number: number, begin: number] = [0, 0];
  /** Of a training's: those that everybody else counts. */
  private readonly all: Passes | undefined;

  constructor(all?: Passes) {
    this.all = all;
    if (all !== undefined) [this.number, this.begin] = all.start;
  }

  /**
   * The count of one training: from where this one stands, or stood when the first of those under way began, so that each
   * is as if it were alone.
   */
  apart(isFirst: boolean): Passes {
    if (isFirst) this.start = [this.number, this.begin];
    return new Passes(this);
  }

  next(): Iteration {
    const iteration = { number: this.number++, taken: this.begin, over: false };
    this.note(iteration);
    this.all?.note(iteration);
    return iteration;
  }

  private note(iteration: Iteration): void {
    this.number = Math.max(this.number, iteration.number + 1);
    this.begin = 0;
    this.latest = iteration;
  }

  /** How far the walk begun last has come; between walks, where the next one begins. */
  state(): { readonly pass: number; readonly taken: number } {
    const { latest } = this;
    return latest === undefined || latest.over
      ? { pass: this.number, taken: this.begin }
      : { pass: latest.number, taken: latest.taken };
  }

  restore(number: number, begin: number): void {
    [this.number, this.begin, this.latest] = [number, begin, undefined];
    this.start = [number, begin];
    this.all?.restore(number, begin);
  }
}
