import { core } from "./core.ts";
import { NUMERICS_VERSION } from "./ops.generated.ts";

/**
 * Which numbers a seed gives: the same version, the same bits, in every runtime. It is one more with each change
 * of bits, which the changelog names. Files of `model.save()` carry it; a file of another one loads and
 * predicts, and training that goes on from it warns that its numbers are not those of one training.
 *
 * @example numericsVersion // 1
 */
export const numericsVersion: number = NUMERICS_VERSION;

/** The one of the core that runs here: all copies share it, and one of them may be `ferrograd/fused`. */
export const runningNumerics = (): number => core().raw.numericsVersion();

/** Are a product and its sum rounded once here? */
export const isFused = (): boolean => runningNumerics() !== NUMERICS_VERSION;
