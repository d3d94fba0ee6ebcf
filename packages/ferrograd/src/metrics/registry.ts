import type { Config } from "../layers/layer.ts";
import { metrics } from "./all.ts";
import type { AnyMetric } from "./metric.ts";

type Make = (options: Config) => AnyMetric;

/** Every metric of ours that is a value, by its type, which is that of its function; only `loadModel` imports this. */
export const metricRegistry: ReadonlyMap<string, (config: Config, name: string) => AnyMetric> =
  /* @__PURE__ */ byType(metrics);

function byType(all: object) {
  const makers = Object.entries(all as Readonly<Record<string, Make>>);
  return new Map(
    makers.map(([type, make]) => [
      type,
      (config: Config, name: string) => make({ ...config, name }),
    ]),
  );
}
