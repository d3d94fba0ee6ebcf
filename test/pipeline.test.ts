import {
  ArgumentError,
  adam,
  DataError,
  Dataset,
  dense,
  permutation,
  StateError,
  sequential,
} from "ferrograd";
import { fromArrays, fromGenerator, type Pipeline, zip } from "ferrograd/data";
import { digits } from "ferrograd/datasets";
import { describe, expect, test, vi } from "vitest";

const numbers = (n: number): Pipeline<number> =>
  fromGenerator(() => Array.from({ length: n }, (_, i) => i));
const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 0, value));
/** The same numbers, each of which has to be waited for; it says when it is closed. */
const slow = (n: number, closed = () => {}): Pipeline<number> =>
  fromGenerator(async function* () {
    try {
      for (let i = 0; i < n; i++) yield await later(i);
    } finally {
      await later(0);
      closed();
    }
  });

async function all<T>(pipeline: AsyncIterable<T>): Promise<T[]> {
  const elements: T[] = [];
  for await (const element of pipeline) elements.push(element);
  return elements;
}
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);

describe("elements", () => {
  test("are changed, left out, counted and joined", () => {
    const made = numbers(10)
      .map((n, index) => n * 10 + index)
      .filter((n) => n % 2 === 1);
    expect([...made]).toEqual([11, 33, 55, 77, 99]);
    expect([...numbers(10).skip(2).take(3)]).toEqual([2, 3, 4]);
    expect([...numbers(3).take(0)]).toEqual([]);
    expect([...numbers(3).skip(5)]).toEqual([]);
    expect([...numbers(2).repeat(3)]).toEqual([0, 1, 0, 1, 0, 1]);
    expect([...numbers(2).repeat().take(5)]).toEqual([0, 1, 0, 1, 0]);
    expect([...numbers(0).repeat()]).toEqual([]);
    expect([...numbers(2).concatenate(numbers(3))]).toEqual([0, 1, 0, 1, 2]);
    expect([...zip(numbers(3), numbers(2))]).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect([...zip({ a: numbers(2), b: numbers(9) })]).toEqual([
      { a: 0, b: 0 },
      { a: 1, b: 1 },
    ]);
  });

  test("come the same whether waited for or not", async () => {
    const through = (source: Pipeline<number>) =>
      zip(
        source.map((n) => n + 1).shuffle(3, 4),
        source.filter((n) => n < 8),
      )
        .repeat(2)
        .prefetch(3)
        .batch(3);
    const shown = (batches: unknown[]) => JSON.stringify(batches);
    const expected = shown([...through(numbers(10))]);
    expect(shown(await all(through(numbers(10))))).toBe(expected);
    expect(shown(await all(through(slow(10))))).toBe(expected);
    const waiting = numbers(10).map((n) => later(n));
    expect(shown(await all(through(waiting)))).toBe(expected);
  });

  test("that are to be waited for are refused by a plain loop, and so are other makers", () => {
    expect(() => [...slow(3)]).toThrow(StateError);
    expect(() => [...numbers(3).map((n) => later(n))]).toThrow("expected `for await`");
  });

  test("of arrays are rows: numbers, typed arrays, arrays with a shape", () => {
    const [first] = [
      ...fromArrays(
        [
          [1, 2],
          [3, 4],
        ],
        [5, 6],
        [0.5, 1],
      ),
    ];
    expect(first).toEqual([Float32Array.of(1, 2), 5, 0.5]);
    const images = { data: new Float32Array(24), shape: [2, 3, 4] };
    expect([...fromArrays({ images })][0]).toEqual({
      images: { data: new Float32Array(12), shape: [3, 4] },
    });
    const data = new Dataset({ x: [[1], [2]], y: [0, 1] });
    const [x] = [...fromArrays(data)][0]!;
    (x as Float32Array)[0] = 9; // a copy
    expect(data.x.data[0]).toBe(1);
  });

  test("know how many they are where it can be known", () => {
    const rows = fromArrays([[1], [2], [3], [4], [5]]);
    const sizes = [
      rows,
      rows.batch(2),
      rows.batch(2, { dropLast: true }),
      rows.take(3),
      rows.skip(4),
      rows.repeat(3),
    ];
    expect(sizes.map(({ size }) => size)).toEqual([5, 3, 2, 3, 1, 15]);
    for (const each of sizes) expect([...each].length).toBe(each.size);
    expect([rows.filter(() => true), rows.repeat(), numbers(3)].map(({ size }) => size)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([
      zip(rows, rows.take(2)).size,
      zip(rows, numbers(2)).size,
      rows.concatenate(rows).size,
    ]).toEqual([2, undefined, 10]);
  });
});

describe("shuffled", () => {
  test("all at a time they have the orders of `permutation`, another in each pass, the same each time it is made", () => {
    const make = () =>
      fromArrays(Array.from({ length: 20 }, (_, i) => i))
        .shuffle(7)
        .map(([n]) => n);
    const made = make();
    const passes = [[...made], [...made], [...made]];
    passes.forEach((pass, i) => {
      expect(pass).toEqual([...permutation(20, 7, 1, i + 1)]);
    });
    const again = make();
    expect([[...again], [...again], [...again]]).toEqual(passes);
    expect([...make().repeat(3)]).toEqual(passes.flat());
  });

  test("in a buffer none is lost, none comes long before its place", () => {
    const order = [...numbers(100).shuffle(1, 10)];
    expect(sorted(order)).toEqual([...numbers(100)]);
    expect(order).not.toEqual([...numbers(100)]);
    order.forEach((n, place) => expect(n).toBeLessThan(place + 10));
    const firsts = new Set(
      Array.from({ length: 40 }, (_, seed) => [...numbers(5).shuffle(seed, 5)][0]),
    );
    expect(firsts.size).toBe(5);
    expect([...numbers(3).shuffle(1, 10)].length).toBe(3);
  });

  test("of unknown number they need a buffer's size", () => {
    expect(() => numbers(3).shuffle(1)).toThrow(
      "shuffle(): bufferSize: expected a positive integer",
    );
  });

  test("batches are those of fit: the same bits, over epochs", async () => {
    const { train } = digits();
    const rows = train.take(200);
    const model = () =>
      sequential([dense(16, { activation: "relu" }), dense(10)], {
        inputShape: [64],
        seed: 5,
      }).compile({
        optimizer: adam(),
        loss: "sparseCategoricalCrossentropy",
      });
    using whole = model();
    using piecewise = model();
    using streamed = model();
    await whole.fit(rows, { epochs: 3, batchSize: 32, seed: 9 });
    const batches = fromArrays(rows).shuffle(9).batch(32);
    for (let epoch = 0; epoch < 3; epoch++)
      for (const [x, y] of batches) piecewise.trainOnBatch(x, y);
    await streamed.fit(fromArrays(rows).shuffle(9).batch(32).prefetch(), { epochs: 3 });
    expect(piecewise.getWeights()).toEqual(whole.getWeights());
    expect(streamed.getWeights()).toEqual(whole.getWeights());
  });
});

describe("batches", () => {
  test("of arrays keep their type; other numbers are float32, texts a list", () => {
    const rows = fromArrays(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [0, 1, 1],
    );
    const [[x, y]] = [...rows.batch(2)] as unknown as [
      [{ data: unknown; shape: unknown }, { data: unknown }],
    ];
    expect([x.data, x.shape, y.data]).toEqual([
      Float32Array.of(1, 2, 3, 4),
      [2, 2],
      Int32Array.of(0, 1),
    ]);
    const labels = zip(
      rows.filter(([, label]) => label === 1),
      numbers(5),
    ).batch(9);
    const [[[, kept], other]] = [...labels] as never as [
      [[unknown, { data: unknown }], { data: unknown }],
    ];
    expect([kept.data, other.data]).toEqual([Int32Array.of(1, 1), Float32Array.of(0, 1)]);
    const mapped = rows.map(([a, b]) => ({ a, b, name: "n", deep: { c: [[1], [2]] } })).batch(3);
    expect([...mapped]).toEqual([
      {
        a: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] },
        b: { data: Float32Array.of(0, 1, 1), shape: [3] },
        name: ["n", "n", "n"],
        deep: { c: { data: Float32Array.of(1, 2, 1, 2, 1, 2), shape: [3, 2, 1] } },
      },
    ]);
    expect(
      [
        ...numbers(2)
          .map((n) => Int32Array.of(n))
          .batch(2),
      ][0],
    ).toEqual({ data: Int32Array.of(0, 1), shape: [2, 1] });
  });

  test("name the element that does not fit", () => {
    const of =
      (...elements: unknown[]) =>
      () => [...fromGenerator(() => elements).batch(2)];
    expect(of([1], [1], [[1, 2]], [[1]])).toThrow(
      "batch(): element 3, part 0: expected shape [2] as before, got [1]",
    );
    expect(of({ x: 1 }, { y: 1 })).toThrow("element 1: expected an object with x as before");
    expect(of([1, 2], [1])).toThrow("element 1: expected 2 parts as before, got 1 parts");
    expect(of([1, null])).toThrow(
      "element 0, part 1: expected numbers, arrays of them or text, got null",
    );
    expect(of("a", 1)).toThrow("element 1: expected text as before, got 1");
    expect(of([[1, [2]]])).toThrow(DataError);
  });

  test("are filled up", () => {
    const lists = fromGenerator(
      () =>
        [
          [[1], 0],
          [[2, 3], 1],
          [[4, 5, 6], 1],
        ] as [number[], number][],
    );
    const data = (batches: Iterable<unknown>) =>
      Array.from(batches, (batch) =>
        (batch as { data: number[]; shape: number[] }[]).map((part) => [...part.data]),
      );
    expect(data(lists.paddedBatch(2))).toEqual([
      [
        [1, 0, 2, 3],
        [0, 1],
      ],
      [[4, 5, 6], [1]],
    ]);
    expect(
      data(lists.paddedBatch(2, { side: "start", value: -1, length: 4, dropLast: true })),
    ).toEqual([
      [
        [-1, -1, -1, 1, -1, -1, 2, 3],
        [0, 1],
      ],
    ]);
    expect(() => [...lists.paddedBatch(2, { length: [2, undefined] })]).toThrow(
      "paddedBatch(): element 2, part 0: expected a length of at most 2, got 3",
    );
    const wide = fromGenerator(() => [
      { x: [[1, 2]] },
      {
        x: [
          [3, 4],
          [5, 6],
        ],
      },
    ]);
    expect([...wide.paddedBatch(2, { length: { x: 3 } })]).toEqual([
      { x: { data: Float32Array.of(1, 2, 0, 0, 0, 0, 3, 4, 5, 6, 0, 0), shape: [2, 3, 2] } },
    ]);
  });
});

