import { ArgumentError } from "../../errors.ts";
import { isPlain, show } from "../../options/index.ts";
import { Pipeline } from "./pipeline.ts";
import { zipped, zippedView } from "./stages/together.ts";

type Zipped<P> = { -readonly [name in keyof P]: P[name] extends Pipeline<infer T> ? T : never };

/**
 * Pipelines side by side: an element of each, as a list, or of an object of pipelines as an object. It ends with the
 * shortest of them, and closes the others.
 *
 * @example
 * const x = fromArrays([[1, 2], [3, 4]]).map(([row]) => row);
 * const labels = fromGenerator(() => [0, 1]);
 * Array.from(zip(x, labels).batch(2), ([x, y]) => [x.shape, y.shape]) // [[[2, 2], [2]]]
 *
 * @throws ArgumentError for no pipelines, or anything else
 */
export function zip<const P extends readonly Pipeline<unknown>[]>(
  ...pipelines: P
): Pipeline<Zipped<P>>;
export function zip<const P extends Readonly<Record<string, Pipeline<unknown>>>>(
  pipelines: P,
): Pipeline<Zipped<P>>;
export function zip(...given: readonly unknown[]): Pipeline<never> {
  const [first] = given;
  const names = given.length === 1 && isPlain(first) ? Object.keys(first) : undefined;
  const pipelines = names === undefined ? given : Object.values(first as object);
  if (pipelines.length === 0) throw new ArgumentError("zip(): expected pipelines, got none");
  const parts = pipelines.map((one: unknown, i) => {
    if (one instanceof Pipeline) return (one as Pipeline<unknown>).parts;
    throw new ArgumentError(
      `zip(): ${names === undefined ? i : names[i]}: expected a pipeline, got ${show(one)}`,
    );
  });
  return new Pipeline<never>(
    zipped(parts.map(({ stage }) => stage)),
    zippedView(
      parts.map(({ view }) => view),
      names,
    ) as never,
  );
}
