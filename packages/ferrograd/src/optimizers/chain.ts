import { ArgumentError } from "../errors.ts";
import {
  callable,
  checkConfig,
  listOf,
  requireOptions,
  savedName,
  show,
} from "../options/index.ts";
import { isSchedule, type Rate, rateOf } from "../schedules/schedule.ts";
import { Composition } from "./composition.ts";
import { coreLink } from "./core-link.ts";
import { Optimizer } from "./optimizer.ts";
import { isTransform, type Link, own, type Transform, type TransformParts } from "./transform.ts";
import { clipByGlobalNorm, clipByNorm, clipByValue } from "./transforms/clip.ts";
import { addDecayedWeights } from "./transforms/decay.ts";

/** What a chain is made of. */
export type ChainLink = Transform | Optimizer;

/** The name of a chain in files. */
export const CHAIN = "chain";

/**
 * An optimizer of several parts, in order: gradients go through all of them, the last makes what the rate is multiplied
 * by. One of the parts is an optimizer, whose rate it takes; where that has clips and weight decay of its own, they stand
 * beside it. optax.chain.
 *
 * @example chain(clipByGlobalNorm(1), adam({ learningRate: 1e-3 }), addDecayedWeights(0.01, { exclude: ["bias"] }))
 * @throws ArgumentError for all but transforms and one optimizer
 */
export function chain(...links: readonly ChainLink[]): Optimizer {
  const where = `${CHAIN}()`;
  const given = listOf(where, "links", links, checkedLink);
  const optimizers = given.filter((one) => one instanceof Optimizer);
  if (optimizers.length !== 1) {
    const got = optimizers.map(({ name }) => name).join(" and ") || "none";
    throw new ArgumentError(
      `${where}: links: expected one optimizer such as sgd() among them, got ${got}`,
    );
  }
  const saved = given.map((one) =>
    savedLink(
      one instanceof Optimizer
        ? { name: one.name, options: optionsOf(one), own: one.spec.own }
        : one,
    ),
  );
  return composed(CHAIN, { links: saved }, optimizers[0]!.givenRate, given);
}

/** What an optimizer of one's own is made of. */
export interface OptimizerParts<S extends string = string>
  extends Pick<TransformParts<S>, "init" | "update" | "apply"> {
  /** What files and `loadModel(bytes, { optimizers })` know it by. */
  readonly name: string;
  /** The options that make it again, which files hold: `learningRate` is the rate, a number or a schedule. */
  readonly options: Readonly<Record<string, unknown>> & { readonly learningRate: Rate };
  /** What comes before its own `update`, or what it is made of alone: transforms, and optimizers without their rates. */
  readonly transforms?: readonly ChainLink[];
}

/**
 * An optimizer of one's own, with the rights of ours: w −= rate · update, where `update` is made of the gradient by
 * operations on tensors, with state for each variable. It commits finite numbers or nothing, is saved and loaded with its
 * state, named in errors and used in `compile` and in loops of one's own. optax.GradientTransformation,
 * torch.optim.Optimizer.
 *
 * @example
 * const signum = (options: { learningRate: number; decay: number }) =>
 *   optimizer({
 *     name: "signum",
 *     options,
 *     init: (variable) => ({ mean: zeros(variable.shape) }),
 *     update(gradient, { mean }) {
 *       const next = add(mul(mean, options.decay), mul(gradient, 1 - options.decay));
 *       return { update: sign(next), state: { mean: next } };
 *     },
 *   });
 * const net = sequential([dense(3)], { inputShape: [4] })
 *   .compile({ optimizer: signum({ learningRate: 0.01, decay: 0.9 }), loss: "sparseCategoricalCrossentropy" });
 * loadModel(net.save(), { optimizers: { signum } }).optimizer.name // "signum"
 * @throws ArgumentError for parts that are not there, or of the wrong kind, and for options that JSON cannot hold
 */
export function optimizer<S extends string = never>(parts: OptimizerParts<S>): Optimizer {
  const where = "optimizer()";
  requireOptions(where, parts, ["name", "options", "transforms", "init", "update", "apply"]);
  const name = savedName(where, parts.name);
  requireOptions(`${where}: options`, parts.options, () => Object.keys(parts.options));
  const { learningRate, ...rest } = parts.options;
  checkConfig(`${where}: options`, rest);
  const rate = rateOf(where, "learningRate", learningRate);
  const links = listOf(where, "transforms", parts.transforms ?? [], checkedLink);
  const { init, update, apply } = parts as unknown as TransformParts;
  if (links.length === 0 || update !== undefined || apply !== undefined) {
    if (apply === undefined) callable(where, "update", update);
    links.push(
      own(where, {
        name,
        ...(init && { init }),
        ...(update && { update }),
        ...(apply && { apply }),
      }),
    );
  }
  return composed(name, { ...rest }, rate, links, true);
}

const checkedLink = (where: string, name: string, value: unknown): Link | Optimizer => {
  if (isTransform(value) || value instanceof Optimizer) return value;
  throw new ArgumentError(
    `${where}: ${name}: expected a transform or an optimizer, got ${show(value)}`,
  );
};

/** An optimizer of links. @internal */
export function composed(
  name: string,
  fixed: Readonly<Record<string, unknown>>,
  rate: Rate,
  given: readonly (Link | Optimizer)[],
  isOwn = false,
): Optimizer {
  const composition = new Composition(given.flatMap(linksOf));
  const made = new Optimizer({
    name,
    hyper: { learningRate: isSchedule(rate) ? 0 : rate },
    check: (option, value) => rateOf(`${name}()`, option, value) as number,
    fixed,
    composition,
    ...(isOwn && { own: true }),
    period: composition.period,
    slots: (variable) => composition.slots(variable),
    begin: (variable) => composition.begin(variable),
    effect: (...step) => composition.effect(...step),
    forget: (optimizer) => composition.forget(optimizer),
    again: (rate) => composed(name, fixed, rate, given, isOwn),
  });
  if (isSchedule(rate)) made.learningRate = rate;
  return made;
}

/** An optimizer as links: its clips, its decay and its rule; of one that is a chain, its links. @internal */
export function linksOf(one: Link | Optimizer): readonly Link[] {
  if (!(one instanceof Optimizer)) return [one];
  const { composition, core, hyper } = one.spec;
  if (composition !== undefined) return composition.links;
  const now = Object.keys(hyper).map((name) => [name, one.getHyper(name)]);
  const { learningRate, weightDecay, clipValue, clipNorm, globalClipNorm, ...own } =
    Object.fromEntries(now) as Record<string, number>;
  const decay = weightDecay ? [addDecayedWeights(weightDecay)] : [];
  return [
    ...(clipValue ? [clipByValue(clipValue)] : []),
    ...(clipNorm ? [clipByNorm(clipNorm)] : []),
    ...(globalClipNorm ? [clipByGlobalNorm(globalClipNorm)] : []),
    ...(core!.decoupled ? [] : decay),
    coreLink(one.name, core!, Object.values(own)),
    ...(core!.decoupled ? decay : []),
  ] as Transform[] as Link[];
}

const savedLink = ({ name, options, own: isOwn }: Saveable) => ({
  ...{ name, options },
  ...(isOwn && { own: true }),
});

type Saveable = Pick<Transform, "name" | "options"> & { readonly own?: true | undefined };

/** The options of an optimizer that is a link. @internal */
export const optionsOf = ({ spec, givenRate }: Optimizer) => ({
  ...spec.hyper,
  ...spec.fixed,
  learningRate: givenRate,
});
