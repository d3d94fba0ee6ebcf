import { type Column, copyOf } from "../table.ts";
import { DateScan } from "./dates.ts";
import { NumberScan, readNumber } from "./numbers.ts";
import { isMark, isTick } from "./words.ts";

/** Where a text first stood, and how often it stood there. */
export interface Seen {
  count: number;
  readonly row: number;
}

/** What limits a profile's memory. */
export interface Limits {
  /** Different texts that are counted one by one. */
  readonly texts: number;
  /** Texts kept for a median. */
  readonly sample: number;
}

/** What the values of one column are, gathered row by row in little memory. */
export class ColumnProfile {
  readonly name: string;
  readonly unnamed: boolean;
  /** Its place among the columns, from 0. */
  readonly place: number;
  private readonly limits: Limits;
  rows = 0;
  /** Rows without a text. */
  empty = 0;
  /** Row of the first of them. */
  emptyRow = 0;
  /** Rows whose text may stand for a missing value. */
  marked = 0;
  /** The first of them. */
  markRow = 0;
  /** Texts, those that may stand for a missing value among them. */
  readonly texts = new Map<string, Seen>();
  /** Rows whose texts were no longer counted one by one. */
  beyond = 0;
  /** Of texts that are no marks. */
  readonly numbers = new NumberScan();
  readonly dates = new DateScan();
  /** Texts that were looked at. */
  scanned = 0;
  /** Rows whose text has a number in it. */
  numeric = 0;
  /** The first text without one that is no mark. */
  other: { readonly text: string; readonly row: number } | undefined;
  /** Whole numbers that rise by one from row to row, from this one on; undefined where they do not. */
  countsFrom: number | undefined;
  private sample: string[] = [];
  private every = 1;

  constructor({ name, unnamed = false }: Column, place: number, limits: Limits) {
    this.name = name;
    this.unnamed = unnamed;
    this.place = place;
    this.limits = limits;
  }

  add(values: readonly string[], rows: readonly number[]): void {
    values.forEach((value, i) => {
      if (value === "") {
        if (this.empty++ === 0) this.emptyRow = rows[i]!;
      } else this.addText(value, rows[i]!);
      this.rows++;
    });
  }

  private addText(value: string, row: number): void {
    this.countOn(value);
    const seen = this.texts.get(value);
    if (seen !== undefined) seen.count++;
    else if (this.texts.size < this.limits.texts) this.texts.set(copyOf(value), { count: 1, row });
    else this.beyond++;
    if (isMark(value)) {
      if (this.marked++ === 0) this.markRow = row;
      return;
    }
    this.keep(value);
    // What a text is does not change when it comes again.
    const isNumber = seen === undefined ? this.scan(value) : readNumber(value) !== undefined;
    if (isNumber) this.numeric++;
    else this.other ??= { text: copyOf(value), row };
  }

  private scan(value: string): boolean {
    this.scanned++;
    this.dates.add(value);
    return this.numbers.add(value);
  }

  /** Do whole numbers go on rising by one? */
  private countOn(value: string): void {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (this.rows === 0) this.countsFrom = Number.isNaN(number) ? undefined : number;
    else if (number !== (this.countsFrom ?? Number.NaN) + this.rows) this.countsFrom = undefined;
  }

  /** Keeps every second, fourth, eighth text and so on where there are too many for all. */
  private keep(value: string): void {
    if (this.values % this.every === 0) this.sample.push(copyOf(value));
    if (this.sample.length < this.limits.sample) return;
    this.sample = this.sample.filter((_, i) => i % 2 === 0);
    this.every *= 2;
  }

  /** Rows with a text that is no mark. */
  get values(): number {
    return this.rows - this.empty - this.marked;
  }

  /** Is each row ticked, as with an x, or left empty? */
  get isTicked(): boolean {
    return this.empty > 0 && this.texts.size === 1 && isTick(this.example);
  }

  /** Rows without a value. */
  get gaps(): number {
    return this.isTicked ? 0 : this.empty;
  }

  /** Texts that are no marks, with how often they stand there. */
  *unmarked(): Generator<[string, Seen]> {
    for (const entry of this.texts) if (!isMark(entry[0])) yield entry;
  }

  /** How many there are. */
  get distinct(): number {
    return this.marked === 0 ? this.texts.size : [...this.unmarked()].length;
  }

  /** The middle one of what `read` makes of the texts. */
  median(read: (text: string) => number): number {
    const sorted = this.sample
      .map(read)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  /** The first text, as an example. */
  get example(): string {
    for (const [text] of this.unmarked()) return text;
    return "";
  }

  /** The most frequent texts, those that came first before others. */
  frequent(count: number): [string, number][] {
    return [...this.texts]
      .map(([text, { count: times }]): [string, number] => [text, times])
      .sort((a, b) => b[1] - a[1])
      .slice(0, count);
  }
}
