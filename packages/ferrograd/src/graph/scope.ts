/** The layer path under which nodes are made: `encoder/dense`. */
export const scope = { current: "" };

/** Runs `body` with nodes named after `path`. */
export function inScope<T>(path: string, body: () => T): T {
  const outer = scope.current;
  scope.current = outer === "" ? path : `${outer}/${path}`;
  try {
    return body();
  } finally {
    scope.current = outer;
  }
}
