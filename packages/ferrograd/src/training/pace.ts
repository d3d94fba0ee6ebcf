/** Steps that are done between two looks at the clock, as many as 1 ms holds: of a tiny net one is as short as a look. */
export class Pace {
  private steps = 1;
  private left = 1;
  private since = performance.now();

  /** After a step: is it time to look? */
  isOver(): boolean {
    if (--this.left > 0) return false;
    const now = performance.now();
    this.steps = now - this.since < 1 ? Math.min(this.steps * 2, 1024) : Math.ceil(this.steps / 2);
    this.left = this.steps;
    this.since = now;
    return true;
  }
}
