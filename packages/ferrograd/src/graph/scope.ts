import { asOf } from "./clock.ts";

/** The layer path under which nodes are made: `encoder/dense`. */
export const scope = { current: "" };

/** Runs `body` with nodes named after `path`. */
export function inScope<T>(path: string, body: () => T): T {
  return withScope(scope.current === "" ? path : `${scope.current}/${path}`, body);
}

/** Runs `body` with nodes named and dated like `node`, which they replace or differentiate. */
export function inPlaceOf<T>(node: { scope: string; version: number }, body: () => T): T {
  return withScope(node.scope, () => asOf(node.version, body));
}

function withScope<T>(path: string, body: () => T): T {
  const outer = scope.current;
  scope.current = path;
  try {
    return body();
  } finally {
    scope.current = outer;
  }
}
