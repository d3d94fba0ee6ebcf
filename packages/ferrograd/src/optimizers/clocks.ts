import type { Block } from "../engine/core.ts";
import { type AnyTensor, Tensor } from "../graph/tensor.ts";
import type { DType } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import type { Optimizer } from "./optimizer.ts";

/** A number of a step, by the steps before it. */
type Tells = (steps: number, optimizer: Optimizer) => number;

interface Told {
  readonly block: Block;
  readonly tensor: AnyTensor;
  readonly tells: Tells;
}

/** Numbers of a step that follow from how many were done: words of the core that are set before each. */
export class Clocks {
  private readonly told = new Map<string, Told>();

  /** The learning rate. */
  rate(optimizer: Optimizer): Tensor {
    return this.float(optimizer, "rate", (_steps, { learningRate }) => learningRate);
  }

  /** Steps done, by a clock that goes on in each `period`-th step. */
  step(optimizer: Optimizer, period: number): Tensor {
    return this.float(optimizer, `step/${period}`, (steps) => Math.floor(steps / period));
  }

  /** The same as a word. */
  count(optimizer: Optimizer, period: number): AnyTensor {
    const tells = (steps: number) => Math.floor(steps / period);
    return this.number(optimizer, `count/${period}`, [1], "int32", tells);
  }

  /** 1 in each `period`-th step, else 0. */
  every(optimizer: Optimizer, period: number): Tensor {
    const tells = (steps: number) => ((steps + 1) % period === 0 ? 1 : 0);
    return this.float(optimizer, `every/${period}`, tells);
  }

  /** Sets all for the next step. */
  set(optimizer: Optimizer): void {
    const { steps } = optimizer;
    for (const { block, tensor, tells } of this.told.values()) {
      const { f32, i32 } = block.view();
      (tensor.dtype === "float32" ? f32 : i32)[0] = tells(steps, optimizer);
    }
  }

  /** Their memory, which goes with the optimizer's. */
  get blocks(): Block[] {
    return Array.from(this.told.values(), ({ block }) => block);
  }

  forget(): void {
    this.told.clear();
  }

  private float(optimizer: Optimizer, key: string, tells: Tells): Tensor {
    return this.number(optimizer, key, [], "float32", tells) as Tensor;
  }

  private number(
    optimizer: Optimizer,
    key: string,
    shape: Shape,
    dtype: DType,
    tells: Tells,
  ): AnyTensor {
    let told = this.told.get(key);
    if (told === undefined) {
      const block = optimizer.alloc(1);
      const tensor = new Tensor(shape, dtype, { kind: "state", block }) as AnyTensor;
      told = { block, tensor, tells };
      this.told.set(key, told);
    }
    return told.tensor;
  }
}
