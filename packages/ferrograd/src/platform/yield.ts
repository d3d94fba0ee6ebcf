/** `setImmediate` where there is one (Node, Deno, Bun). */
const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;

/** A message to oneself: in a page it comes before the next timer. */
function posted(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(null);
}

/** Ways to a later task that are there, the quickest first; `setTimeout` is everywhere. */
const ways = /* @__PURE__ */ (() =>
  [
    immediate,
    typeof MessageChannel === "undefined" ? undefined : posted,
    (callback: () => void) => setTimeout(callback),
  ].filter((way) => way !== undefined))();

/** Whether it will be called: the first two of Next's edge functions are there, and throw. */
function works(way: (callback: () => void) => unknown, callback: () => void): boolean {
  try {
    way(callback);
    return true;
  } catch {
    return false;
  }
}

/** Gives the event loop a turn: timers, input and painting go on. */
export function yieldToHost(): Promise<void> {
  return new Promise((resolve) => {
    ways.some((way) => works(way, resolve));
  });
}
