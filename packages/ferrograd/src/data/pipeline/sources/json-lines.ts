import { FormatError } from "../../../errors.ts";
import { checkOptions, show, text } from "../../../options/index.ts";
import { collated } from "../collate.ts";
import { type Items, type Pass, Wait } from "../items.ts";
import { Pipeline } from "../pipeline.ts";
import { isText, Openable, type TextSource, textOf } from "./text.ts";

/** Options of `fromJsonLines`. */
export interface JsonLinesOptions {
  /** The file's name, for messages. */
  readonly file?: string;
}

/**
 * A pipeline of the values in JSON Lines (one a line; empty lines are skipped), as text or as a stream, which is never whole in memory. A function
 * opens the file for each pass; what is no function and no text can be walked through once.
 *
 * @example fromJsonLines('{"length":1.5,"kind":0}\n{"length":2.5,"kind":1}\n').size // undefined
 * @example
 * const rows = fromJsonLines<{ length: number; kind: number }>(() => createReadStream("rows.jsonl"));
 * const batches = rows.map(({ length, kind }) => [[length], kind]).batch(32);
 *
 * @throws ArgumentError for no text; FormatError while it is read: `rows.jsonl: line 3: expected JSON, got "{"`
 */
export function fromJsonLines<T = unknown>(
  source: TextSource,
  options: JsonLinesOptions = {},
): Pipeline<T> {
  const where = "fromJsonLines()";
  checkOptions(where, options, ["file"]);
  const file = options.file === undefined ? where : text(where, "file", options.file);
  const opened = new Openable(where, source, "text, a stream of it or a function", isText);
  const stage = {
    text: where,
    size: undefined,
    *items(pass: Pass, from: number): Items<T> {
      let index = 0;
      for (const line of linesOf(textOf(file, opened, pass))) {
        if (line instanceof Wait) yield line;
        else if (line.text.trim() !== "" && index++ >= from) yield parsed(file, line) as T;
      }
    },
  };
  return new Pipeline<T>(stage, collated);
}

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

function* linesOf(pieces: Items<string>): Items<Line> {
  let rest: string[] = [];
  let number = 0;
  for (const piece of pieces) {
    if (piece instanceof Wait) {
      yield piece;
      continue;
    }
    const lines = piece.split("\n");
    const last = lines.pop()!;
    for (const line of lines) {
      yield { text: rest.join("") + line, number: ++number };
      rest = [];
    }
    rest.push(last);
  }
  yield { text: rest.join(""), number: ++number };
}

function parsed(file: string, { text, number }: Line): unknown {
  try {
    return JSON.parse(number === 1 ? text.replace(/^\uFEFF/, "") : text);
  } catch {
    throw new FormatError(`${file}: line ${number}: expected JSON, got ${show(text.trim())}`);
  }
}
