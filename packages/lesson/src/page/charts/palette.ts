/** Colors and marks that a series keeps in every chart; the colors are in style/charts.css. */
const KNOWN: Readonly<Record<string, number>> = {
  relu: 1,
  sigmoid: 2,
  leakyRelu: 3,
  tanh: 4,
  gelu: 5,
  elu: 6,
  silu: 7,
  centered: 3,
  "all positive": 2,
};
const COLORS = 8;

/** The number of a series' color: its own where it has one, else by its place. */
const numberOf = (name: string, index: number) => KNOWN[name] ?? (index % COLORS) + 1;

export const colorOf = (name: string, index: number): string =>
  `var(--series-${numberOf(name, index)})`;

const triangle = (r: number) => `M0 ${-r}L${r} ${r * 0.8}H${-r}z`;
const MARKS: readonly ((r: number) => string)[] = [
  (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  (r) => `M${-r} ${-r}H${r}V${r}H${-r}z`,
  triangle,
  (r) => `M0 ${-1.3 * r}L${1.3 * r} 0L0 ${1.3 * r}L${-1.3 * r} 0z`,
  (r) => `M0 ${r}L${r} ${-r * 0.8}H${-r}z`,
  (r) =>
    `M${-r} ${-r / 3}H${-r / 3}V${-r}H${r / 3}V${-r / 3}H${r}V${r / 3}H${r / 3}V${r}H${-r / 3}V${r / 3}H${-r}z`,
];

/** The outline of a series' mark around (0, 0). */
export const markOf = (name: string, index: number, radius: number): string =>
  MARKS[(numberOf(name, index) - 1) % MARKS.length]!(radius);
