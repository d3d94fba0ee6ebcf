/** A library in a process of its own, which answers questions: what others do cannot change its time. */
import { BenchError } from "../error.ts";
import { bound, type Clock, type Elapsed, timerOf } from "../harness.ts";
import type { Engine, KernelSession, LineProcess, Session } from "../types.ts";

type Opening = (spec: unknown) => Promise<KernelSession | undefined>;

/** The engine at the other end. */
export async function remoteEngine(line: LineProcess): Promise<Engine> {
  const { version, kinds } = (await ask(line, { action: "load" })) as {
    version: string;
    kinds: string[];
  };
  const openings = kinds.map((kind): [string, Opening] => {
    return [kind, (spec) => openSession(line, kind, spec)];
  });
  return { version, ...Object.fromEntries(openings) };
}

/** An answer may be an error. */
async function ask(line: LineProcess, question: object): Promise<unknown> {
  const answer = (await line.ask(question)) as { error?: string } | null;
  if (answer?.error !== undefined) throw new BenchError(answer.error);
  return answer;
}

let sessions = 0;

/** What a session is beside its functions; false where there is none. PyTorch says true. */
type Opened = boolean | Pick<Session, "compared">;

async function openSession(line: LineProcess, kind: string, spec: unknown) {
  const id = ++sessions;
  const opened = (await ask(line, { action: "open", id, kind, spec })) as Opened;
  if (!opened) return undefined;
  return {
    ...(typeof opened === "object" && opened),
    run: async () => (await ask(line, { action: "run", id })) as number,
    time: async (calls: number) => (await ask(line, { action: "time", id, calls })) as Elapsed,
    values: async () => (await ask(line, { action: "values", id })) as Float32Array,
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
      return session.compared === undefined ? true : { compared: session.compared };
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
