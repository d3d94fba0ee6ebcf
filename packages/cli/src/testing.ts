import type { Split } from "./datasets.ts";
import { type ColumnEffect, explain } from "./explain.ts";
import { linearOf } from "./linear.ts";
import { type Levels, levelsOf } from "./network.ts";
import { joined, measure, type Results } from "./results.ts";
import type { Source } from "./source.ts";
import { SILENT, type Trained, type TrainSettings, trainOn } from "./training.ts";

/** A trained network, and what its test gave. */
export interface Training extends Trained, Tested {
  /** Units of each level, and filters with their size. */
  readonly levels: Levels;
  /** What the answers have to do with each column, for tables. */
  readonly effects?: readonly ColumnEffect[];
}

interface Tested {
  readonly results: Results;
  /** What a linear model makes of the same rows, for tables. */
  readonly linear?: Results;
}

/** Tests a network on the rows that training never saw. */
export async function test(
  source: Source,
  settings: TrainSettings,
  trained: Trained,
): Promise<Training> {
  const { split, table } = source;
  return {
    ...trained,
    levels: levelsOf(split, trained.settings),
    ...(await testOn(source, settings, trained)),
    ...(table && { effects: explain(trained.model, trained.reading, split.test, table.schema) }),
  };
}

/** How well a network does on rows for the test, or on each fold of a table a network that never saw it. */
async function testOn(
  { split, table }: Source,
  settings: TrainSettings,
  trained: Trained,
): Promise<Tested> {
  const folds = table?.folds ?? [];
  if (table === undefined || folds.length === 0 || trained.interrupted) {
    const results = measure(trained.model, split.test, trained.reading);
    const linear = table && (await trainLinear(split, settings, trained));
    return { results, ...(linear && { linear }) };
  }
  const tests: Tested[] = [];
  for (const { train, test: rows, holding } of folds) {
    const part = { train: table.data.rows(train), test: table.data.rows(rows), holding };
    const own = await trainOn(part, settings, SILENT, { isStopped: false }, table.schema.target);
    const results = measure(own.model, part.test, own.reading);
    own.model.dispose();
    const linear = await trainLinear(part, settings, own);
    tests.push({ results, ...(linear && { linear }) });
  }
  const linears = tests.flatMap(({ linear }) => linear ?? []);
  return {
    results: joined(tests.map(({ results }) => results)),
    ...(linears.length > 0 && { linear: joined(linears) }),
  };
}

/** Is it a linear model and nothing else? */
const isLinear = ({ settings, networks }: Trained): boolean =>
  settings.hidden.length === 0 && networks === 1;

/** What a linear model makes of the test rows; undefined where the network is one, or training was stopped. */
async function trainLinear(
  split: Split,
  settings: TrainSettings,
  trained: Trained,
): Promise<Results | undefined> {
  if (isLinear(trained) || trained.interrupted) return undefined;
  const { model } = await trainOn(split, linearOf(split, settings), SILENT, { isStopped: false });
  const { reference } = trained.reading;
  const results = measure(model, split.test, { ...(reference !== undefined && { reference }) });
  model.dispose();
  return results;
}
