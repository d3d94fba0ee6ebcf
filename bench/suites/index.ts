import type { Suite } from "../types.ts";
import { activations } from "./activations.ts";
import { chains } from "./chains.ts";
import { convolutions } from "./conv.ts";
import { dense } from "./dense.ts";
import { equalTime } from "./equal-time.ts";
import { fit } from "./fit.ts";
import { gemm } from "./gemm.ts";
import { health } from "./health.ts";
import { init } from "./init.ts";
import { layers } from "./layers.ts";
import { overhead } from "./overhead.ts";
import { playground } from "./playground.ts";
import { predict } from "./predict.ts";
import { reduce } from "./reduce.ts";
import { rows } from "./rows.ts";
import { size } from "./size.ts";
import { train } from "./train.ts";

export const suites: readonly Suite[] = [
  ...[gemm, activations, chains, reduce, layers, dense, convolutions, equalTime],
  ...[train, predict, overhead, playground, rows, fit],
  ...[health, init, size],
];
