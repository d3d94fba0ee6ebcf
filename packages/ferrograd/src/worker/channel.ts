import { ArgumentError } from "../errors.ts";
import { Errors, type Sent } from "./errors.ts";

/** Sends a message to the other thread; buffers go over to it. */
export type Post = (message: unknown, transfer: readonly ArrayBuffer[]) => void;

/** What the other thread may ask, by name; it waits for promises. */
export type Answers = Readonly<Record<string, (payload: never) => unknown>>;

/** What is answered, and buffers that go over with it. */
export class Given {
  readonly value: unknown;
  readonly transfer: readonly ArrayBuffer[];

  constructor(value: unknown, transfer: readonly ArrayBuffer[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

type Message =
  | { readonly ask: number | undefined; readonly name: string; readonly payload: unknown }
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly error: Sent };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Questions and answers between two threads: both sides have one. */
export class Channel {
  readonly errors = new Errors();
  private readonly post: Post;
  private readonly answers: Answers;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  /** May errors that are sent come back, as those of callbacks do? */
  private readonly keeps: boolean;
  private ended: { readonly error: unknown } | undefined;

  constructor(post: Post, answers: Answers, keeps = false) {
    this.keeps = keeps;
    this.post = post;
    this.answers = answers;
  }

  /** Asks, and resolves with the answer; it rejects with what was thrown there. */
  ask<R>(name: string, payload: unknown, transfer: readonly ArrayBuffer[] = []): Promise<R> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) throw this.ended.error;
      const ask = ++this.count;
      try {
        this.post({ ask, name, payload }, transfer);
      } catch (error) {
        throw unsendable(name, error);
      }
      this.waiting.set(ask, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Says something that needs no answer. */
  tell(name: string, payload?: unknown): void {
    if (this.ended === undefined) this.post({ ask: undefined, name, payload }, []);
  }

  receive(message: unknown): void {
    const got = message as Message;
    if ("ask" in got) {
      this.answer(got.ask, got.name, got.payload);
      return;
    }
    const waiting = this.waiting.get(got.answer);
    this.waiting.delete(got.answer);
    if ("error" in got) waiting?.reject(this.errors.receive(got.error));
    else waiting?.resolve(got.value);
  }

  /** There is nobody on the other side any more: all that waits is rejected, and so is what is asked from here on. */
  end(error: unknown): void {
    this.ended ??= { error };
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  private async answer(ask: number | undefined, name: string, payload: unknown): Promise<void> {
    try {
      const given = await this.answers[name]!(payload as never);
      if (ask === undefined) return;
      const [value, transfer] =
        given instanceof Given ? [given.value, given.transfer] : [given, []];
      this.post({ answer: ask, value }, transfer);
    } catch (error) {
      if (ask !== undefined)
        this.post({ answer: ask, error: this.errors.send(error, this.keeps) }, []);
    }
  }
}

const unsendable = (name: string, error: unknown) =>
  new ArgumentError(
    `${name}(): expected what can be sent to a worker, got something that cannot: ${(error as Error).message}`,
  );
