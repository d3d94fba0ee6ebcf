/** A failure that a person can understand from its message alone, without a stack. */
export class BenchError extends Error {
  override readonly name = "BenchError";
}
