import { constraintRegistry } from "../constraints/registry.ts";
import { withArticle } from "../copies/shared.ts";
import { ArgumentError } from "../errors.ts";
import { type Constraint, type Regularizer, RULES, type Rule } from "../graph/rule.ts";
import { type AnyLayer, type Config, isLayer } from "../layers/layer.ts";
import { layerRegistry } from "../layers/registry.ts";
import { isLoss, type Loss } from "../losses/loss.ts";
import { lossRegistry } from "../losses/registry.ts";
import { type AnyMetric, isMetric, type Known } from "../metrics/metric.ts";
import { metricRegistry } from "../metrics/registry.ts";
import { optimizers } from "../optimizers/by-name.ts";
import { lazyAdam } from "../optimizers/lazy-adam.ts";
import { Optimizer } from "../optimizers/optimizer.ts";
import { isTransform, type Transform } from "../optimizers/transform.ts";
import { transformRegistry } from "../optimizers/transforms/registry.ts";
import { callable, checkOptions, hint, isPlain, requireOptions, show } from "../options/index.ts";
import { warnOnConsole } from "../platform/warn.ts";
import { regularizerRegistry } from "../regularizers/registry.ts";
import { scheduleRegistry } from "../schedules/registry.ts";
import { isSchedule, type Schedule } from "../schedules/schedule.ts";

/** Functions that make things of one's own again from their options, by the names that files have for them. */
type Own<T> = Readonly<Record<string, (options: never) => T>>;

/** What a file names that is of one's own. */
export interface LoadOptions {
  /** What makes layers of one's own again, from their options and their name, by their types. */
  readonly layers?: Own<AnyLayer>;
  /** What makes losses of one's own again, from their options, by the names that `customLoss` was given. */
  readonly losses?: Own<Loss>;
  /** What makes schedules of one's own again, from their options, by the names that `schedule` was given. */
  readonly schedules?: Own<Schedule>;
  /** What makes regularizers of one's own again, from their options, by the names that `regularizer` was given. */
  readonly regularizers?: Own<Regularizer>;
  /** What makes constraints of one's own again, from their options, by the names that `constraint` was given. */
  readonly constraints?: Own<Constraint>;
  /** What makes metrics of one's own again, from their options and their name, by their types. */
  readonly metrics?: Own<AnyMetric>;
  /** What makes optimizers and transforms of one's own again, from their options, by their names. */
  readonly optimizers?: Own<Optimizer | Transform>;
  /** Hears of what `warn` of `compile` does, of a model that the file compiles (default `console.warn`). */
  readonly warn?: (message: string) => void;
}

/** Where nothing is of one's own. */
export type NoneGiven = Readonly<Record<never, never>>;

/** What is known of the metrics that are given. */
export type Given<L extends LoadOptions> = L extends { readonly metrics: infer M }
  ? {
      readonly [type in keyof M]: M[type] extends (options: never) => infer T ? Known<T> : never;
    }[keyof M]
  : never;

/** A kind of things that files name. */
interface Kind<T> {
  /** In messages: "a layer". */
  readonly one: string;
  /** Ours, from their saved options and their name. */
  readonly ours: ReadonlyMap<string, (config: Config, name: string) => T>;
  /** By what name files know it, if it is of this kind. */
  readonly nameOf: (made: unknown) => string | undefined;
}

/** What is made of each kind; each has its line in `LoadOptions`. */
interface Things {
  readonly layers: AnyLayer;
  readonly losses: Loss;
  readonly schedules: Schedule;
  readonly metrics: AnyMetric;
  readonly optimizers: Optimizer | Transform;
  readonly regularizers: Regularizer;
  readonly constraints: Constraint;
}

type KindName = keyof Things;

type MakesOptimizer = (options: Config) => Optimizer | Transform;

const ourOptimizers: ReadonlyMap<string, MakesOptimizer> = /* @__PURE__ */ (() =>
  new Map<string, MakesOptimizer>([
    ...Object.entries(optimizers),
    ["lazyAdam", lazyAdam],
    ...transformRegistry,
  ]))();

/** How a regularizer or a constraint is known. */
const ruleName = (kind: keyof typeof RULES) => (made: unknown) =>
  RULES[kind].brand.has(made) ? (made as Rule).name : undefined;

