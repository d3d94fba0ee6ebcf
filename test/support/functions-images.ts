import {
  averagePool1d,
  averagePool2d,
  maxPool1d,
  maxPool2d,
  ones,
  reshape,
  tensor,
} from "ferrograd";
import type { Row } from "./functions.ts";

const nan = Number.NaN;
/** An image of one channel. */
const image = (rows: readonly (readonly number[])[]) =>
  reshape(tensor(rows.flat()), [1, rows.length, rows[0]!.length, 1]);
const column = (values: readonly number[]) => [values.map((value) => [value])];

/** Functions of images and steps. */
export const IMAGE_FUNCTIONS: readonly Row[] = [
  {
    name: "maxPool1d",
    call: (x) => [
      maxPool1d(x!, 2),
      maxPool1d(x!, 3, { strides: 1, padding: "same" }),
      maxPool1d(x!, 3, { strides: 2, padding: [[2, 0]] }),
    ],
    shapes: [[2, 7, 5]],
    empty: [[[0, 7, 2]], [[2, 7, 0]]],
    results: [
      [[column([1, 3, 2, 0, 9]), 2], column([3, 2])],
      [[column([1, 3, 2, 0, 9]), 2, { padding: "same" }], column([3, 2, 9])],
      [[column([nan, 3, 2, nan]), 2, { strides: 1 }], column([nan, 3, nan])],
      [[column([1, 3]), 2, { padding: 1 }], column([1, 3])],
    ],
    refuses: [
      [[column([1, 2]), 0], "maxPool1d(): poolSize: expected a positive integer, got 0"],
      [
        [column([1, 2]), 3],
        'maxPool1d(): expected a kernel no larger than the padded input, got 3 for 2 along axis 1, which leaves no output; take padding "same", a smaller kernel or larger inputs',
      ],
      [
        [column([1, 2]), 2, { padding: 2 }],
        "maxPool1d(): padding: expected less than the size of a window, 2, got 2: one would lie outside",
      ],
      [[[[1, 2]], 2], "maxPool1d(): expected inputs (batch, steps, channels), got shape [1, 2]"],
      [
        [column([1]), 1, { padding: [[1]] }],
        "maxPool1d(): padding[0]: expected [before, after], got an array of length 1",
      ],
      [
        [column([1]), 1, { padding: "full" }],
        'maxPool1d(): padding: expected "valid", "same", an integer or [[before, after]], got "full"',
      ],
      [
        [ones([1, 0, 1]), 1, { padding: "same" }],
        "maxPool1d(): expected a kernel no larger than the padded input, got 1 for 0",
      ],
    ],
  },
  {
    name: "maxPool2d",
    call: (x) => [
      maxPool2d(x!, 2),
      maxPool2d(x!, [2, 3], { strides: 1, padding: "same" }),
      maxPool2d(x!, 3, {
        strides: [2, 1],
        padding: [
          [1, 2],
          [0, 1],
        ],
      }),
      maxPool2d(x!, 2, { strides: 3 }),
    ],
    shapes: [[2, 5, 4, 3]],
    empty: [[[0, 3, 3, 1]]],
    results: [
      [
        [
          image([
            [1, 2, 5],
            [3, 4, 6],
          ]),
          2,
        ],
        [[[[4]]]],
      ],
      [
        [
          image([
            [1, 2, 5],
            [3, 4, 6],
          ]),
          2,
          { strides: 1 },
        ],
        [[[[4], [6]]]],
      ],
    ],
    refuses: [
      [
        [
          ones([1, 3, 4, 1]),
          [4, 2],
          {
            padding: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
        "maxPool2d(): expected a kernel no larger than the padded input, got 4 for 3 along axis 1",
      ],
      [
        [ones([1, 3, 4, 1]), [1, 2, 3]],
        "maxPool2d(): poolSize: expected a positive integer or 2 of them",
      ],
      [
        [ones([1, 3, 4, 1]), 1, { padding: [[0, 0]] }],
        'maxPool2d(): padding: expected "valid", "same", an integer or [[before, after], [before, after]]',
      ],
    ],
  },
  {
    name: "averagePool1d",
    call: (x) => [
      averagePool1d(x!, 2),
      averagePool1d(x!, 3, { strides: 1, padding: "same" }),
      averagePool1d(x!, 3, { strides: 2, padding: 1, countIncludePad: true }),
    ],
    shapes: [[2, 7, 5]],
    empty: [[[0, 7, 2]], [[2, 7, 0]]],
    results: [
      [[column([1, 3, 2, 0]), 2], column([2, 1])],
      [[column([1, 3]), 2, { padding: 1 }], column([1, 3])],
      [[column([1, 3]), 2, { padding: 1, countIncludePad: true }], column([0.5, 1.5])],
    ],
    refuses: [
      [
        [column([1]), 1, { countIncludePad: 1 }],
        "averagePool1d(): countIncludePad: expected true or false",
      ],
    ],
  },
  {
    name: "averagePool2d",
    call: (x) => [
      averagePool2d(x!, 2),
      averagePool2d(x!, [2, 3], { strides: 1, padding: "same" }),
      averagePool2d(x!, 3, {
        strides: [2, 1],
        padding: [
          [1, 2],
          [0, 1],
        ],
        countIncludePad: true,
      }),
      averagePool2d(x!, 2, { strides: 3 }),
    ],
    shapes: [[2, 5, 4, 3]],
    empty: [[[0, 3, 3, 1]]],
    results: [
      [
        [
          image([
            [1, 2],
            [3, 4],
          ]),
          2,
        ],
        [[[[2.5]]]],
      ],
    ],
    refuses: [
      [
        [ones([1, 3, 4]), 2],
        "averagePool2d(): expected inputs (batch, height, width, channels), got shape [1, 3, 4]",
      ],
    ],
  },
];
