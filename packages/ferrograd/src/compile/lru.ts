/** A cache of bounded size that forgets what was used least recently. */
export class LruCache<V> {
  private readonly entries = new Map<string, V>();
  private readonly limit: number;
  private readonly forget: (value: V) => void;

  constructor(limit: number, forget: (value: V) => void) {
    this.limit = limit;
    this.forget = forget;
  }

  /** The value of a key, made if it is not there. */
  get(key: string, make: () => V): V {
    let value = this.entries.get(key);
    if (value === undefined) value = make();
    else this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.limit) {
      const [oldest, dropped] = this.entries.entries().next().value!;
      this.entries.delete(oldest);
      this.forget(dropped);
    }
    return value;
  }

  get size(): number {
    return this.entries.size;
  }

  clear(): void {
    for (const value of this.entries.values()) this.forget(value);
    this.entries.clear();
  }
}
