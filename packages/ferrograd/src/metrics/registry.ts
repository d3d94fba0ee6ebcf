import type { Config } from "../layers/layer.ts";
import type { AnyMetric } from "./metric.ts";

/** Every metric of ours that is no name as text, by its type; only `loadModel` imports this. */
export const metricRegistry: ReadonlyMap<string, (config: Config, name: string) => AnyMetric> =
  /* @__PURE__ */ new Map();
