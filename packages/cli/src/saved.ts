import { ArgumentError, FormatError, loadModel } from "ferrograd";
import { TableSchema } from "ferrograd/csv";
import { choiceSentence } from "./choice.ts";
import { readBytes, writeFile } from "./files.ts";
import { networkName, weightsSha256 } from "./network.ts";
import type { Reading, Results } from "./results.ts";
import { scoreClasses } from "./scores/classes.ts";
import { scoreNumbers } from "./scores/numbers.ts";
import type { Source } from "./source.ts";
import type { Trained as TrainedNetwork } from "./training.ts";

/** How a model was trained, as its file tells. */
export type TrainingNotes = Readonly<Record<string, string | number | boolean>>;

/** What a model gives that is no mean of logits. */
const PROBABILITIES = "probabilities";

/** What the test said. */
function scoreNotes(results: Results): TrainingNotes {
  if (results.kind === "numbers") {
    const { rmse, r2, mae } = scoreNumbers(results);
    const score = {
      "test RMSE": rmse,
      "test MAE": mae,
      ...(r2 !== undefined && { "test R²": r2 }),
    };
    return { ...score, "test loss": results.loss };
  }
  const { balancedAccuracy, base } = scoreClasses(results);
  return {
    "test accuracy": results.accuracy,
    "balanced accuracy": balancedAccuracy,
    "most frequent class": base.share,
    "test loss": results.loss,
  };
}

/** What people want to know of a training afterwards, with the results of its test where that is over. */
export function trainingNotes(
  { name, split, table }: Source,
  trained: TrainedNetwork,
  results?: Results,
): TrainingNotes {
  const { model, epochs, bestEpoch, interrupted, settings, networks, tried } = trained;
  const { activation, optimizer, batchSize, validationSplit, standardize, seed } = settings;
  return {
    data: name,
    ...(table && { target: table.schema.target.name }),
    "training rows": split.train.length,
    "test rows": split.test.length,
    network: networkName(split, settings),
    activation,
    optimizer,
    "learning rate": settings.learningRate ?? model.optimizer.learningRate,
    ...(settings.schedule && { schedule: settings.schedule }),
    "batch size": batchSize,
    epochs: epochs.length,
    steps: trained.steps,
    ...(bestEpoch && { "best epoch": bestEpoch }),
    ...(interrupted && { interrupted }),
    "validation split": validationSplit,
    standardize,
    seed,
    ...(tried && { answers: choiceSentence(tried) }),
    ...(networks > 1 && { networks }),
    ...(trained.reading.probabilities && { outputs: PROBABILITIES }),
    ...(settings.weightDecay !== undefined && { "weight decay": settings.weightDecay }),
    ...(settings.classWeights && { "class weights": settings.classWeights }),
    ...(results && scoreNotes(results)),
    "weights SHA-256": weightsSha256(model.getWeights()),
  };
}

/** Writes the model with its notes and, for CSV files, what makes features of their columns. */
export function saveTrained(
  path: string,
  { model }: Pick<TrainedNetwork, "model">,
  notes: TrainingNotes,
  schema: TableSchema | undefined,
): void {
  const metadata = {
    training: JSON.stringify(notes),
    ...(schema && { schema: JSON.stringify(schema) }),
  };
  writeFile("--save", path, model.save({ metadata }));
}

/** A model of a file, with what the file tells of its training. */
export function openTrained(flag: string, path: string) {
  const bytes = readBytes(flag, path);
  try {
    const model = loadModel(bytes);
    const { training, schema } = model.metadata;
    const notes = training === undefined ? undefined : (JSON.parse(training) as TrainingNotes);
    const parsed = schema === undefined ? undefined : TableSchema.parse(schema);
    return { model, notes, schema: parsed, reading: readingOf(notes, parsed) };
  } catch (error) {
    const known = error instanceof FormatError || error instanceof SyntaxError;
    if (!known) throw error;
    const reason = error.message.replace(/^\w+\(\): /, "");
    throw new ArgumentError(
      `ferrograd: ${flag}: expected a saved model, got ${JSON.stringify(path)}: ${reason}`,
    );
  }
}

/** How the answers of a saved model are read. */
function readingOf(notes: TrainingNotes | undefined, schema: TableSchema | undefined): Reading {
  const target = schema?.target;
  return {
    ...(notes?.outputs === PROBABILITIES && { probabilities: true }),
    ...(target?.task === "regression" &&
      target.reference !== undefined && { reference: target.reference }),
  };
}

export type Trained = ReturnType<typeof openTrained>;

/** Refuses a data set that a model knows nothing of. */
export function checkDataset({ schema, notes }: Trained, path: string, dataset: string): void {
  if (notes === undefined || (schema === undefined && notes.data === dataset)) return;
  const own = JSON.stringify(notes.data);
  const expected = schema
    ? `--csv and a file as ${own}, which it was trained on`
    : `${own}, which it was trained on`;
  throw new ArgumentError(
    `ferrograd: --dataset: ${path}: expected ${expected}, got ${JSON.stringify(dataset)}`,
  );
}

/** The schema of a model that was trained on a CSV file. */
export function requireSchema({ schema, notes }: Trained, path: string): TableSchema {
  if (schema !== undefined) return schema;
  const got = notes === undefined ? "another one" : `one trained on ${JSON.stringify(notes.data)}`;
  throw new ArgumentError(
    `ferrograd: --csv: ${path}: expected a model trained with --csv, which knows its columns, got ${got}`,
  );
}