describe("state", () => {
  const pipelines: Record<string, () => Pipeline<unknown>> = {
    arrays: () =>
      fromArrays(Array.from({ length: 11 }, (_, i) => i))
        .shuffle(2)
        .batch(2),
    "a buffer": () =>
      numbers(11)
        .shuffle(2, 3)
        .map((n) => n + 1),
    "filter and repeat": () =>
      numbers(7)
        .shuffle(1, 7)
        .filter((n) => n % 3 > 0)
        .repeat(2)
        .batch(2),
    "known repeats": () => fromArrays([1, 2, 3]).shuffle(1).repeat(3).skip(1).take(7),
    endless: () => fromArrays([1, 2, 3]).shuffle(1).repeat().take(10),
    "zip and concatenate": () =>
      zip(numbers(4).concatenate(slow(3)).prefetch(2), numbers(9).skip(1)),
    cache: () => numbers(6).shuffle(3, 6).cache().batch(4).prefetch(),
    "caches of caches": () =>
      zip(numbers(5).shuffle(3, 6).cache().shuffle(1, 6).cache(), slow(5).shuffle(2, 6).cache())
        .skip(1)
        .repeat(2),
  };

  test.each(Object.keys(pipelines))("of %s goes on from any place, through JSON", async (name) => {
    const make = pipelines[name]!;
    const whole = make();
    const passes = [await all(whole), await all(whole)];
    for (let pass = 0; pass < 2; pass++) {
      for (let count = 0; count < passes[pass]!.length; count++) {
        const first = make();
        for (let i = 0; i < pass; i++) await all(first);
        const walk = first[Symbol.asyncIterator]();
        for (let i = 0; i < count; i++) await walk.next();
        const state = JSON.parse(JSON.stringify(first.state()));
        await walk.return?.();
        const second = make();
        second.restore(count === 0 ? { ...state, pass } : state);
        expect(await all(second)).toEqual(passes[pass]!.slice(count));
        if (pass === 0) expect(await all(second)).toEqual(passes[1]);
      }
    }
  });

  test("of a cache says which pass it keeps, in other pipelines of it too", async () => {
    const make = () => numbers(8).shuffle(4, 8).cache();
    const kept = make();
    for (const _ of kept) break; // the first pass does not come to its end
    const second = [...kept];
    const state = kept.map((n) => n).state();
    expect(state.cached).toEqual([1]);
    expect([...kept]).toEqual(second);
    const again = make();
    expect([...again]).not.toEqual(second);
    again.restore(kept.state());
    expect([...again]).toEqual(second);
    expect([...again.batch(8)][0]!.data).toEqual(Float32Array.from(second));
    const { cached: _, ...older } = kept.state();
    again.restore(older);
    expect([...again]).not.toEqual(second);
    for (const cached of [[], [1, 1], [-1], ["a"], 1]) {
      expect(() => again.restore({ ...state, pipeline: kept.state().pipeline, cached })).toThrow(
        "restore(): cached",
      );
    }
  });

  test("is of one pipeline only", () => {
    const state = numbers(3)
      .map((n) => n)
      .batch(2)
      .state();
    const other = numbers(3).batch(2);
    expect(() => other.restore(state)).toThrow("restore(): expected the state of");
    expect(() => other.restore({ ...other.state(), taken: -1 })).toThrow(ArgumentError);
    expect(() => other.restore(undefined)).toThrow(ArgumentError);
    expect([...other].length).toBe(2);
  });

  test("leaves out what map need not make again", () => {
    const f = vi.fn((n: number) => n);
    const made = fromArrays([1, 2, 3, 4])
      .map(([n]) => f(n))
      .batch(2);
    made.restore({ ...made.state(), taken: 1 });
    expect([...made]).toEqual([{ data: Float32Array.of(3, 4), shape: [2] }]);
    expect(f).toHaveBeenCalledTimes(2);
  });
});

