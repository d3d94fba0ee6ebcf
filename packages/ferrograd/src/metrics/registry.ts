import type { Config } from "../layers/layer.ts";
import * as ours from "./index.ts";
import type { AnyMetric } from "./metric.ts";

type Make = (options: Config) => AnyMetric;

/** Every metric of ours that is a value, by its type, which is that of its function; only `loadModel` imports this. */
export const metricRegistry: ReadonlyMap<string, (config: Config, name: string) => AnyMetric> =
  /* @__PURE__ */ byType(ours);

function byType(metrics: object) {
  const makers = Object.entries(metrics as Readonly<Record<string, Make>>);
  return new Map(
    makers.map(([type, make]) => [
      type,
      (config: Config, name: string) => make({ ...config, name }),
    ]),
  );
}
