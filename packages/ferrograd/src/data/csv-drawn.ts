/** What is a line below the names: `|---|:-:|` of Markdown, `---+---` of psql. */
const LINE = /^[-+=:]*$/;
/** What psql says below a table. */
const COUNT = /^\(\d+ rows?\)$/;

/** Is it no row, but what programs draw below the names, or say below a table of several columns? */
export const isDrawn = (values: readonly string[], isBelowNames: boolean): boolean =>
  isBelowNames
    ? values.every((value) => LINE.test(value)) && values.some((value) => value.includes("---"))
    : values.length === 1 && COUNT.test(values[0]!);