describe("walks", () => {
  test("at once know nothing of each other", async () => {
    const made = slow(6).shuffle(1, 3).batch(2);
    const [first, second] = await Promise.all([all(made), all(made)]);
    const alone = slow(6).shuffle(1, 3).batch(2);
    expect([first, second]).toEqual([await all(alone), await all(alone)]);
    const [a, b] = [numbers(4)[Symbol.iterator](), numbers(4)[Symbol.iterator]()];
    a.next();
    expect([a.next().value, b.next().value]).toEqual([1, 0]);
  });

  test("close generators where they end early, and wait for it", async () => {
    const closed = vi.fn();
    const made = zip(
      slow(99, closed)
        .map((n) => n)
        .prefetch(4),
      slow(99, closed),
    )
      .batch(2)
      .take(2);
    expect((await all(made)).length).toBe(2);
    expect(closed).toHaveBeenCalledTimes(2);
    for await (const _ of made) break;
    expect(closed).toHaveBeenCalledTimes(4);
    const failing = slow(99, closed).map((n) => {
      if (n === 2) throw new Error("two");
    });
    await expect(all(failing)).rejects.toThrow("map(): element 2: two");
    expect(closed).toHaveBeenCalledTimes(5);
  });

  test("ask for no more than they need: an endless source is no trouble", () => {
    let made = 0;
    const endless = fromGenerator(function* () {
      for (;;) yield made++;
    });
    expect(
      [
        ...endless
          .map((n) => n)
          .shuffle(1, 4)
          .batch(2)
          .take(3),
      ].length,
    ).toBe(3);
    expect(made).toBe(10);
  });

  test("ask ahead with prefetch", async () => {
    let made = 0;
    const ahead = fromGenerator(function* () {
      for (;;) yield made++;
    }).prefetch(5);
    const walk = ahead[Symbol.asyncIterator]();
    expect((await walk.next()).value).toBe(0);
    expect(made).toBe(6);
    await walk.return?.();
  });

  test("call functions once for each element that is kept", () => {
    const f = vi.fn((n: number) => n);
    const kept = numbers(5).map(f).cache();
    expect([[...kept], [...kept.take(2)], [...kept]]).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1],
      [0, 1, 2, 3, 4],
    ]);
    expect(f).toHaveBeenCalledTimes(5);
  });

  test("name the element at which a function throws, and keep its error", async () => {
    const boom = new RangeError("boom");
    const throwing = (n: number) => {
      if (n === 3) throw boom;
      return true;
    };
    for (const made of [
      numbers(9).map(throwing),
      numbers(9).filter(throwing),
    ] as Pipeline<unknown>[]) {
      const error = await all(made).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(DataError);
      expect(error).toMatchObject({
        message: expect.stringMatching(/^(map|filter)\(\): element 3: boom$/),
        cause: boom,
      });
      expect(() => [...made]).toThrow("element 3");
    }
    const rejecting = numbers(9)
      .map((n) => (n === 4 ? Promise.reject(boom) : n))
      .prefetch(3);
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const n of rejecting) seen.push(n);
      })(),
    ).rejects.toThrow("map(): element 4: boom");
    expect(seen).toEqual([0, 1, 2, 3]);
    const generator = fromGenerator(function* () {
      yield 1;
      yield 2;
      throw boom;
    });
    await expect(all(generator.batch(5))).rejects.toThrow("fromGenerator(): element 2: boom");
  });

  test("of an iterator are one; of a function as many as one likes", async () => {
    const once = fromGenerator([1, 2][Symbol.iterator]());
    expect([...once]).toEqual([1, 2]);
    expect(() => [...once]).toThrow(
      "fromGenerator(): expected a function that opens the source for each pass",
    );
    const set = fromGenerator(new Set([1, 2]));
    expect([[...set], [...set]]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(() => [...fromGenerator(() => 7 as never)]).toThrow(
      "expected a generator function or an iterable, got 7",
    );
  });
});
