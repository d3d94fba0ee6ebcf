/** A function of an object that is counted once for each. */
export function once<A extends object, B>(of: (given: A) => B): (given: A) => B {
  const known = new WeakMap<A, B>();
  return (given) => {
    const result = known.get(given) ?? of(given);
    known.set(given, result);
    return result;
  };
}
