/** Data of several inputs and outputs by name: what is missing, too much or misspelt is named, before anything runs. */
import { add, cast, dense, input, layer, model, type Tensor, tensor } from "ferrograd";
import { describe, expect, it } from "vitest";
import { failure, flatWeights } from "./support/model.ts";

const rows = [
  [1, 2],
  [3, 4],
];
const x = { image: rows, words: [[0], [1]] };
const y = { kind: [0, 1], size: [[1], [2]] };
const loss = { kind: "sparseCategoricalCrossentropy", size: "meanSquaredError" } as const;

function net() {
  const image = input([2]);
  const words = input([1], { dtype: "int32" });
  const floats = layer((w: Tensor<readonly number[], "int32">) => cast(w, "float32"));
  const joined = layer(([a, b]: readonly Tensor[]) => add(a!, b!));
  const sum = joined([dense(2)(image), dense(2)(floats(words))]);
  const outputs = { kind: dense(2)(sum), size: dense(1)(sum) };
  return model({ inputs: { image, words }, outputs, seed: 1 });
}
const compiled = () => net().compile({ optimizer: "sgd", loss });
const tensors = { image: tensor(rows), words: tensor([[0], [1]], undefined, "int32") };

/** What takes a record: a right one, what messages begin with, and whether a name may be left out. */
interface Door {
  readonly call: (given: never) => unknown;
  readonly right: object;
  readonly says: string;
  readonly kind: "input" | "output";
  readonly mayLack?: true;
}

const DOORS: Record<string, Door> = {
  predict: {
    call: (given) => net().predict(given),
    ...{ right: x, says: "predict(): x", kind: "input" },
  },
  call: { call: (given) => net().call(given), right: tensors, says: "call()", kind: "input" },
  "x of fit": {
    call: (given) => compiled().fitSync(given, y),
    ...{ right: x, says: "fitSync(): x", kind: "input" },
  },
  "y of fit": {
    call: (given) => compiled().fitSync(x, given),
    ...{ right: y, says: "fitSync(): y", kind: "output" },
  },
  sampleWeight: {
    call: (sampleWeight) => compiled().fitSync({ x, y, sampleWeight }),
    right: { kind: [1, 2], size: [1, 2] },
    ...{ says: "fitSync(): sampleWeight", kind: "output", mayLack: true },
  },
  "x of validationData": {
    call: (given) => compiled().fitSync(x, y, { validationData: [given, y] }),
    ...{ right: x, says: "fitSync(): validationData x", kind: "input" },
  },
  "x of trainOnBatch": {
    call: (given) => compiled().trainOnBatch(given, y),
    ...{ right: x, says: "trainOnBatch(): x", kind: "input" },
  },
  "y of evaluate": {
    call: (given) => compiled().evaluate(x, given),
    ...{ right: y, says: "evaluate(): y", kind: "output" },
  },
  "loss of compile": {
    call: (given) => net().compile({ optimizer: "sgd", loss: given }),
    ...{ right: loss, says: "compile(): loss", kind: "output" },
  },
  "metrics of compile": {
    call: (metrics) => net().compile({ optimizer: "sgd", loss, metrics }),
    right: { kind: ["accuracy"], size: [] },
    ...{ says: "compile(): metrics", kind: "output", mayLack: true },
  },
  "lossWeights of compile": {
    call: (lossWeights) => net().compile({ optimizer: "sgd", loss, lossWeights }),
    right: { kind: 1, size: 2 },
    ...{ says: "compile(): lossWeights", kind: "output", mayLack: true },
  },
};

describe.each(Object.entries(DOORS))("%s", (_name, { call, right, says, kind, mayLack }) => {
  const [[first, value], [second, other]] = Object.entries(right) as [
    [string, unknown],
    [string, unknown],
  ];
  const said = (given: unknown) => failure(() => call(given as never));

  it("takes names in any order, and a list in theirs", async () => {
    expect(await said({ [second]: other, [first]: value })).toBe("no error");
    expect(await said([value, other])).toBe("no error");
  });

  it("names what is missing", async () => {
    const message = `ArgumentError: ${says}: expected something for ${kind} "${second}", got none`;
    expect(await said({ [first]: value })).toBe(mayLack ? "no error" : message);
    expect(await said({ [first]: value, [second]: undefined })).toBe(
      mayLack ? "no error" : message,
    );
  });

  it("names what is too much, or misspelt", async () => {
    expect(await said({ ...right, depth: value })).toBe(
      `ArgumentError: ${says}: unknown ${kind} "depth"; expected one of "${first}", "${second}"`,
    );
    const misspelt = `${second.slice(0, -1)}e${second.at(-1)}`;
    expect(await said({ [first]: value, [misspelt]: other })).toBe(
      `ArgumentError: ${says}: unknown ${kind} "${misspelt}"; did you mean "${second}"?`,
    );
  });

  it("refuses lists of another length", async () => {
    for (const given of [[value], [value, other, value]]) {
      expect(await said(given)).toMatch(/^ArgumentError: /);
    }
  });
});

describe("of the names", () => {
  it("each input refuses another type and another shape, and the model stays as it was", async () => {
    using trained = compiled();
    trained.trainOnBatch(x, y);
    const before = flatWeights(trained);
    const cases: [object, string][] = [
      [
        { ...x, words: [[0.5], [1]] },
        'DataError: fit(): x "words": row 0: expected an int32, got 0.5',
      ],
      [
        { ...x, image: [[1], [2]] },
        'ShapeError: fit(): x "image": expected rows of shape [2], got [1]',
      ],
      [{ ...x, image: [[1, 2]] }, 'DataError: fit(): x "image" has 1 row but x "words" has 2'],
      [
        { ...x, image: [[1, Number.NaN], rows[1]] },
        'DataError: fit(): x "image": row 0, column 1: expected a finite number, got NaN',
      ],
    ];
    for (const [given, message] of cases) {
      expect(await failure(() => trained.fit(given as typeof x, y))).toBe(message);
    }
    const wrong = { ...y, kind: [0, 2] };
    expect(await failure(() => trained.fit(x, wrong))).toBe(
      'DataError: fit(): y "kind": row 1: expected a class from 0 to 1, got 2',
    );
    expect(flatWeights(trained)).toEqual(before);
  });
});
