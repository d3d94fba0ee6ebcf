/** What the programs of one model or function may take together. */
const MOST_MIB = 256;
/** So many programs made again that had to go before are worth a word. */
const AGAIN = 4;
/** Keys of programs that went, of which it is known that they were there. */
const REMEMBERED = 1024;

/** What is kept: a program, with or without what belongs to it. */
interface Kept {
  readonly bytes: number;
  dispose(): void;
}

/** Programs of one owner, of bounded size: those used least recently go first. */
export class ProgramCache<V extends Kept> {
  private readonly entries = new Map<string, V>();
  private readonly gone = new Set<string>();
  private readonly owner: string;
  private readonly warn: (message: string) => void;
  private bytes = 0;
  private again = 0;

  /** @param owner for the message that programs have no room */
  constructor(owner: string, warn: (message: string) => void) {
    this.owner = owner;
    this.warn = warn;
  }

  /** The value of a key, if it is there. */
  find(key: string): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key); // and behind the others
    this.entries.set(key, value);
    return value;
  }

  /** The value of a key, made if it is not there. */
  get(key: string, make: () => V): V {
    return this.find(key) ?? this.add(key, make());
  }

  /** Adds a value, for which others go. It stays itself, however large it is. */
  add(key: string, value: V): V {
    this.bytes += value.bytes;
    for (const [oldest, dropped] of this.entries) {
      if (this.bytes <= MOST_MIB << 20) break;
      this.bytes -= dropped.bytes;
      this.entries.delete(oldest);
      dropped.dispose();
      if (this.gone.size < REMEMBERED) this.gone.add(oldest);
    }
    this.entries.set(key, value);
    if (this.gone.delete(key) && ++this.again === AGAIN) this.warn(thrashing(this.owner));
    return value;
  }

  clear(): void {
    for (const value of this.entries.values()) value.dispose();
    this.entries.clear();
    this.bytes = 0;
  }
}

const thrashing = (owner: string): string =>
  `${owner}: expected programs that fit into ${MOST_MIB} MiB, got the same ones made again and again; use smaller or fewer sizes of batches`;
