import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type Dataset, jit, softmax, type Tensor, tensor } from "ferrograd";
import { type Answer, type Frame, type PlaneFrame, SHOWN_UNITS } from "../protocol.ts";
import type { Source } from "./data.ts";
import type { Network } from "./network.ts";

/** Points along each side of the plane's grid. */
const SIDE = 48;
/** Rows that loss and accuracy are measured on while training. */
const MEASURED_ROWS = 2000;

/** What a frame says of the network itself. */
export type Observed = Pick<
  Frame,
  "sha256" | "train" | "test" | "kernels" | "predicted" | "confusion" | "plane"
>;

/** Looks at a network without changing it. */
export class Observer {
  private readonly network: Network;
  private readonly train: Dataset;
  private readonly test: Dataset;
  private readonly testRows: Tensor;
  private readonly grid: Tensor | undefined;
  /** Outputs of every layer, then the probabilities. */
  private readonly stages: (x: Tensor) => readonly Tensor[];
  readonly dispose: () => void;

  constructor(network: Network, { train, test }: Source, reach: number | undefined) {
    this.network = network;
    this.train = train.take(Math.min(train.length, MEASURED_ROWS));
    this.test = test.take(Math.min(test.length, MEASURED_ROWS));
    this.testRows = tensor(this.test.x.data, this.test.x.shape);
    this.grid = reach === undefined ? undefined : gridOver(reach);
    const stages = jit((x: Tensor): readonly Tensor[] => {
      const outputs: Tensor[] = [];
      for (const layer of network.layers) outputs.push(layer(outputs.at(-1) ?? x));
      return [...outputs, softmax(outputs.at(-1)!)];
    });
    this.stages = stages;
    this.dispose = () => stages.dispose();
  }

  observe(): Observed {
    const { model, layers } = this.network;
    const weights = model.getWeights();
    return {
      sha256: hashOf(weights),
      train: model.evaluate(this.train),
      test: model.evaluate(this.test),
      kernels: layers.map((_, i) => weights[2 * i]!),
      ...this.predictions(),
      plane: this.grid && this.plane(this.grid),
    };
  }

  /** What each layer makes of one row. */
  answer(pixels: Float32Array): Answer {
    const outputs = this.stages(tensor(pixels, [1, pixels.length])).map((stage) => stage.data());
    return {
      hidden: outputs.slice(0, -2),
      scores: outputs.at(-2)!,
      probabilities: outputs.at(-1)!,
    };
  }

  private predictions(): Pick<Frame, "predicted" | "confusion"> {
    const probabilities = this.stages(this.testRows).at(-1)!.data();
    const classes = probabilities.length / this.test.length;
    const predicted = new Uint16Array(this.test.length);
    const confusion = new Uint32Array(classes * classes);
    for (let row = 0; row < this.test.length; row++) {
      const ofRow = probabilities.subarray(row * classes, (row + 1) * classes);
      predicted[row] = ofRow.indexOf(Math.max(...ofRow));
      confusion[this.test.y.data[row]! * classes + predicted[row]!]! += 1;
    }
    return { predicted, confusion };
  }

  private plane(grid: Tensor): PlaneFrame {
    const stages = this.stages(grid).map((stage) => stage.data());
    return {
      side: SIDE,
      probabilities: Uint8Array.from(stages.at(-1)!, (p) => Math.round(p * 255)),
      units: stages.slice(0, -2).map(toMaps),
    };
  }
}

/** Points of a square grid, in rows from the top left, (SIDE * SIDE, 2). */
function gridOver(reach: number): Tensor {
  const data = new Float32Array(SIDE * SIDE * 2);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [column, row] = [i % SIDE, Math.floor(i / SIDE)];
    data[2 * i] = (((column + 0.5) * 2) / SIDE - 1) * reach;
    data[2 * i + 1] = (1 - ((row + 0.5) * 2) / SIDE) * reach;
  }
  return tensor(data, [SIDE * SIDE, 2]);
}

/** (points, units) as one byte map per shown unit, (shown units, points): 128 is 0. */
function toMaps(outputs: Float32Array): Uint8Array {
  const points = SIDE * SIDE;
  const units = outputs.length / points;
  const shown = Math.min(units, SHOWN_UNITS);
  const maps = new Uint8Array(shown * points);
  for (let unit = 0; unit < shown; unit++) {
    let largest = 1e-6;
    for (let i = unit; i < outputs.length; i += units) {
      largest = Math.max(largest, Math.abs(outputs[i]!));
    }
    for (let point = 0; point < points; point++) {
      maps[unit * points + point] =
        128 + Math.round((outputs[point * units + unit]! / largest) * 127);
    }
  }
  return maps;
}

/** SHA-256 of all parameters in getWeights order, f32 little-endian. */
function hashOf(weights: readonly Float32Array[]): string {
  const hash = sha256.create();
  for (const { buffer, byteOffset, byteLength } of weights) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return bytesToHex(hash.digest());
}
