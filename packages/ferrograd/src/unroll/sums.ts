import { SUM_TREE } from "../engine/ops.generated.ts";
import type { Code } from "./code.ts";

/** Sums of four lanes, as the core's: eight rows are a tree of floats, trees and other rows are added as doubles. */
export class Sums {
  private readonly code: Code;
  private readonly low: number;
  private readonly high: number;

  constructor(code: Code) {
    this.code = code;
    [this.low, this.high] = [code.vector(0).keep(), code.vector(0).keep()];
  }

  /** Adds up to eight rows, which `push` pushes. */
  add(rows: number, push: (row: number) => void): void {
    if (rows === SUM_TREE) {
      this.tree(0, SUM_TREE, push);
      this.addVector();
      return;
    }
    for (let row = 0; row < rows; row++) {
      push(row);
      this.addVector();
    }
  }

  private tree(row: number, rows: number, push: (row: number) => void): void {
    if (rows === 1) {
      push(row);
    } else {
      this.tree(row, rows / 2, push);
      this.tree(row + rows / 2, rows / 2, push);
      this.code.simd("add");
    }
  }

  /** Adds the vector on the stack. */
  private addVector(): void {
    const { code, low, high } = this;
    code.scope(() => {
      const x = code.keep();
      code.get(low).get(x).simd("promote").simd("doubleAdd").set(low);
      code.get(high).get(x).get(x).halves(1, 3).simd("promote").simd("doubleAdd").set(high);
    });
  }

  /** Pushes the four sums, as floats. */
  rounded(): void {
    this.code.get(this.low).simd("demote").get(this.high).simd("demote").halves(0, 2);
  }

  /** Pushes the sum of the four, a double. */
  joined(): void {
    const { code, low, high } = this;
    code.scope(() => {
      const two = code.get(low).get(high).simd("doubleAdd").keep();
      code.get(two).doubleLane(0).get(two).doubleLane(1).op("f64.add");
    });
  }
}
