import type { TableProblem } from "./problems.ts";

/** Files that people have beside CSV, by how they begin. */
const FORMATS: readonly (readonly [name: string, begin: RegExp])[] = [
  ["JSON", /^\s*(?:\{\s*"|\[\s*[{[])/],
  ["ARFF", /^(?:%.*[\r\n]+)*@relation\b/i],
  ["a ZIP archive, such as .xlsx is", /^PK(?=[^\s -~])/],
  ["Parquet", /^PAR1/],
  ["LIBSVM", /^[-+.\d]+(?: \d+:[-+.\de]+){2}/],
  ["XML or HTML", /^\s*<(?:\?xml|!doctype|html|table)\b/i],
];

/** What is wrong with a text that is no table of values; undefined where it may be one. */
export function otherFormat(text: string): TableProblem | undefined {
  const [name] = FORMATS.find(([, begin]) => begin.test(text)) ?? [];
  return name === undefined
    ? undefined
    : { row: 1, expected: "values with a delimiter between them", got: `${name}; save it as CSV` };
}
