/**
 * Says after which steps it is time to look at the clock: after as many as 1 ms holds, since of a tiny net one is as short
 * as a look.
 */
export function paced(): () => boolean {
  let steps = 1;
  let left = 1;
  let since = performance.now();
  return () => {
    if (--left > 0) return false;
    const now = performance.now();
    steps = now - since < 1 ? Math.min(steps * 2, 1024) : Math.ceil(steps / 2);
    left = steps;
    since = now;
    return true;
  };
}
