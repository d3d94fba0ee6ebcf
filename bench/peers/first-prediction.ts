import type { FirstSpec, Host, KernelSession } from "../types.ts";

/** The first prediction of one of peers/programs; `extra` is what the library wants beside the numbers. */
export function firstPrediction(
  { runProgram }: Host,
  name: string,
  extra: (spec: FirstSpec) => object = () => ({}),
): ((spec: FirstSpec) => KernelSession) | undefined {
  if (runProgram === undefined) return undefined;
  return (spec) => {
    const task = { ...spec, ...extra(spec) };
    const values = () => runProgram(name, task).values;
    return {
      isFresh: true,
      run: () => values()[0],
      values,
      time: async (iterations) => {
        let [wallMs, cpuMs] = [0, 0];
        for (let i = 0; i < iterations; i++) {
          const elapsed = runProgram(name, task);
          wallMs += elapsed.wallMs;
          cpuMs += elapsed.cpuMs;
        }
        return { wallMs, cpuMs };
      },
      dispose() {},
    };
  };
}
