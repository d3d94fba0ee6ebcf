/** The entry `ferrograd/fused`: the public API over a core that rounds a product and its sum once, where the processor does. */
import { provideEvaluator } from "./compile/evaluate.ts";
import { provideFused } from "./engine/fused.ts";
import { wasmInside } from "./engine/inline.ts";
import { FUSED_NUMERICS, NUMERICS_VERSION } from "./engine/ops.generated.ts";
import { fused, provideWasm } from "./engine/raw.ts";

provideEvaluator();
provideWasm(wasmInside);
provideFused();

export { type Numerics, numerics } from "./engine/fused.ts";
export * from "./index.ts";

/**
 * As that of `ferrograd`, and 1000 more where products are fused: files of `model.save()` carry it.
 *
 * @example numericsVersion % 1000 // 1
 */
export const numericsVersion: number =
  NUMERICS_VERSION + (fused.wasm === undefined ? 0 : FUSED_NUMERICS);
