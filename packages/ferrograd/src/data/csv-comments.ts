import { DELIMITERS } from "./csv-delimiter.ts";
import { spellsNumber } from "./table.ts";

const COMMENTS = /^(?:#[^\r\n]*(?:\r\n|\n|\r(?=[\s\S])))*/;

/** The # before names, as NumPy writes it. */
const BEFORE_NAMES = /^#[ \t]+(?=\S)/;

/**
 * Are they names rather than a comment: as many as the next line has values, some of which are numbers unless no blank is behind the #, and
 * all where blanks separate them?
 */
function areNames(line: string, next: string): boolean {
  const isNumber = (value: string) => spellsNumber(value.trim());
  const words = next.trim().split(/\s+/);
  const isAsWide = line.replace(BEFORE_NAMES, "").trim().split(/\s+/).length === words.length;
  if (words.length > 1 && isAsWide && words.every(isNumber)) return true;
  return DELIMITERS.some((delimiter) => {
    const values = next.split(delimiter);
    return (
      values.length > 1 &&
      line.split(delimiter).length === values.length &&
      (!/^#\s/.test(line) || values.some(isNumber))
    );
  });
}

/** Takes the lines that begin with # from the beginning of a text that comes in pieces. */
export class LeadingComments {
  /** Lines that were taken. */
  count = 0;
  private held = "";
  private isOver = false;

  /** The text that goes on; nothing as long as what it begins with is not known. */
  push(piece: string): string {
    if (this.isOver) return piece;
    const text = this.held + piece;
    if (text === "") return "";
    const comments = COMMENTS.exec(text)![0];
    const rest = text.slice(comments.length);
    const isOpen = rest === "" || (comments !== "" && !/[\r\n]/.test(rest));
    if (rest.startsWith("#") || isOpen) {
      this.held = text;
      return "";
    }
    return this.take(comments, rest);
  }

  /** The text is over. */
  end(): string {
    if (this.isOver) return "";
    const comments = COMMENTS.exec(this.held)![0];
    return this.take(comments, this.held.slice(comments.length));
  }

  private take(comments: string, rest: string): string {
    this.isOver = true;
    this.held = "";
    const lines = comments.match(/[^\r\n]*(?:\r\n|\n|\r)/g) ?? [];
    const [next = ""] = rest.split(/[\r\n]/, 1);
    const last = lines.at(-1);
    const names = last !== undefined && areNames(last, next) ? last.replace(BEFORE_NAMES, "") : "";
    this.count = lines.length - (names === "" ? 0 : 1);
    return names + rest;
  }
}

/** What is said of lines among the rows. */
export const commentNote = (count: number): string =>
  `${count} ${count === 1 ? "line" : "lines"} of # among the rows left out`;
