type Numbers = Float32Array | Int32Array | Uint8Array;
const KINDS = { Float32Array, Int32Array, Uint8Array };

/** JSON in which arrays of numbers are lists that know their kind. */
export function packArrays(value: object): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (!ArrayBuffer.isView(item)) return item;
    return { kind: item.constructor.name, values: Array.from(item as Numbers) };
  });
}

export function unpackArrays(text: string): unknown {
  return JSON.parse(text, (_key, item) => {
    const kind = KINDS[item?.kind as keyof typeof KINDS];
    return kind === undefined ? item : kind.from(item.values);
  });
}
