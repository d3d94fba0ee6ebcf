import { shared } from "../copies/shared.ts";
import { asOf } from "./clock.ts";
import type { AnyTensor } from "./tensor.ts";

interface Scope {
  current: string;
  gradientOf: AnyTensor | undefined;
}

/** The layer path under which nodes are made, `encoder/dense`, and the loss whose gradient they are part of. */
export const scope = shared("scope", (): Scope => ({ current: "", gradientOf: undefined }));

/** Runs `body` with nodes named after `path`. */
export function inScope<T>(path: string, body: () => T): T {
  return withScope(scope.current === "" ? path : `${scope.current}/${path}`, body);
}

/** Runs `body` with nodes named and dated like `node`, which they replace or differentiate. */
export function inPlaceOf<T>(node: { scope: string; version: number }, body: () => T): T {
  return withScope(node.scope, () => asOf(node.version, body));
}

/** Runs `body` with nodes that are part of the gradient of a loss. */
export function inGradient<T>(loss: AnyTensor, body: () => T): T {
  const outer = scope.gradientOf;
  scope.gradientOf = loss;
  try {
    return body();
  } finally {
    scope.gradientOf = outer;
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
