import { Dataset, philox4x32, trainTestSplit } from "ferrograd";
import { breastCancer, iris, wine } from "ferrograd/datasets";

/** A data set of few rows, of a kind that people have. */
export interface SmallSet {
  readonly name: string;
  make(): Dataset;
}

/** Numbers from a seed: uniform in [0, 1), and normal as a sum of twelve of them less six. */
function numbersOf(seed: number) {
  let count = 0;
  const uniform = () => philox4x32([count++, 0, 0, 0], [seed, 0x7ab1e5])[0] / 2 ** 32;
  const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, u) => sum + u, -6);
  return { uniform, normal, normals: (n: number) => Array.from({ length: n }, normal) };
}

type Numbers = ReturnType<typeof numbersOf>;

/** Rows of features with what `answer` makes of them: a class, or a list of one number. */
function made(
  seed: number,
  rows: number,
  row: (numbers: Numbers, i: number) => { x: number[]; y: number | [number] },
): Dataset {
  const numbers = numbersOf(seed);
  const all = Array.from({ length: rows }, (_, i) => row(numbers, i));
  return new Dataset({ x: all.map(({ x }) => x), y: all.map(({ y }) => y) as number[] });
}

const dot = (x: readonly number[], w: readonly number[]) =>
  w.reduce((sum, weight, i) => sum + weight * x[i]!, 0);

/** Training and test rows of a shipped data set in one. */
function whole({ train, test }: { train: Dataset; test: Dataset }): Dataset {
  const join = (a: ArrayLike<number>, b: ArrayLike<number>) => [...Array.from(a), ...Array.from(b)];
  const width = train.x.shape[1]!;
  const length = train.length + test.length;
  return new Dataset({
    x: { data: join(train.x.data, test.x.data), shape: [length, width] },
    y: join(train.y.data, test.y.data),
  });
}

const CENTERS = numbersOf(44).normals(120);

/** The sets, one row each: linear, interacting, noisy, many classes, imbalanced, few rows, many columns, and shipped ones. */
export const SETS: readonly SmallSet[] = [
  {
    name: "linear",
    make: () =>
      made(1, 200, ({ normals, normal }) => {
        const x = normals(8);
        return { x, y: [dot(x, [3, -2, 1, 0.5, 0, 0, 1, -1]) + normal()] };
      }),
  },
  {
    name: "interacting",
    make: () =>
      made(2, 500, ({ normals, normal }) => {
        const x = normals(5);
        return { x, y: [2 * x[0]! * x[1]! + x[2]! ** 2 + x[3]! + 0.3 * normal()] };
      }),
  },
  {
    name: "noisy",
    make: () =>
      made(3, 150, ({ normals, normal }) => {
        const x = normals(6);
        return { x, y: [dot(x, [1, -1, 0.5]) + 2 * normal()] };
      }),
  },
  {
    name: "many classes",
    make: () =>
      made(4, 600, ({ normals }, i) => {
        const y = i % 12;
        return { x: normals(10).map((v, j) => v + 0.9 * CENTERS[y * 10 + j]!), y };
      }),
  },
  {
    name: "imbalanced",
    make: () =>
      made(5, 600, ({ normals, normal }) => {
        const x = normals(6);
        return { x, y: Number(dot(x, [1.5, 1, -1]) + normal() > 3) };
      }),
  },
  {
    name: "few rows",
    make: () =>
      made(6, 45, ({ normals }, i) => {
        const y = i % 3;
        return { x: normals(4).map((v, j) => v + (j === y ? 1.8 : 0)), y };
      }),
  },
  {
    name: "many columns",
    make: () =>
      made(7, 160, ({ normals, normal }) => {
        const x = normals(60);
        return { x, y: Number(dot(x, [2, -2, 1.5, 1, -1]) + normal() > 0) };
      }),
  },
  {
    name: "exclusive or",
    make: () =>
      made(8, 400, ({ normals, normal }) => {
        const x = normals(4);
        return { x, y: Number(x[0]! * x[1]! + 0.2 * normal() > 0) };
      }),
  },
  {
    name: "mixed",
    make: () =>
      made(9, 300, ({ normals, normal, uniform }) => {
        const [a, b, c, d, e] = normals(5) as [number, number, number, number, number];
        const kind = Math.floor(uniform() * 4);
        const yes = Number(uniform() < 0.4);
        const kinds = [0, 1, 2, 3].map((k) => Number(k === kind));
        const score = a - 0.8 * b + (kind === 2 ? 1.5 : 0) + yes * c + 0.5 * d * d - 0.5;
        return {
          x: [50 + 9 * a, 130 + 17 * b, 246 + 51 * c, d, e, yes, ...kinds],
          y: Number(score + 1.2 * normal() > 0),
        };
      }),
  },
  { name: "iris", make: () => whole(iris()) },
  { name: "wine", make: () => whole(wine()) },
  { name: "breast cancer", make: () => whole(breastCancer()) },
];

