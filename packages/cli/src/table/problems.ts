import { problemsOf, type TableRemedy } from "ferrograd/csv";
import { nameWord } from "../options.ts";

/** Options of the library that are called otherwise on the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  missingValues: "missing-marks",
  skipLines: "skip-lines",
};

/** Text as a shell takes it for one word. */
export const shellWord = (text: string): string =>
  /^[\w./:,%+@=-]+$/.test(text) && !/^-./.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A remedy as an option of the command: `--ignore note leaves it out`. */
function remedyOf({ option, value, does }: TableRemedy): string {
  const text =
    typeof value !== "object"
      ? String(value)
      : Array.isArray(value)
        ? value.map(nameWord).join(",")
        : Object.entries(value)
            .map(([name, how]) => `${nameWord(name)}:${how}`)
            .join(",");
  return `--${FLAGS[option] ?? option} ${shellWord(text)} ${does}`;
}

/** What the library says of an option of its own: `TableProfile: text.city: expected …`. */
const OWN = /^(?:csvBatches\(\)|TableProfile): (unknown )?(\w+)(?:\.|: |(?= ))/;

/** The message of an error, with options and remedies in the words of the command. */
export const messageOf = (error: Error): string =>
  problemsOf(error)?.message(remedyOf) ??
  error.message.replace(
    OWN,
    (_, unknown = "", name) => `ferrograd: --${FLAGS[name] ?? name}: ${unknown}`,
  );
