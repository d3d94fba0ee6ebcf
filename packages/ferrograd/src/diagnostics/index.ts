export { type Diagnosis, diagnose, type Finding } from "./diagnose.ts";
export type { Deaths, FindingCode, Overall, Remedy, Severity } from "./findings.ts";
export { type Health, type HealthOptions, type HealthRecord, health } from "./health.ts";
export type { LayerHealth } from "./layers.ts";
export type { DiagnoseOptions } from "./options.ts";
export type { Curve, Trial, TrialOptions } from "./remedy.ts";
export type { Saturation } from "./slopes.ts";
export { BINS, type Histogram } from "./statistics.ts";
export {
  type Factor,
  type Factors,
  type Stuck,
  type WhyStuckOptions,
  whyStuck,
} from "./why-stuck.ts";
