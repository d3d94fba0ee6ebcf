import type { Shape, Tensor } from "ferrograd";
import * as f from "ferrograd";
import { IMAGE_FUNCTIONS } from "./functions-images.ts";

const { tensor } = f;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const ints = (values: number[], shape: Shape = [values.length]) => tensor(values, shape, "int32");
const bools = (values: number[], shape: Shape = [values.length]) => tensor(values, shape, "bool");

type Arguments = readonly unknown[];
type AnyTensor = Tensor<Shape, f.DType>;
type Result = AnyTensor | readonly AnyTensor[];

/** What is known of a function on tensors; the tests go through the table. */
export interface Row {
  readonly name: string;
  /** Of float tensors. */
  readonly call: (...xs: Tensor[]) => Result;
  /** Shapes of its arguments, and what their numbers are between (default −2 to 2). */
  readonly shapes: readonly Shape[];
  readonly between?: readonly [number, number];
  /** Shapes without elements that it takes too. */
  readonly empty?: readonly (readonly Shape[])[];
  /** Its result by arguments of its own, from NumPy's documentation or by hand. */
  readonly results?: readonly (readonly [args: Arguments, result: unknown])[];
  /** Arguments that it refuses, and what the message has. */
  readonly refuses?: readonly (readonly [args: Arguments, message: string])[];
  /** It has jumps, or none of its inputs a gradient: nothing is compared with differences. */
  readonly steps?: true;
  /** Arguments for the doors, if they are not those of the first result. */
  readonly door?: () => unknown[];
}

/** A function of one or two numbers, with what it is in float64. */
export interface Elementwise extends Omit<Row, "shapes" | "call"> {
  readonly of: (...numbers: number[]) => number;
}

const pick = <T extends { values: Tensor; indices: f.Tensor<Shape, "int32"> }>({ values }: T) =>
  values;
const truthy = (x: number) => x !== 0;

/** Numbers at which functions have their corners. */
export const SPECIAL = [
  -inf,
  -2.5,
  -1.5,
  -1,
  -0.5,
  -1e-6,
  -0,
  0,
  1e-6,
  0.5,
  1,
  1.5,
  2,
  2.5,
  1e6,
  inf,
  nan,
];

const even = (x: number): number => {
  const up = Math.round(x);
  return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up;
};
const floorMod = (a: number, b: number): number => {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
};

