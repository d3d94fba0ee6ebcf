/** `setImmediate` where there is one (Node, Deno, Bun). */
const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;

/** Whether it will be called: the `setImmediate` of Next's edge functions is there, and throws. */
function immediately(callback: () => void): boolean {
  try {
    immediate?.(callback);
    return immediate !== undefined;
  } catch {
    return false;
  }
}

/** Gives the event loop a turn: timers, input and painting go on. */
export function yieldToHost(): Promise<void> {
  return new Promise((resolve) => {
    if (immediately(resolve)) return;
    if (typeof MessageChannel === "undefined") {
      setTimeout(resolve); // workerd
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
