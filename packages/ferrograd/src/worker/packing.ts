import { Dataset, type DatasetInit } from "../data/dataset.ts";
import { leaf } from "../graph/constants.ts";
import { type AnyTensor, isTensor } from "../graph/tensor.ts";
import { isCallable, isPlain } from "../options/index.ts";
import { net } from "../platform/collected.ts";
import type { Counted } from "../training/batches.ts";
import type { DataOf, DType } from "../values/dtype.ts";
import type { Labels } from "../values/rows.ts";
import type { Shape } from "../values/shape.ts";
import type { Channel } from "./channel.ts";

/** What marks a value that stands for one that cannot be sent as it is. */
const KIND = "ferrograd/kind";

type Packed =
  | {
      readonly [KIND]: "tensor";
      readonly data: Labels["data"];
      readonly shape: Shape;
      readonly dtype: DType;
    }
  | { readonly [KIND]: "dataset"; readonly id: number; readonly parts?: DatasetInit }
  | { readonly [KIND]: "batches"; readonly id: number; readonly perEpoch: boolean };

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;
type AnyIterable = Partial<AsyncIterable<unknown> & Iterable<unknown>>;

/** The arrays of data sets in memory that threads share, where there is such: one copy for all workers. */
const sharedParts = new WeakMap<Dataset, DatasetInit>();

function inSharedMemory<A extends Labels["data"]>(data: A): A {
  if (typeof SharedArrayBuffer === "undefined") return data;
  const copy = new (data.constructor as Float32ArrayConstructor)(
    new SharedArrayBuffer(data.byteLength) as never,
  );
  copy.set(data);
  return copy as Labels["data"] as A;
}

function partsOf(dataset: Dataset): DatasetInit {
  const known = sharedParts.get(dataset);
  if (known !== undefined) return known;
  const { x, y, classNames, featureNames, name } = dataset;
  const parts: DatasetInit = {
    x: { ...x, data: inSharedMemory(x.data) },
    y: { ...y, data: inSharedMemory(y.data) },
    ...(classNames && { classNames }),
    ...(featureNames && { featureNames }),
    ...(name !== undefined && { name }),
  };
  sharedParts.set(dataset, parts);
  return parts;
}

/** Packs what one side gives the other: the side of whoever holds the data and the functions. */
export class Packer {
  private readonly channel: () => Channel;
  private count = 0;
  private readonly sent = new WeakMap<Dataset, number>();
  private readonly forgotten = net<number>((id) => this.channel().tell("forget", id));
  private readonly sources = new Map<number, unknown>();
  /** What ends those of the call that is packed. */
  private given: (() => void)[] = [];
  private readonly walks = new Map<number, AnyIterator>();

  constructor(channel: () => Channel) {
    this.channel = channel;
  }

  /** A value that can be sent. A data set is sent once, however often it is given. */
  pack(value: unknown): unknown {
    if (typeof value === "function") return isCallable(value) ? this.batches(value, true) : value;
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    if (isTensor(value)) return packTensor(value);
    if (value instanceof Dataset) return this.dataset(value);
    if (Array.isArray(value)) {
      return typeof value[0] === "number" ? value : value.map((one) => this.pack(one));
    }
    if (Symbol.asyncIterator in value || Symbol.iterator in value)
      return this.batches(value, false);
    if (!isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.pack(one)]));
  }

  private dataset(dataset: Dataset): Packed {
    const known = this.sent.get(dataset);
    if (known !== undefined) return { [KIND]: "dataset", id: known };
    const id = ++this.count;
    this.sent.set(dataset, id);
    this.forgotten.register(dataset, id);
    return { [KIND]: "dataset", id, parts: partsOf(dataset) };
  }

  /** Values that can be sent, until they are not asked for any more. */
  packAll(values: readonly unknown[]): { packed: unknown[]; forget(): void } {
    const outer = this.given;
    const given: (() => void)[] = [];
    this.given = given;
    const packed = values.map((one) => this.pack(one));
    this.given = outer;
    return {
      packed,
      forget: () => {
        for (const end of given) end();
      },
    };
  }

  private batches(batches: object, perEpoch: boolean): Packed {
    const source = batches as Counted;
    const id = ++this.count;
    const walker = {};
    this.sources.set(id, source.walkedBy?.(walker) ?? source);
    this.given.push(() => {
      this.sources.delete(id);
      source.leftBy?.(walker);
    });
    return { [KIND]: "batches", id, perEpoch };
  }

  /** What the other side asks of batches: they are walked through here. */
  readonly answers = {
    open: ({ id, epoch }: { id: number; epoch?: number }): number => {
      const source = this.sources.get(id);
      const found = isCallable(source)
        ? (source as (epoch?: number) => AnyIterable)(epoch)
        : (source as AnyIterable);
      const open = found[Symbol.asyncIterator] ?? found[Symbol.iterator];
      this.walks.set(++this.count, (open as () => AnyIterator).call(found));
      return this.count;
    },
    next: async (walk: number): Promise<unknown> => {
      const { done, value } = await this.walks.get(walk)!.next();
      if (done) this.walks.delete(walk);
      return { done, value: done ? undefined : this.pack(value) };
    },
    close: async (walk: number): Promise<void> => {
      const iterator = this.walks.get(walk);
      this.walks.delete(walk);
      await iterator?.return?.();
    },
  };
}