const KINDS: { readonly [K in KindName]: Kind<Things[K]> } = {
  layers: {
    one: "layer",
    ours: layerRegistry,
    nameOf: (made) => (isLayer(made) ? made.type : undefined),
  },
  losses: {
    one: "loss",
    ours: lossRegistry,
    nameOf: (made) => (isLoss(made) ? (made.row.saved?.name ?? made.row.name) : undefined),
  },
  metrics: {
    one: "metric",
    ours: metricRegistry,
    nameOf: (made) => (isMetric(made) ? made.type : undefined),
  },
  schedules: {
    one: "schedule",
    ours: scheduleRegistry,
    nameOf: (made) => (isSchedule(made) ? made.name : undefined),
  },
  optimizers: {
    one: "optimizer",
    ours: ourOptimizers,
    nameOf: (made) => (made instanceof Optimizer || isTransform(made) ? made.name : undefined),
  },
  regularizers: {
    one: "regularizer",
    ours: regularizerRegistry,
    nameOf: /* @__PURE__ */ ruleName("regularizer"),
  },
  constraints: {
    one: "constraint",
    ours: constraintRegistry,
    nameOf: /* @__PURE__ */ ruleName("constraint"),
  },
};

/** What a file says of a thing beside its type and its options. */
interface About {
  /** Its name in the model. */
  readonly name?: string;
  /** Was it one's own, whatever ours are called? */
  readonly own?: boolean | undefined;
}

/** Makes a thing again. */
type Make<T> = (type: string, config: Config, about: About) => T;

/** What makes again what a file names, kind by kind: one's own come first. */
export type Makers = { readonly [K in KindName]: Make<Things[K]> } & {
  readonly warn: (message: string) => void;
};

/** A file names what nobody here has made. */
export class Unknown extends ArgumentError {}

/** Makers of ours, and of what is given. */
export function makersOf(where: string, options: LoadOptions = {}): Makers {
  const names = Object.keys(KINDS) as KindName[];
  checkOptions(where, options, [...names, "warn"]);
  const { warn = warnOnConsole } = options;
  callable(where, "warn", warn);
  const plain = names.map((name) => [name, makerOf(where, name, options[name])]);
  const makers = Object.fromEntries(plain) as Omit<Makers, "warn">;
  const layers: Makers["layers"] = (type, config, about) =>
    makers.layers(type, withRules(config, makers), about);
  return { ...makers, layers, warn };
}

/** The options of a layer, with regularizers and constraints in the place of what a file has of them. */
function withRules(
  config: Config,
  { regularizers, constraints }: Pick<Makers, "regularizers" | "constraints">,
): Config {
  const made = (value: unknown): unknown => {
    if (!isPlain(value) || !isPlain(value.options)) return value;
    const { regularizer, constraint, options } = value;
    const about = { own: value.own === true };
    if (typeof regularizer === "string") return regularizers(regularizer, options, about);
    return typeof constraint === "string" ? constraints(constraint, options, about) : value;
  };
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, made(value)]));
}

function makerOf(where: string, kind: KindName, own: Own<unknown> = {}): Make<unknown> {
  const { one, ours, nameOf }: Kind<unknown> = KINDS[kind];
  const what = `${where}: ${kind}`;
  requireOptions(what, own, () => Object.keys(own));
  for (const [type, make] of Object.entries(own)) callable(what, type, make);
  return (type, config, { name, own: isOwn }) => {
    if (typeof type !== "string") {
      throw new ArgumentError(
        `${what}: expected the name of ${withArticle(one)}, got ${show(type)}`,
      );
    }
    if (!Object.hasOwn(own, type)) {
      const factory = isOwn ? undefined : ours.get(type);
      if (factory !== undefined) return factory(config, name ?? type);
      const others = [...ours.keys()].filter((name) => name !== type);
      const known = hint(type, [...Object.keys(own), ...others]);
      throw new Unknown(
        `unknown ${one} ${show(type)}; ${known}; ${kind} of your own are given to loadModel(bytes, { ${kind}: { ... } })`,
      );
    }
    const made = (own[type] as (options: Config) => unknown)({ ...config, ...(name && { name }) });
    const got = nameOf(made);
    if (got === type) return made;
    throw new ArgumentError(
      `${what}: ${type}: expected a function that makes such ${withArticle(one)}, got ${got === undefined ? show(made) : `one of type ${show(got)}`}`,
    );
  };
}
