// Of instructions that IEEE defines to the bit alone, so that a rate is the same everywhere.

/** c₀ + x·(c₁ + x·(c₂ + …)) of what the n-th term has over the one before it. */
function series(x: number, terms: number, ratio: (n: number) => number): number {
  let sum = 1;
  for (let n = terms; n > 0; n--) sum = 1 + x * ratio(n) * sum;
  return sum;
}

/** bⁿ for integers n from 0, by squaring. */
function power(b: number, n: number): number {
  let [result, square] = [1, b];
  for (let left = n; left >= 1; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** eˣ: 2ᵏ times the series of what is left, at most ½·ln 2. */
export function exp(x: number): number {
  const k = Math.round(x / Math.LN2);
  const rest = series(x - k * Math.LN2, 17, (n) => 1 / n);
  return k < 0 ? rest / power(2, -k) : rest * power(2, k);
}

/** The natural logarithm of x > 0: x = 2ᵏ·m, and ln m = 2·artanh((m − 1) / (m + 1)). */
export function log(x: number): number {
  let [m, k] = [x, 0];
  for (; m > 1.5; k++) m /= 2;
  for (; m < 0.75; k--) m *= 2;
  const s = (m - 1) / (m + 1);
  let sum = 0;
  for (let n = 25; n > 0; n -= 2) sum = 1 / n + s * s * sum;
  return k * Math.LN2 + 2 * s * sum;
}

/** bˣ for b and x from 0; 0⁰ is 1. */
export function pow(b: number, x: number): number {
  const whole = Math.floor(x);
  const part = x - whole;
  if (part === 0) return power(b, whole);
  return b === 0 ? 0 : power(b, whole) * exp(part * log(b));
}

/** cos(π·x) for x from 0 to 1. */
export function cosPi(x: number): number {
  if (x > 0.5) return -cosPi(1 - x);
  const angle = Math.PI * x;
  return series(-angle * angle, 12, (n) => 1 / ((2 * n - 1) * (2 * n)));
}