const packTensor = (tensor: AnyTensor): Packed => ({
  [KIND]: "tensor",
  data: tensor.data() as Labels["data"],
  shape: tensor.shape,
  dtype: tensor.dtype,
});

/** Tensors, one or several, so that they can be sent. */
export function packTensors(value: unknown): unknown {
  if (isTensor(value)) return packTensor(value);
  if (Array.isArray(value)) return value.map(packTensors);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, packTensors(one)]));
}

/** The other side: makes of what came what was packed. */
export class Unpacker {
  private readonly channel: () => Channel;
  private readonly datasets = new Map<number, Dataset>();

  constructor(channel: () => Channel) {
    this.channel = channel;
  }

  forget(id: number): void {
    this.datasets.delete(id);
  }

  unpack(value: unknown): unknown {
    if (Array.isArray(value)) {
      return typeof value[0] === "number" ? value : value.map((one) => this.unpack(one));
    }
    if (!isPlain(value) || Symbol.asyncIterator in value) return value; // batches, unpacked before
    const packed = value as Packed | Readonly<Record<string, unknown>>;
    switch (packed[KIND]) {
      case "tensor":
        return unpackTensor(packed as Packed & { [KIND]: "tensor" });
      case "dataset":
        return this.dataset(packed as Packed & { [KIND]: "dataset" });
      case "batches":
        return this.batches(packed as Packed & { [KIND]: "batches" });
      default:
        return Object.fromEntries(
          Object.entries(value).map(([key, one]) => [key, this.unpack(one)]),
        );
    }
  }

  private dataset({ id, parts }: Packed & { [KIND]: "dataset" }): Dataset {
    if (parts !== undefined) this.datasets.set(id, new Dataset(parts));
    return this.datasets.get(id)!;
  }

  /** Batches that are asked for one by one. */
  private batches({ id, perEpoch }: Packed & { [KIND]: "batches" }): unknown {
    const walk = (epoch?: number) => ({ [Symbol.asyncIterator]: () => this.walk(id, epoch) });
    return perEpoch ? walk : walk();
  }

  private walk(id: number, epoch: number | undefined): AsyncIterator<unknown> {
    const channel = this.channel();
    let opened: Promise<number> | undefined;
    const open = () => {
      opened ??= channel.ask<number>("open", { id, ...(epoch !== undefined && { epoch }) });
      return opened;
    };
    return {
      next: async () => {
        const { done, value } = await channel.ask<IteratorResult<unknown>>("next", await open());
        return { done: done ?? false, value: this.unpack(value) };
      },
      return: async () => {
        if (opened !== undefined) await channel.ask("close", await opened);
        return { done: true, value: undefined };
      },
    };
  }
}

const unpackTensor = ({ data, shape, dtype }: Packed & { [KIND]: "tensor" }): AnyTensor =>
  leaf(data as DataOf<DType>, shape, dtype);

/** What `packTensors` made, on the other side. */
export const unpackTensors = (value: unknown): unknown =>
  new Unpacker(() => {
    throw new TypeError("no batches");
  }).unpack(value);
