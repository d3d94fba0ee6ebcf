/** Numbers to pixels. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Values beyond the ends are drawn at the ends. */
  at(value: number): number;
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** Steps of 1, 2 or 5 times a power of ten, about so many. */
function step(span: number, count: number): number {
  const rough = span / count;
  const magnitude = Number(`1e${Math.floor(log10(rough))}`);
  const times = [1, 2, 5, 10].find((times) => times * magnitude >= rough)!;
  return times * magnitude;
}

export function linear(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  count = 5,
): Scale {
  const span = high - low || 1;
  const size = step(span, count);
  const first = Math.ceil(low / size - 1e-9);
  const ticks = Array.from(
    { length: Math.floor(high / size + 1e-9) - first + 1 },
    (_, i) => (first + i) * size,
  );
  return { ticks, at: (value) => from + ((clamp(value, low, high) - low) / span) * (to - from) };
}

/** Powers of ten that hold all values; what is not above 0 is drawn at the lower end. */
export function logarithmic(
  values: readonly number[],
  [from, to]: readonly [number, number],
  count = 6,
): Scale {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(log10(Math.min(...positive, 1)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(log10(Math.max(...positive, Number.MIN_VALUE)) - 1e-9));
  const every = Math.ceil((high - low) / count);
  const exponents = Array.from(
    { length: Math.floor((high - low) / every) + 1 },
    (_, i) => low + i * every,
  );
  return {
    ticks: exponents.map((exponent) => Number(`1e${exponent}`)),
    at: (value) => {
      const exponent = value > 0 ? clamp(log10(value), low, high) : low;
      return from + ((exponent - low) / (high - low)) * (to - from);
    },
  };
}

/** For places on the screen, which need not have the same bits everywhere. */
// biome-ignore lint/plugin: pixels, not results
export const log10 = (value: number): number => Math.log10(value);

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A tick's text: shares as percents, powers of ten where they are far from 1. */
export function tickText(value: number, scale: "log" | "share" | undefined): string {
  if (scale === "share") return `${Math.round(value * 100)}\u00a0%`;
  if (scale === "log" && (value >= 1e4 || value < 0.01)) {
    const exponent = Math.round(log10(value));
    const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT[Number(digit)]);
    return `10${exponent < 0 ? "⁻" : ""}${digits.join("")}`;
  }
  return String(Number(value.toPrecision(6)));
}