/** Functions that go element by element and broadcast. */
export const ELEMENTWISE: readonly Elementwise[] = [
  {
    name: "equal",
    of: (a, b) => +(a === b),
    steps: true,
    results: [
      [
        [ints([16777217, 2]), ints([16777216, 2])],
        [0, 1],
      ],
      [
        [ints([1, 2]), 2],
        [0, 1],
      ],
    ],
    refuses: [
      [[ints([1]), [1.5]], "equal(): expected an int32 tensor, got float32"],
      [
        [
          [1, 2],
          [1, 2, 3],
        ],
        "equal(): expected shapes that broadcast, got [2] and [3]",
      ],
    ],
  },
  {
    name: "notEqual",
    of: (a, b) => +(a !== b),
    steps: true,
    results: [
      [
        [ints([16777217, 2]), ints([16777216, 2])],
        [1, 0],
      ],
    ],
  },
  {
    name: "greater",
    of: (a, b) => +(a > b),
    steps: true,
    results: [
      [
        [ints([16777217, 2]), ints([16777216, 2])],
        [1, 0],
      ],
    ],
    refuses: [
      [[ints([1]), 1.5], "greater(): expected an int32 tensor, got float32; cast() converts"],
    ],
  },
  {
    name: "greaterEqual",
    of: (a, b) => +(a >= b),
    steps: true,
    results: [
      [
        [ints([16777216, 2]), ints([16777217, 2])],
        [0, 1],
      ],
    ],
  },
  {
    name: "less",
    of: (a, b) => +(a < b),
    steps: true,
    results: [
      [
        [ints([16777216, 2]), ints([16777217, 2])],
        [1, 0],
      ],
    ],
    refuses: [
      [[[1, 2], [[1, 2, 3]]], "less(): expected shapes that broadcast, got [2] and [1, 3]"],
    ],
  },
  {
    name: "lessEqual",
    of: (a, b) => +(a <= b),
    steps: true,
    results: [
      [
        [ints([16777217, 2]), ints([16777216, 2])],
        [0, 1],
      ],
    ],
  },
  {
    name: "logicalAnd",
    of: (a, b) => +(truthy(a) && truthy(b)),
    steps: true,
    results: [
      [
        [ints([0, 5]), bools([1, 1])],
        [0, 1],
      ],
    ],
  },
  { name: "logicalOr", of: (a, b) => +(truthy(a) || truthy(b)), steps: true },
  {
    name: "logicalXor",
    of: (a, b) => +(truthy(a) !== truthy(b)),
    steps: true,
    refuses: [
      [
        [
          [1, 2],
          [1, 2, 3],
        ],
        "logicalXor(): expected shapes that broadcast",
      ],
    ],
  },
  { name: "logicalNot", of: (a) => +!truthy(a), steps: true },
  {
    name: "where",
    of: (c, a, b) => (truthy(c) ? a : b),
    steps: true,
    results: [
      [
        [bools([1, 0]), ints([2147483647, 1]), 7],
        [2147483647, 7],
      ],
      [
        [
          [1, 0],
          [-0, 1],
          [1, -0],
        ],
        [-0, -0],
      ],
      [
        [bools([0, 1]), bools([0, 1]), bools([1, 0])],
        [1, 1],
      ],
    ],
    refuses: [
      [[[1], ints([1]), [1.5]], "where(): expected an int32 tensor, got float32"],
      [[[1, 0], [1, 2, 3], 0], "where(): expected shapes that broadcast"],
    ],
  },
  { name: "floor", of: Math.floor, steps: true },
  { name: "ceil", of: Math.ceil, steps: true },
  { name: "round", of: even, steps: true },
  {
    name: "trunc",
    of: Math.trunc,
    steps: true,
    refuses: [[[ints([1])], "trunc(): expected a float32 tensor, got int32"]],
  },
  { name: "rsqrt", of: (x) => 1 / Math.sqrt(x), between: [0.5, 3] },
  { name: "expm1", of: Math.expm1, results: [[[[1e-8]], [9.99999993922529e-9]]] },
  {
    name: "erf",
    of: (x) =>
      ({ "0": 0, "1": 0.8427007929497149, "0.5": 0.5204998778130465, "-1": -0.8427007929497149 })[
        String(x)
      ] ?? nan,
    results: [[[[-inf, -0.5, 0, 1e-6, 2]], [-1, -0.5204999, 0, 0.0000011283792, 0.9953223]]],
  },
  {
    name: "pow",
    of: (a, b) => (a === 1 || (a === -1 && Math.abs(b) === inf) ? 1 : a ** b),
    between: [0.5, 2.5],
    results: [
      [
        [
          [-2, -2, 0, 2],
          [3, 0.5, 0, 10],
        ],
        [-8, nan, 1, 1024],
      ],
    ],
  },
  {
    name: "mod",
    of: floorMod,
    steps: true,
    results: [
      [
        [
          [5, -5, 5, -5],
          [3, 3, -3, -3],
        ],
        [2, 1, -1, -2],
      ],
    ],
  },
  {
    name: "floorDiv",
    of: (a, b) => Math.floor(Math.fround(a / b)),
    steps: true,
    results: [
      [
        [
          [5, -5, 5, 1],
          [3, 3, -3, 0],
        ],
        [1, -2, -2, inf],
      ],
    ],
    refuses: [
      [[ints([1]), [1.5]], "floorDiv(): expected an int32 tensor, got float32; cast() converts"],
    ],
  },
  {
    name: "clip",
    of: (x, low, high) => {
      return Math.min(Math.max(x, low), high);
    },
    steps: true,
  },
];

