import { DisposedError, FerrogradError, ShapeError, StateError } from "../errors.ts";
import { toTensor, training, update, Variable } from "../graph/leaf.ts";
import { inScope, scope } from "../graph/scope.ts";
import { type AnyTensor, Tensor } from "../graph/tensor.ts";
import { trace, untraced } from "../graph/trace.ts";
import { initializerOf } from "../initializers/by-name.ts";
import { boolean } from "../options/index.ts";
import { fnv1a } from "../values/hash.ts";
import { type Dims, showShape } from "../values/shape.ts";
import { context, OUTSIDE } from "./context.ts";
import { checkedVariable, firstValues } from "./declared.ts";
import { describeCall } from "./describe.ts";
import { oneInput } from "./expect.ts";
import type { AddVariable, AnyLayer, BuildOptions, LayerCall, LayerSpec, Owned } from "./layer.ts";
import type { Described, Spec } from "./symbolic.ts";
import { replaceWeights, type WeightsLike } from "./weights.ts";

type Inner = readonly AnyLayer[];

const NONE: ReadonlyMap<AnyLayer, string> = new Map();

/** The last name of a path. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** What stands behind a layer. */
export class Body {
  readonly spec: LayerSpec;
  readonly own: Owned[] = [];
  readonly inner: Inner;
  path: string;
  isBuilt = false;
  trainable = true;
  private readonly info: LayerCall;

  constructor(spec: LayerSpec) {
    this.spec = spec;
    this.inner = spec.layers ?? [];
    this.path = spec.name ?? spec.type;
    this.info = infoOf(this);
  }

  /** The names of the layers in it: each once. */
  private names(): string[] {
    const taken = new Map<string, number>();
    return this.inner.map(({ path }) => unique(lastPart(path), taken));
  }

  owned(): Owned[] {
    const names = this.names();
    const theirs = this.inner.flatMap((layer, i) =>
      layer.owned.map((one) => ({ ...one, name: `${names[i]}/${one.name}` })),
    );
    return [...this.own, ...theirs];
  }

  /** The variables of a layer go with its last model. */
  checkLive(): void {
    if (!this.own.some(({ variable }) => variable.source.kind === "disposed")) return;
    throw new DisposedError(
      `${this.path}: expected a layer of a model that is not disposed; make a new layer`,
    );
  }

  describe(
    inputs: readonly Spec[],
    name: string,
    { where = "", ahead = "linear" }: { where?: string; ahead?: BuildOptions["ahead"] } = {},
  ): Described {
    this.checkLive();
    const building = { seed: 0, dry: true, paths: NONE };
    const said = `${where}${name}`;
    const { used, ...found } = naming(name, () =>
      describeCall(said, inputs, (tensors) =>
        context.run({ ...OUTSIDE, building }, () =>
          inScope(name, () => {
            if (!this.isBuilt) this.declare(inputs, ahead);
            return this.call(tensors);
          }),
        ),
      ),
    );
    const own = new Set(this.owned().map(({ variable }) => variable as unknown as Variable));
    return { ...found, used: used.filter((variable) => !own.has(variable)) };
  }

  /** Runs the layer's `build` with variables that are none yet. */
  declare(inputs: readonly Spec[], ahead: BuildOptions["ahead"] = "linear"): void {
    const names: string[] = [];
    const add: AddVariable = (name, shape, initializer, options) => {
      const { own, dtype, trains, rules } = checkedVariable(this.path, names, name, shape, options);
      initializerOf(this.path, "initializer", initializer);
      const source = { kind: "input", index: 0, trace: trace.current! } as const;
      const placeholder = new Tensor(own, dtype, source);
      for (const rule of Object.values(rules)) rule?.(placeholder as AnyTensor); // may refuse the shape
      return Object.assign(placeholder, { name, trainable: trains, assign() {} }) as never;
    };
    this.spec.build?.(this.shapes(inputs) as never, add, ahead);
  }

  build(inputs: readonly Spec[], options: BuildOptions): void {
    this.checkLive();
    if (this.isBuilt) return;
    this.path = options.path;
    const fresh = this.inner.filter(({ isBuilt }) => !isBuilt);
    try {
      untraced(() => this.make(inputs, options));
      this.isBuilt = true;
      if (this.inner.length > 0) this.buildInner(inputs, options);
    } catch (error) {
      for (const layer of fresh) layer.release();
      this.release();
      throw error;
    }
  }