/** Sets on which nothing was tuned: whether what suits the others suits more than them. */
export const CHECKS: readonly SmallSet[] = [
  {
    name: "rules",
    make: () =>
      made(11, 350, ({ normals, uniform }) => {
        const x = normals(6);
        const holds = (x[0]! > 0.3 && x[1]! < 0.5) || x[2]! > 1;
        return { x, y: Number(holds !== uniform() < 0.05) };
      }),
  },
  {
    name: "skewed",
    make: () =>
      made(12, 250, ({ normals, normal }) => {
        const x = normals(7);
        return { x, y: [2 ** dot(x, [0.8, 0.5, -0.5]) + 0.3 * normal()] };
      }),
  },
  {
    name: "categories",
    make: () =>
      made(13, 400, ({ normals, normal, uniform }) => {
        const [color, town] = [Math.floor(uniform() * 5), Math.floor(uniform() * 4)];
        const numbers = normals(3);
        const kinds = (count: number, kind: number) =>
          Array.from({ length: count }, (_, k) => Number(k === kind));
        const score = [1, -1, 0, 2, -2][color]! + [0, 1, -1, 0.5][town]! + numbers[0]! + normal();
        return {
          x: [...numbers, ...kinds(5, color), ...kinds(4, town)],
          y: score < -1 ? 0 : score < 1 ? 1 : 2,
        };
      }),
  },
  {
    name: "correlated",
    make: () =>
      made(14, 120, ({ normals }) => {
        const [a, b, c] = normals(3) as [number, number, number];
        const x = normals(20).map((noise, j) => 0.4 * noise + [a, b, c, a + b, b - c][j % 5]!);
        return { x, y: [2 * a - b + 0.5 * c + normals(1)[0]!] };
      }),
  },
];

export const SPLITS = 10;

/** Rows to learn from and rows for the test, by number. */
export function splitOf(data: Dataset, split: number): { train: Dataset; test: Dataset } {
  return trainTestSplit(data, { seed: split });
}

/** Sets and splits for other programs: features, targets, and which rows are for the test. */
export function asJson() {
  return [...SETS, ...CHECKS].map(({ name, make }) => {
    const data = make();
    const width = data.x.data.length / data.length;
    const rows = new Dataset({
      x: { data: Float32Array.from({ length: data.length }, (_, i) => i), shape: [data.length, 1] },
      y: data.y,
    });
    return {
      name,
      task: data.y.data instanceof Int32Array ? "classification" : "regression",
      x: Array.from({ length: data.length }, (_, i) => [
        ...data.x.data.slice(i * width, (i + 1) * width),
      ]),
      y: [...data.y.data],
      splits: Array.from({ length: SPLITS }, (_, split) => {
        const { train, test } = splitOf(rows, split);
        return { train: [...train.x.data], test: [...test.x.data] };
      }),
    };
  });
}
