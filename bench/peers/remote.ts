/** A library in a process of its own, which answers questions: what others do cannot change its time. */
import { BenchError } from "../error.ts";
import { bound, type Clock, type Elapsed, timerOf } from "../harness.ts";
import type { Engine, KernelSession, LineProcess, Session } from "../types.ts";

type Opening = (spec: unknown) => Promise<KernelSession | undefined>;

/** A first call that lasts longer than this ends its process: it would take minutes of a run for one number. */
const LIMIT_MS = 12_000;

/** Says that a first call was ended. */
export class OverLimit extends BenchError {
  readonly seconds: number;
  constructor(limitMs: number) {
    super(`left out: over ${limitMs / 1000} s in its first call`);
    this.seconds = limitMs / 1000;
  }
}

interface About {
  readonly version: string;
  readonly kinds: readonly string[];
}

/** The engine at the other end, which is loaded again where a call had to be ended. */
export async function remoteEngine(line: LineProcess, limitMs = LIMIT_MS): Promise<Engine> {
  let loading: Promise<unknown> | undefined;
  const load = () => {
    loading ??= ask(line, { action: "load" });
    return loading as Promise<About>;
  };
  const end = () => {
    line.end();
    loading = undefined;
  };
  const { version, kinds } = await load();
  const openings = kinds.map((kind): [string, Opening] => [
    kind,
    async (spec) => {
      await load();
      return openSession(line, kind, spec, (call) => within(limitMs, call, end));
    },
  ]);
  return { version, ...Object.fromEntries(openings) };
}

/** What the call gives in this time. */
async function within<T>(limitMs: number, call: Promise<T>, end: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      end();
      reject(new OverLimit(limitMs));
    }, limitMs);
  });
  return Promise.race([call, over]).finally(() => clearTimeout(timer));
}

/** An answer may be an error. */
async function ask(line: LineProcess, question: object): Promise<unknown> {
  const answer = (await line.ask(question)) as { error?: string } | null;
  if (answer?.error !== undefined) throw new BenchError(answer.error);
  return answer;
}

let sessions = 0;

/** What a session is beside its functions; false where there is none. PyTorch says true. */
type Opened = boolean | Pick<Session, "compared" | "isFresh">;

async function openSession(
  line: LineProcess,
  kind: string,
  spec: unknown,
  limited: (call: Promise<unknown>) => Promise<unknown>,
): Promise<KernelSession | undefined> {
  const id = ++sessions;
  const opened = (await ask(line, { action: "open", id, kind, spec })) as Opened;
  if (!opened) return undefined;
  return {
    ...(typeof opened === "object" && opened),
    run: async () => (await limited(ask(line, { action: "run", id }))) as number,
    time: async (calls: number) => (await ask(line, { action: "time", id, calls })) as Elapsed,
    values: async () => (await limited(ask(line, { action: "values", id }))) as Float32Array,
    dispose: () => void line.ask({ action: "close", id }),
  };
}

interface Question {
  readonly action: string;
  readonly id: number;
  readonly kind: string;
  readonly spec: unknown;
  readonly calls: number;
}

/** The other end: answers for an engine that is there, or says why it is not. */
export function serve(load: () => Promise<Engine | undefined>, clock?: Clock) {
  let openings: Partial<Record<string, Opening>> = {};
  const opened = new Map<number, { session: Session; time(calls: number): Promise<Elapsed> }>();
  const sessionOf = (id: number) => opened.get(id) as NonNullable<ReturnType<typeof opened.get>>;

  const actions: Record<string, (question: Question) => unknown> = {
    async load() {
      const engine = await load();
      if (engine === undefined) throw new BenchError("it did not start");
      const { version, ...functions } = engine;
      openings = functions as typeof openings;
      return { version, kinds: Object.keys(openings).filter((kind) => openings[kind]) };
    },
    async open({ id, kind, spec }) {
      const session = await openings[kind]?.(spec);
      if (session === undefined) return false;
      await session.prepare?.();
      opened.set(id, { session, time: timerOf({ ...bound(session), name: kind }, clock) });
      const { compared, isFresh } = session;
      return { ...(compared !== undefined && { compared }), ...(isFresh && { isFresh }) };
    },
    run: ({ id }) => sessionOf(id).session.run(),
    time: ({ id, calls }) => sessionOf(id).time(calls),
    async values({ id }) {
      return Float32Array.from(await (sessionOf(id).session as KernelSession).values());
    },
    close({ id }) {
      sessionOf(id).session.dispose();
      opened.delete(id);
    },
  };
  return async (question: unknown): Promise<unknown> => {
    try {
      return await actions[(question as Question).action](question as Question);
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
}