/** Functions of whole tensors. */
export const FUNCTIONS: readonly Row[] = [
  {
    name: "min",
    call: (x) => f.min(x!, { axis: 1 }),
    shapes: [[3, 4]],
    empty: [[[0, 2]]],
    results: [
      [
        [
          [
            [3, 1],
            [2, nan],
          ],
          { axis: 1 },
        ],
        [1, nan],
      ],
    ],
    refuses: [
      [[[]], "min(): expected at least one element along axis 0"],
      [[[1], { axes: 1 }], 'min(): unknown option "axes"'],
    ],
  },
  {
    name: "argmin",
    call: (x) => f.cast(f.argmin(x!), "float32"),
    shapes: [[3, 4]],
    steps: true,
    results: [
      [[[3, 1, 1]], 1],
      [
        [
          [
            [3, nan],
            [1, 0],
          ],
          { axis: 0 },
        ],
        [1, 0],
      ],
    ],
    refuses: [[[[]], "argmin(): expected at least one element along axis 0"]],
  },
  {
    name: "variance",
    call: (x) => f.variance(x!, { axis: [0, 2], correction: 1 }),
    shapes: [[2, 3, 4]],
    empty: [[[2, 0, 4]]],
    results: [
      [[[1, 2, 3, 4]], 1.25],
      [[[1e4, 1e4 + 1]], 0.25],
      [[[5], { correction: 1 }], nan],
    ],
    refuses: [[[[1], { correction: nan }], "variance(): correction: expected a finite number"]],
  },
  {
    name: "std",
    call: (x) => f.std(x!, { axis: 0, keepDims: true }),
    shapes: [[4, 3]],
    results: [[[[1, 3]], 1]],
    refuses: [[[[1], { axis: 1 }], "std(): axis: expected an integer from -1 to 0"]],
  },
  {
    name: "norm",
    call: (x) => f.add(f.norm(x!), f.sum(f.norm(x!, { axis: 1, ord: 3 }))),
    shapes: [[3, 4]],
    empty: [[[0, 2]]],
    results: [
      [[[3, 4]], 5],
      [[[3, -4], { ord: 1 }], 7],
      [[[3, -4], { ord: inf }], 4],
      [[[0, 0]], 0],
    ],
    refuses: [[[[1], { ord: 0 }], "norm(): ord: expected a number above 0, got 0"]],
  },
  {
    name: "logSumExp",
    call: (x) => f.logSumExp(x!, { axis: 1, keepDims: true }),
    shapes: [[3, 4]],
    results: [
      [[[1000, 1000]], 1000.6931],
      [[[-inf, -inf]], -inf],
      [[[1, inf]], inf],
      [[[0, nan]], nan],
    ],
    refuses: [[[[]], "logSumExp(): expected at least one element"]],
  },
  {
    name: "any",
    call: (x) => f.any(x!, { axis: 1 }),
    shapes: [[3, 4]],
    empty: [[[2, 0]]],
    steps: true,
    results: [
      [
        [
          [
            [0, 1],
            [0, 0],
          ],
          { axis: 1 },
        ],
        [1, 0],
      ],
      [[[]], 0],
      [[ints([0, 7])], 1],
    ],
    refuses: [[[[1], { axis: 2 }], "any(): axis"]],
  },
  {
    name: "all",
    call: (x) => f.all(x!, { axis: 0, keepDims: true }),
    shapes: [[3, 4]],
    empty: [[[0, 2]]],
    steps: true,
    results: [
      [
        [
          [
            [1, 1],
            [0, 1],
          ],
          { axis: 1 },
        ],
        [1, 0],
      ],
      [[[]], 1],
    ],
    refuses: [[[[1], { keepDims: 1 }], "all(): keepDims"]],
  },
  {
    name: "slice",
    call: (x) => [
      f.slice(x!, [
        [1, null, 2],
        [null, null, -1],
      ]),
      f.slice(x!, [-1, [3, 0, -2]]),
      f.slice(x!, [[3, 3]]),
    ],
    shapes: [[5, 4]],
    empty: [[[5, 4]]],
    results: [
      [
        [[1, 2, 3, 4, 5], [[null, null, -2]]],
        [5, 3, 1],
      ],
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          [1],
        ],
        [3, 4],
      ],
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          [null, -1],
        ],
        [2, 4],
      ],
      [
        [ints([1, 2, 3]), [[-2]]],
        [2, 3],
      ],
      [[[1, 2, 3], [[2, 1]]], []],
      [
        [[1, 2, 3, 4], [[-1, -4, -1]]],
        [4, 3, 2],
      ],
    ],
    refuses: [
      [[[1, 2], [2]], "slice(): ranges[0]: expected an integer from -2 to 1, got 2"],
      [[[1, 2], [[0, 3]]], "slice(): ranges[0]: expected an integer from -2 to 2, got 3"],
      [[[1, 2], [[0, 2, 0]]], "expected a step other than 0"],
      [[[1], [0, 0]], "slice(): ranges: expected at most 1, got 2"],
      [[[1], ["a"]], "slice(): ranges[0]: expected null, a number or [start, end, step]"],
    ],
  },
  {
    name: "concatenate",
    call: (a, b) => [
      f.concatenate([a!, b!, a!], { axis: 1 }),
      f.concatenate([f.slice(b!, [null, [0, 3]]), a!]),
    ],
    shapes: [
      [2, 3],
      [2, 4],
    ],
    empty: [
      [
        [2, 3],
        [2, 4],
      ],
      [
        [0, 3],
        [0, 4],
      ],
    ],
    door: () => [[[[1, 2]], [[3, 4]]], { axis: 1 }],
    results: [
      [
        [
          [
            [[1, 2]],
            [
              [3, 4],
              [5, 6],
            ],
          ],
        ],
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ],
      [[[ints([1]), ints([2147483647])]], [1, 2147483647]],
      [[[[1], [], [2]]], [1, 2]],
    ],
    refuses: [
      [
        [[[[1, 2]], [[1]]]],
        "concatenate(): expected shapes that differ along axis 0 only, got [1, 2] and [1, 1]",
      ],
      [[[[1], ints([1])]], "expected tensors of one type, got float32 and int32"],
      [[[]], "expected tensors of one type, got none"],
      [[[[1]], 1], "write concatenate(x, { axis: 1 })"],
    ],
  },
  {
    name: "stack",
    call: (a, b) => f.stack([a!, b!], { axis: -1 }),
    shapes: [
      [2, 3],
      [2, 3],
    ],
    empty: [
      [
        [2, 0],
        [2, 0],
      ],
    ],
    results: [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          { axis: 1 },
        ],
        [
          [1, 3],
          [2, 4],
        ],
      ],
    ],
    refuses: [
      [[[[1], [1, 2]]], "stack(): expected tensors of one shape, got [1] and [2]"],
      [[[[1]], { axis: 2 }], "stack(): axis"],
    ],
  },
  {
    name: "split",
    call: (x) => f.split(x!, [1, 0, 3], { axis: 1 }),
    shapes: [[2, 4]],
    empty: [[[0, 4]]],
    results: [
      [
        [[1, 2, 3, 4], 2],
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
    refuses: [
      [[[1, 2, 3], 2], "split(): expected pieces of axis 0, which has 3 elements, got 2"],
      [
        [
          [1, 2, 3],
          [1, 1],
        ],
        "got [1, 1]",
      ],
      [[[1], 0], "split(): pieces: expected a positive integer, got 0"],
    ],
  },
  {
    name: "unstack",
    call: (x) => f.unstack(x!, { axis: 1 }),
    shapes: [[2, 3]],
    results: [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
    refuses: [[[1], "unstack(): expected at least 1 axes"]],
  },
  {
    name: "pad",
    call: (x) => [
      f.pad(
        x!,
        [
          [1, 2],
          [0, 3],
        ],
        { value: 2 },
      ),
      f.pad(
        x!,
        [
          [2, 1],
          [1, 0],
        ],
        { mode: "reflect" },
      ),
      f.pad(x!, 2, { mode: "edge" }),
    ],
    shapes: [[3, 2]],
    results: [
      [
        [[1, 2, 3], 2, { mode: "reflect" }],
        [3, 2, 1, 2, 3, 2, 1],
      ],
      [
        [[1, 2], [[1, 2]], { mode: "edge" }],
        [1, 1, 2, 2, 2],
      ],
      [
        [ints([1]), 1, { value: -2 }],
        [-2, 1, -2],
      ],
      [
        [
          [[1]],
          [
            [0, 1],
            [2, 0],
          ],
        ],
        [
          [0, 0, 1],
          [0, 0, 0],
        ],
      ],
    ],
    refuses: [
      [
        [[1, 2], 2, { mode: "reflect" }],
        "pad(): expected at least 3 elements along axis 0, got shape [2]",
      ],
      [[[1], -1], "expected an integer of 0 or more, got -1"],
      [[[1], [[1]]], "pad(): widths[0]: expected [before, after]"],
      [
        [
          [1],
          [
            [1, 1],
            [1, 1],
          ],
        ],
        "pad(): widths: expected 1, got 2",
      ],
      [[[1], 1, { mode: "wrap" }], 'unknown mode "wrap"'],
    ],
  },
  {
    name: "tile",
    call: (x) => f.tile(x!, [2, 1, 3]),
    shapes: [[2, 2]],
    empty: [[[0, 2]]],
    results: [
      [
        [
          [1, 2],
          [2, 2],
        ],
        [
          [1, 2, 1, 2],
          [1, 2, 1, 2],
        ],
      ],
      [[[1, 2], 0], []],
      [
        [
          ints(
            [
              [1, 2],
              [3, 4],
            ] as never,
            [2, 2],
          ),
          2,
        ],
        [
          [1, 2, 1, 2],
          [3, 4, 3, 4],
        ],
      ],
    ],
    refuses: [[[[1], -1], "tile(): times[0]: expected an integer of 0 or more"]],
  },
  {
    name: "repeat",
    call: (x) => [f.repeat(x!, 2, { axis: 0 }), f.repeat(x!, 3)],
    shapes: [[2, 2]],
    empty: [[[0, 2]]],
    results: [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          2,
          { axis: 1 },
        ],
        [
          [1, 1, 2, 2],
          [3, 3, 4, 4],
        ],
      ],
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          2,
        ],
        [1, 1, 2, 2, 3, 3, 4, 4],
      ],
    ],
    refuses: [[[[1], 1.5], "repeat(): times: expected an integer of 0 or more, got 1.5"]],
  },
  {
    name: "flip",
    call: (x) => [f.flip(x!), f.flip(x!, { axis: 1 })],
    shapes: [[2, 3]],
    empty: [[[0, 3]]],
    results: [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          { axis: 0 },
        ],
        [
          [3, 4],
          [1, 2],
        ],
      ],
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [
          [4, 3],
          [2, 1],
        ],
      ],
    ],
    refuses: [[[[1], { axis: [0, 0] }], "flip(): axis: expected each axis once"]],
  },
  {
    name: "roll",
    call: (x) => f.roll(x!, -4, { axis: 0 }),
    shapes: [[3, 2]],
    empty: [[[0, 2]]],
    results: [
      [
        [[1, 2, 3], 1],
        [3, 1, 2],
      ],
      [
        [[1, 2, 3], -7],
        [2, 3, 1],
      ],
    ],
    refuses: [[[[1], 0.5], "roll(): shift: expected an int32, got 0.5"]],
  },
  {
    name: "squeeze",
    call: (x) => f.squeeze(x!, { axis: [0] }),
    shapes: [[1, 2, 1]],
    results: [[[[[[1, 2]]]], [1, 2]]],
    refuses: [[[[1, 2], { axis: 0 }], "squeeze(): expected size 1 along axis 0, got shape [2]"]],
  },
  {
    name: "expandDims",
    call: (x) => f.expandDims(x!, { axis: -1 }),
    shapes: [[2]],
    empty: [[[0]]],
    results: [
      [
        [[1, 2], { axis: 1 }],
        [[1], [2]],
      ],
    ],
    refuses: [[[[1], { axis: 2 }], "expandDims(): axis"]],
  },
  {
    name: "stopGradient",
    call: (x) => f.mul(x!, f.stopGradient(x!)),
    shapes: [[3]],
    steps: true,
    results: [[[[1, 2]], [1, 2]]],
  },
  {
    name: "cumsum",
    call: (x) => [f.cumsum(x!, { axis: 0, reverse: true }), f.cumsum(x!, { exclusive: true })],
    shapes: [[3, 4]],
    empty: [[[3, 0]], [[0, 4]]],
    results: [
      [[[1, 2, 3]], [1, 3, 6]],
      [
        [[1, 2, 3], { exclusive: true, reverse: true }],
        [5, 3, 0],
      ],
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          { axis: 0 },
        ],
        [
          [1, 2],
          [4, 6],
        ],
      ],
    ],
    refuses: [
      [[ints([1])], "cumsum(): expected a float32 tensor, got int32; cast() converts"],
      [[1], "cumsum(): expected at least 1 axes"],
    ],
  },
  {
    name: "cumprod",
    call: (x) => [f.cumprod(x!, { axis: 0 }), f.cumprod(x!, { exclusive: true, reverse: true })],
    shapes: [[3, 4]],
    empty: [[[3, 0]]],
    results: [
      [[[1, 2, 3]], [1, 2, 6]],
      [
        [[1, 2, 3], { exclusive: true }],
        [1, 1, 2],
      ],
    ],
    refuses: [[[[1], { exclusive: 1 }], "cumprod(): exclusive: expected true or false"]],
  },
  {
    name: "dot",
    call: (a, b) => f.dot(a!, b!),
    shapes: [
      [2, 3],
      [4, 3, 2],
    ],
    empty: [[[2, 0], [0]]],
    results: [
      [
        [
          [1, 2],
          [3, 4],
        ],
        11,
      ],
      [
        [2, [1, 2]],
        [2, 4],
      ],
      [[[[1, 2]], [3, 4]], [11]],
    ],
    refuses: [
      [
        [
          [1, 2],
          [1, 2, 3],
        ],
        "dot(): expected (…, k) and (…, k, n) or (k), got [2] and [3]",
      ],
    ],
  },
  {
    name: "outer",
    call: (a, b) => f.outer(a!, b!),
    shapes: [[2], [3]],
    empty: [[[0], [3]]],
    results: [
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [3, 4],
          [6, 8],
        ],
      ],
    ],
    refuses: [[[ints([1]), [1]], "outer(): expected a float32 tensor"]],
  },
  {
    name: "einsum",
    call: (a, b) => [
      f.einsum("bij,bjk->bik", a!, b!),
      f.einsum("bij,bjk->k", a!, b!),
      f.einsum("abc->ca", a!),
      f.einsum("...ij,...jk->i...k", a!, f.slice(b!, [[0, 1]])),
      f.einsum("b...,b...", a!, a!),
    ],
    shapes: [
      [2, 3, 4],
      [2, 4, 5],
    ],
    empty: [
      [
        [2, 0, 4],
        [2, 4, 5],
      ],
    ],
    door: () => ["ij,jk->ik", [[1, 2]], [[3], [4]]],
    results: [
      [["ij,jk->ik", [[1, 2]], [[3], [4]]], [[11]]],
      [
        [
          "ii->i",
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [1, 4],
      ],
      [
        [
          "ii",
          [
            [1, 2],
            [3, 4],
          ],
        ],
        5,
      ],
      [["ij,ij", [[1, 2]], [[3, 4]]], 11],
      [["i,j,k->jki", [1, 2], [3], [4]], [[[12, 24]]]],
      [
        [
          "ba",
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [
          [1, 3],
          [2, 4],
        ],
      ],
      [["i,i,i->", [1, 2], [3, 4], [5, 6]], 63],
      [["...i,i->...", [[1, 2]], [3, 4]], [11]],
      [
        ["...,...i->i...", [2], [[3, 4]]],
        [[6], [8]],
      ],
      [["...i,...", [[3, 4]], 2], [[6, 8]]],
      [
        ["...,...", [[1], [2]], [10, 20]],
        [
          [10, 20],
          [20, 40],
        ],
      ],
    ],
    refuses: [
      [["ij,jk->ik", [[1]]], "einsum(): equation: expected a letter for each axis of 1 tensors"],
      [["ij->ik", [[1]]], "einsum(): equation"],
      [["...i->i", [[1]]], "einsum(): equation"],
      [["i...j...", [[1]]], "einsum(): equation"],
      [["ij...", [1]], 'einsum(): "ij": expected 2 axes, got shape [1]'],
      [["...i,...i", [[1], [2]], [[1], [2], [3]]], 'einsum(): "0": expected one size, got 2 and 3'],
      [["i", [[1]]], 'einsum(): "i": expected 1 axes, got shape [1, 1]'],
      [["i,i", [1], [1, 2]], 'einsum(): "i": expected one size, got 1 and 2'],
    ],
  },
  {
    name: "tril",
    call: (x) => [f.tril(x!), f.tril(x!, { diagonal: 1 })],
    shapes: [[2, 3, 4]],
    empty: [[[0, 3]]],
    results: [
      [
        [
          [
            [1, nan],
            [3, 4],
          ],
        ],
        [
          [1, 0],
          [3, 4],
        ],
      ],
      [
        [
          ints(
            [
              [1, 2],
              [3, 4],
            ] as never,
            [2, 2],
          ),
          { diagonal: -1 },
        ],
        [
          [0, 0],
          [3, 0],
        ],
      ],
    ],
    refuses: [
      [[[1]], "tril(): expected at least 2 axes"],
      [[[[1]], { diagonal: 0.5 }], "tril(): diagonal: expected an int32"],
    ],
  },
  {
    name: "triu",
    call: (x) => [f.triu(x!), f.triu(x!, { diagonal: -1 })],
    shapes: [[3, 4]],
    empty: [[[3, 0]]],
    results: [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [
          [1, 2],
          [0, 4],
        ],
      ],
    ],
    refuses: [[[[1]], "triu(): expected at least 2 axes"]],
  },
  {
    name: "sort",
    call: (x) => [f.sort(x!, { axis: 0 }), f.sort(x!, { descending: true })],
    shapes: [[5, 7]],
    empty: [[[0, 3]], [[3, 0]]],
    results: [
      [[[3, nan, 1, -inf]], [-inf, 1, 3, nan]],
      [
        [[3, nan, 1, inf], { descending: true }],
        [inf, 3, 1, nan],
      ],
      [[ints([2147483647, 2147483646, -5])], [-5, 2147483646, 2147483647]],
    ],
    refuses: [
      [[1], "sort(): expected at least 1 axes"],
      [[[1], { descending: 1 }], "sort(): descending"],
    ],
  },
  {
    name: "argsort",
    call: (x) => f.cast(f.argsort(x!, { axis: 0 }), "float32"),
    shapes: [[5, 7]],
    empty: [[[3, 0]]],
    steps: true,
    results: [
      [[[3, 1, 2]], [1, 2, 0]],
      [
        [[1, 0, 1, -0, nan], { descending: true }],
        [0, 2, 1, 3, 4],
      ],
    ],
    refuses: [[[1], "argsort(): expected at least 1 axes"]],
  },
  {
    name: "topK",
    call: (x) => pick(f.topK(x!, 2, { axis: 0 })),
    shapes: [[5, 3]],
    empty: [[[2, 0]]],
    door: () => [[1, 4, 3], 2, { axis: 0 }],
    refuses: [
      [[[1], 2], "topK(): expected at least 2 elements along axis 0, got shape [1]"],
      [[[1], 0], "topK(): k: expected a positive integer"],
    ],
  },
  {
    name: "takeAlongAxis",
    call: (x) => [
      f.takeAlongAxis(x!, ints([2, 0, 2, 1], [4, 1]), { axis: 0 }),
      f.takeAlongAxis(x!, f.argsort(x!)),
    ],
    shapes: [[3, 2]],
    results: [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          ints([1, 0], [2, 1]),
        ],
        [[2], [3]],
      ],
      [
        [ints([5, 6]), ints([1, 1, 0])],
        [6, 6, 5],
      ],
    ],
    refuses: [
      [[[1], [0.5]], "takeAlongAxis(): element 0: expected a number that int32 holds, got 0.5"],
      [
        [[1], ints([0], [1, 1])],
        "takeAlongAxis(): expected as many axes, got shapes [1] and [1, 1]",
      ],
    ],
  },
  {
    name: "putAlongAxis",
    call: (x, v) => [
      f.putAlongAxis(x!, ints([2, 0, 2], [3, 1]), v!, { axis: 0 }),
      f.putAlongAxis(x!, ints([1, 1], [1, 2]), f.slice(v!, [null, [0, 2]]), { mode: "add" }),
    ],
    shapes: [
      [3, 2],
      [3, 2],
    ],
    door: () => [[0, 0, 0], ints([2, 0]), [5, 6], { axis: 0, mode: "add" }],
    results: [
      [
        [[0, 0, 0], ints([2, 0]), [5, 6]],
        [6, 0, 5],
      ],
      [
        [[1, 1], ints([0, 0]), [2, 3], { mode: "add" }],
        [6, 1],
      ],
      [
        [[1, 1], ints([0, 0]), [2, 3]],
        [3, 1],
      ],
      [
        [ints([1, 2]), ints([1]), ints([2147483647])],
        [1, 2147483647],
      ],
    ],
    refuses: [
      [[[1], ints([0]), ints([1])], "putAlongAxis(): expected a float32 tensor, got int32"],
      [[[1], ints([0]), [1], { mode: "max" }], 'unknown mode "max"'],
      [
        [[[1, 2]], ints([0, 0], [2, 1]), 1],
        "expected indices and values that stretch to shape [1, 2]",
      ],
    ],
  },
  {
    name: "scatterAdd",
    call: (x, v) => f.scatterAdd(x!, ints([2, 0, 2]), v!),
    shapes: [
      [3, 2],
      [3, 2],
    ],
    results: [
      [
        [[0, 0, 0], ints([2, 0, 2]), [1, 2, 3]],
        [2, 0, 4],
      ],
    ],
    refuses: [[[[1], ints([0]), [[1]]], "scatterAdd(): expected values of shape [1], got [1, 1]"]],
  },
  {
    name: "gather",
    call: (x) => [
      f.gather(x!, ints([1, 0, 1, 1], [2, 2]), { axis: 1 }),
      f.gather(x!, ints([1, 1])),
    ],
    shapes: [[3, 2]],
    results: [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          ints([1]),
          { axis: 1 },
        ],
        [[2], [4]],
      ],
      [[ints([5, 2147483647]), ints([1])], [2147483647]],
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          ints([0, 1, 1, 0], [2, 2]),
          { axis: 1 },
        ],
        [
          [
            [1, 2],
            [2, 1],
          ],
          [
            [3, 4],
            [4, 3],
          ],
        ],
      ],
    ],
    refuses: [
      [[[1], ints([0]), { axis: 1 }], "gather(): axis: expected an integer from -1 to 0, got 1"],
    ],
  },
  {
    name: "matmul",
    call: (a, b) => [f.matmul(a!, b!), f.matmul(b!, a!)],
    shapes: [[4, 4], [4]],
    empty: [[[0, 0], [0]]],
    results: [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          [1, 1],
        ],
        [3, 7],
      ],
      [
        [
          [1, 2],
          [3, 4],
        ],
        11,
      ],
      [
        [
          [1, 2],
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [7, 10],
      ],
    ],
    refuses: [
      [
        [
          [1, 2],
          [1, 2, 3],
        ],
        "matmul(): expected (…, m, k) and (…, k, n)",
      ],
      [[1, [1]], "matmul(): expected"],
    ],
  },
  {
    name: "arange",
    call: (x) => f.mul(x!, f.arange(3)),
    shapes: [[3]],
    results: [
      [[4], [0, 1, 2, 3]],
      [
        [1, 2, 0.25],
        [1, 1.25, 1.5, 1.75],
      ],
      [
        [5, 0, -2],
        [5, 3, 1],
      ],
      [
        [1, 10, 3, { dtype: "int32" }],
        [1, 4, 7],
      ],
      [[3, 1], []],
    ],
    refuses: [
      [[1, 2, 0], "arange(): step: expected a number other than 0, got 0"],
      [[0, 1, 0.5, { dtype: "int32" }], "arange(): step: expected an int32"],
      [[Number.NaN], "arange(): stop"],
    ],
  },
  {
    name: "linspace",
    call: (x) => f.mul(x!, f.linspace(0, 1, 3)),
    shapes: [[3]],
    results: [
      [
        [0, 1, 5],
        [0, 0.25, 0.5, 0.75, 1],
      ],
      [[2, 3, 1], [2]],
      [[2, 3, 0], []],
    ],
    refuses: [[[0, 1, -1], "linspace(): count: expected an integer of 0 or more"]],
  },
  {
    name: "eye",
    call: (x) => f.matmul(x!, f.eye(2)),
    shapes: [[3, 2]],
    results: [
      [
        [2],
        [
          [1, 0],
          [0, 1],
        ],
      ],
      [
        [2, 3],
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ],
    ],
    refuses: [[[-1], "eye(): shape[0]: expected an integer of 0 or more"]],
  },
  {
    name: "zerosLike",
    call: (x) => f.add(x!, f.zerosLike(x!)),
    shapes: [[2]],
    empty: [[[0]]],
    results: [
      [[[[1, 2]]], [[0, 0]]],
      [[ints([7])], [0]],
    ],
    refuses: [[[{}], "zerosLike(): expected arrays of numbers"]],
  },
  {
    name: "onesLike",
    call: (x) => f.mul(x!, f.onesLike(x!)),
    shapes: [[2]],
    empty: [[[0]]],
    results: [[[bools([0])], [1]]],
    refuses: [[[{}], "onesLike(): expected arrays of numbers"]],
  },
  ...IMAGE_FUNCTIONS,
];
