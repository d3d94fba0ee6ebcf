import type { Suite } from "../types.ts";
import { playground } from "./playground.ts";
import { train } from "./train.ts";

export const suites: readonly Suite[] = [train, playground];
