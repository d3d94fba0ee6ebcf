import { shared } from "../engine/shared.ts";
import { asOf } from "./clock.ts";

/** The layer path under which nodes are made, `encoder/dense`, and whether they are of a gradient. */
export const scope = shared("scope", () => ({ current: "", gradient: false }));

/** Runs `body` with nodes named after `path`. */
export function inScope<T>(path: string, body: () => T): T {
  return withScope(scope.current === "" ? path : `${scope.current}/${path}`, body);
}

/** Runs `body` with nodes named and dated like `node`, which they replace or differentiate. */
export function inPlaceOf<T>(node: { scope: string; version: number }, body: () => T): T {
  return withScope(node.scope, () => asOf(node.version, body));
}

/** Runs `body` with nodes that are part of a gradient. */
export function inGradient<T>(body: () => T): T {
  const outer = scope.gradient;
  scope.gradient = true;
  try {
    return body();
  } finally {
    scope.gradient = outer;
  }
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
