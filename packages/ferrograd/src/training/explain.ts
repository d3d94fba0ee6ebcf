import type { Executable, Stop } from "../compile/executable.ts";
import { COUNTED, isCounter, isOverflow, stopError } from "../compile/executable.ts";
import { NumericError } from "../errors.ts";

/** Learning rates from here on are the first suspect. */
const RATE_SUSPECT = 1;

/**
 * The error for a step that stopped: with the first layer that made NaN or infinity, found by
 * replaying the step, and the likely cause.
 */
export function explainStop(
  where: string,
  program: Executable,
  stop: Stop,
  at: string,
  learningRate: number,
): Error {
  if (isOverflow(stop)) {
    const overflow = stop.origin.explain!(stop.fault);
    return new NumericError(
      `${where}: expected finite weights and optimizer state after the step, got NaN or infinity${at} ` +
        `in ${overflow.where}; likely cause: ${overflow.cause}; the model is as it was before this step`,
    );
  }
  if (stop.fault.status !== "nonFinite") return stopError(stop);
  if (isCounter(stop)) {
    return new NumericError(`${where}: ${COUNTED}${at}; the model is as it was before this step`);
  }
  const first = program.firstNonFinite() ?? stop;
  const { scope, op } = first.origin;
  const source = scope === "" ? `${op}()` : `${op}() in layer "${scope}"`;
  return new NumericError(
    `${where}: expected a finite loss and finite gradients, got NaN or infinity${at}; ` +
      `it first appeared in ${source}; likely cause: ${likelyCause(op, learningRate)}; ` +
      "the model is as it was before this step",
  );
}

function likelyCause(op: string, learningRate: number): string {
  const domain = DOMAINS[op];
  if (domain !== undefined) return domain;
  return learningRate >= RATE_SUSPECT
    ? `the learning rate ${learningRate} is too high`
    : `weights that grew too large, with the learning rate ${learningRate} too high or inputs that are not scaled`;
}

/** Ops that make NaN or infinity from ordinary numbers. */
const DOMAINS: Readonly<Record<string, string>> = {
  log: "a logarithm of 0 or of a negative number",
  log1p: "a logarithm of 0 or of a negative number",
  div: "a division by 0, as the slope of sqrt() at 0 is; that of norm() is 0",
  reciprocal: "a division by 0",
  sqrt: "a root of a negative number, or its slope at 0",
  exp: "an exponential above 88, which float32 cannot hold",
};
