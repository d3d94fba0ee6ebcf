/** What may be made of a unit. */
interface Size {
  /** Units of one kind can be converted. */
  readonly kind: string;
  /** How large it is beside others of its kind. */
  readonly size: number;
  /** Is it more than letters behind a number? */
  readonly isKnown: boolean;
}

/** Kinds of units in small letters, one row each, with their sizes. */
const KINDS: readonly Readonly<Record<string, number>>[] = [
  { mg: 1, g: 1e3, kg: 1e6, t: 1e9, oz: 28349.523125, lb: 453592.37 },
  { mm: 1, cm: 10, m: 1e3, km: 1e6, in: 25.4, ft: 304.8, yd: 914.4, mi: 1609344 },
  { ml: 1, cl: 10, dl: 100, l: 1e3 },
  {
    ...{ ms: 1, s: 1e3, sec: 1e3, second: 1e3, min: 6e4, minute: 6e4 },
    ...{ h: 36e5, hr: 36e5, hour: 36e5, day: 864e5, week: 6048e5 },
  },
  { "m²": 1, "km²": 1e6, ha: 1e4, sqft: 0.09290304, acre: 4046.8564224 },
  { kb: 1, mb: 1e3, gb: 1e6, tb: 1e9 },
  { wh: 1, kwh: 1e3 },
  { hz: 1, khz: 1e3, mhz: 1e6, ghz: 1e9 },
  { pa: 1, hpa: 100, kpa: 1e3, bar: 1e5 },
  { "‰": 1, "%": 10 },
  { "/100": 1, "/20": 5, "/10": 10, "/5": 20 },
  { "°n": 1, "°s": -1 },
  { "°e": 1, "°w": -1 },
  { "°c": 1 },
  { "°f": 1 },
];

/** Of numbers and amounts of money: 5k, $1.2M; 12B alone may be a house. */
const COUNTS: Readonly<Record<string, number>> = { "": 1, k: 1e3, K: 1e3, M: 1e6, B: 1e9, bn: 1e9 };
/** What stands before amounts of money, or behind them, as a pattern. */
export const CURRENCY = "[$€£¥₩₹]|R\\$|US\\$|USD|EUR|GBP|CHF|JPY|CNY|INR|BRL|CAD|AUD|Rs\\.?";
const COUNTED = new RegExp(`^(?:(${CURRENCY})(k|K|M|B|bn|)|(k|K|M|bn|))$`);

/** May it stand behind an amount of money? */
export const isCount = (unit: string): boolean => Object.hasOwn(COUNTS, unit);

/** The size of a unit; one that is not known is of a kind of its own, in any case. */
export function sizeOf(unit: string): Size {
  const [, kind = "", ofMoney, count = ofMoney] = COUNTED.exec(unit) ?? [];
  if (count !== undefined) return { kind, size: COUNTS[count]!, isKnown: true };
  const whole = unit.toLowerCase().replace(" ", "");
  const name = whole.length > 2 ? whole.replace(/s$/, "") : whole; // days and day
  const row = KINDS.findIndex((sizes) => Object.hasOwn(sizes, name));
  return row < 0
    ? { kind: name, size: 1, isKnown: false }
    : { kind: String(row), size: KINDS[row]![name]!, isKnown: true };
}

/** A number of one unit in another one; NaN where they are of different kinds. */
export function convert(number: number, from: string, to: string): number {
  if (from === to) return number;
  const [{ kind, size }, other] = [sizeOf(from), sizeOf(to)];
  return kind === other.kind ? (number * size) / other.size : Number.NaN;
}

/** What is converted to a column's unit, for people; undefined where nothing is. */
export function conversionOf(units: Iterable<string>, to: string): string | undefined {
  const { size } = sizeOf(to);
  const others = [...units].filter((unit) => sizeOf(unit).size !== size);
  const word = (unit: string) => unit || "plain numbers";
  return others.length === 0
    ? undefined
    : `converted to ${word(to)}: ${others.map(word).join(", ")}`;
}