  private make(inputs: readonly Spec[], options: BuildOptions): void {
    const add: AddVariable = (name, shape, initializer, given) => {
      const names = this.own.map((one) => one.name);
      const { own, dtype, trains, rules } = checkedVariable(this.path, names, name, shape, given);
      const full = `${this.path}/${name}`;
      const initialize = initializerOf(this.path, "initializer", initializer);
      const start = () =>
        firstValues(
          ...([full, own, dtype] as const),
          initialize(own, { seed: options.seed, stream: fnv1a(full) }, given?.fans),
        );
      const first = options.weights?.(full, own, dtype) ?? start();
      const variable = new Variable(first, full, trains && this.trainable);
      variable.rules = rules;
      this.own.push({ name, variable, start, trains, options: given });
      return variable as never;
    };
    this.spec.build?.(this.shapes(inputs) as never, add, options.ahead ?? "linear");
  }

  /** Calls the layer on what has no values, so that the layers in it are built as they come up. */
  private buildInner(inputs: readonly Spec[], options: BuildOptions): void {
    const building = { ...options, dry: false, paths: NONE };
    describeCall(this.path, inputs, (tensors) =>
      context.run({ ...OUTSIDE, seed: options.seed, building }, () =>
        inScope(this.path, () => this.call(tensors)),
      ),
    );
  }

  /** Builds it for these inputs, if it isn't: by itself, or as part of the layer that calls it. */
  ready(layer: AnyLayer, inputs: readonly AnyTensor[]): void {
    this.checkLive();
    if (this.isBuilt) return;
    const specs = inputs.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype }));
    const { building } = context.get();
    const path = building?.paths.get(layer);
    if (building !== undefined && path !== undefined) {
      if (building.dry) this.declare(specs);
      else this.build(specs, { ...building, path, ahead: "linear" });
    } else if (context.tracing()) {
      throw new StateError(
        `${this.path}: expected a built layer inside the function that jit traces; call it once outside, or put it into a model`,
      );
    } else {
      this.build(specs, { path: this.path, seed: 0 });
    }
  }

  at(name: string, inputs: readonly AnyTensor[]): unknown {
    return inScope(name, () => this.call(inputs));
  }

  private call(inputs: readonly AnyTensor[]): unknown {
    const given = this.oneOrList(inputs);
    const body = () => this.spec.call(given as never, this.info);
    const outer = context.get();
    if (outer.building === undefined) return body();
    const names = this.names();
    const paths = new Map(this.inner.map((layer, i) => [layer, `${this.path}/${names[i]}`]));
    return context.run({ ...outer, building: { ...outer.building, paths } }, body);
  }

  private shapes(inputs: readonly Spec[]): Dims | readonly Dims[] {
    const given = this.oneOrList(inputs);
    return "shape" in given ? given.shape : given.map(({ shape }) => shape);
  }

  private oneOrList<T extends Spec | AnyTensor>(inputs: readonly T[]): T | readonly T[] {
    const { inputs: takes = "one" } = this.spec;
    if (takes === "list" || (takes === "any" && inputs.length > 1)) return inputs;
    return oneInput(this.path, inputs);
  }

  setWeights(weights: WeightsLike): void {
    const where = `${this.path}: setWeights()`;
    this.checkLive();
    if (!this.isBuilt) {
      throw new StateError(
        `${where}: expected a layer that has its variables, got one that is not built; put it into a model, or call it`,
      );
    }
    replaceWeights(where, this.owned(), weights);
  }

  setTrainable(value: unknown): void {
    const trains = boolean(this.path, "trainable", value);
    if (trains !== this.trainable) training.changes++;
    this.trainable = trains;
    for (const { variable, trains } of this.own) variable.trainable = trains && this.trainable;
    for (const layer of this.inner) layer.trainable = this.trainable;
  }

  release(): void {
    for (const { variable } of this.own.splice(0)) variable.dispose();
    this.path = this.spec.name ?? this.spec.type;
    this.isBuilt = false;
  }
}

/** Errors of a layer name it, where they don't yet. */
function naming<T>(name: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof FerrogradError && !error.message.includes(name)) {
      error.message = `${name}: ${error.message}`;
    }
    throw error;
  }
}

/** What a layer is told, and can do, as it is called. */
const infoOf = (body: Body): LayerCall => ({
  get training() {
    return context.get().training;
  },
  get trainable() {
    return body.trainable;
  },
  get random() {
    const { seed, step } = context.get();
    return { seed, stream: fnv1a(scope.current), ...(step && { step }) };
  },
  update(variable, next) {
    if (context.get().building !== undefined) next(variable);
    else if (body.trainable || !context.get().training) update(variable, next);
  },
  addLoss(loss) {
    const value = toTensor(`${body.path}: addLoss()`, loss);
    if (value.size !== 1) {
      throw new ShapeError(
        `${body.path}: addLoss(): expected one number, got shape ${showShape(value.shape)}`,
      );
    }
    context.get().losses?.push(value as Tensor);
  },
});

/** `dense`, `dense_1`, ...: each name once. */
export function unique(wanted: string, names: Map<string, number>): string {
  const count = names.get(wanted) ?? 0;
  names.set(wanted, count + 1);
  return count === 0 ? wanted : unique(`${wanted}_${count}`, names);
}
