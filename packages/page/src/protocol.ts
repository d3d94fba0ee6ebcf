import type { Settings } from "./settings.ts";

/** A file that was chosen or dropped. */
export interface CsvFile {
  readonly name: string;
  readonly text: string;
}

/** From the page to the worker. */
export type Request =
  | {
      readonly type: "start";
      readonly run: number;
      readonly settings: Settings;
      readonly csv: CsvFile | undefined;
      /** Least time between two frames, ms. */
      readonly frameMs: number;
      /** Run to this step at full speed, then pause. */
      readonly until: number | undefined;
    }
  | { readonly type: "play" | "pause" | "step" }
  | { readonly type: "speed"; readonly stepsPerSecond: number }
  /** An image for the pad's answer. */
  | { readonly type: "ask"; readonly pixels: Float32Array }
  /** The last frame has been drawn: another may come. */
  | { readonly type: "shown" };

/** From the worker to the page. */
export type Reply =
  | { readonly type: "ready"; readonly run: number; readonly info: RunInfo }
  | { readonly type: "frame"; readonly run: number; readonly frame: Frame }
  | { readonly type: "answer"; readonly run: number; readonly answer: Answer }
  | {
      readonly type: "failed";
      readonly run: number;
      readonly message: string;
      /** Of the CSV file, where it could be read: another of them may be learnt. */
      readonly columns: readonly string[] | undefined;
    };

/** Rows that are shown as they are. */
export interface ShownRows {
  readonly x: Float32Array; // (rows, inputs)
  readonly labels: Int32Array; // (rows)
}

/** What stays the same during a run. */
export interface RunInfo {
  /** Units of each level, from the inputs to the classes. */
  readonly widths: readonly number[];
  readonly parameters: number;
  readonly classNames: readonly string[];
  readonly featureNames: readonly string[] | undefined;
  readonly trainRows: number;
  readonly testRows: number;
  /** Columns of a CSV file, to choose the target from. */
  readonly columns: readonly string[] | undefined;
  /** Set where rows are images. */
  readonly image: { readonly width: number; readonly height: number } | undefined;
  /** Set where rows are points of a plane: half the side of the square that holds them. */
  readonly reach: number | undefined;
  /** Points of the plane, or images. */
  readonly train: ShownRows | undefined;
  readonly test: ShownRows | undefined;
}

export interface Measured {
  readonly loss: number;
  readonly accuracy: number;
}

/** Units of a layer that are shown over the plane. */
export const SHOWN_UNITS = 8;

/** The network's answers over the plane, on a grid in rows from the top left. */
export interface PlaneFrame {
  readonly side: number;
  readonly probabilities: Uint8Array; // (side * side, classes), 255 is 1
  /** For each hidden layer (shown units, side * side): 128 is 0, the unit's largest magnitude is 1 or 255. */
  readonly units: readonly Uint8Array[];
}

/** The state after a step. */
export interface Frame {
  readonly step: number;
  readonly epoch: number;
  readonly playing: boolean;
  /** Of all parameters in getWeights order, f32 little-endian. */
  readonly sha256: string;
  readonly stepsPerSecond: number;
  readonly train: Measured;
  readonly test: Measured;
  readonly kernels: readonly Float32Array[]; // (in, units) of each layer
  readonly predicted: Uint16Array; // (test rows), the most probable class
  readonly confusion: Uint32Array; // (classes, classes): true by predicted, over the test rows
  readonly plane: PlaneFrame | undefined;
}

/** What each layer gives for one image. */
export interface Answer {
  readonly hidden: readonly Float32Array[]; // (units) of each hidden layer
  readonly scores: Float32Array; // (classes), before softmax
  readonly probabilities: Float32Array; // (classes)
}
