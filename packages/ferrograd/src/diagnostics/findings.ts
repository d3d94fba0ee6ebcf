import type { ActivationName } from "../engine/ops.generated.ts";
import type { OptimizerName } from "../optimizers/by-name.ts";
import type { LayerHealth } from "./layers.ts";

/** What can be wrong. */
export type FindingCode =
  | "saturated"
  | "dying"
  | "dead"
  | "notZeroCentered"
  | "vanishing"
  | "exploding"
  | "updateTooLarge"
  | "updateTooSmall"
  | "initMismatch"
  | "collapsed"
  | "nan"
  | "lossStuckAtChance";

/** "info" is worth knowing, "warning" costs accuracy or time, "error" stops learning. */
export type Severity = "info" | "warning" | "error";

/** A change to a network or to how it trains, as data. */
export type Remedy = { readonly text: string } & (
  | { readonly kind: "learningRate"; readonly factor: number }
  | { readonly kind: "clip"; readonly globalClipNorm: number }
  | { readonly kind: "optimizer"; readonly optimizer: OptimizerName }
  | { readonly kind: "activation"; readonly activation: ActivationName }
  | { readonly kind: "initialize" }
  | { readonly kind: "width"; readonly factor: number }
);

/** One measured fact, before it is worded. */
export interface Measured {
  readonly code: FindingCode;
  readonly layer: string | undefined;
  readonly value: number;
}

/** By layer: each unit that is dead now, and the step of the diagnosis that first found it so. */
export type Deaths = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** What all layers say together. */
export interface Overall {
  readonly layers: readonly LayerHealth[];
  /** Training steps done. */
  readonly step: number;
  /** Mean loss over the probe. */
  readonly loss: number;
  /**
   * The loss of the best answer that ignores the inputs, such as the classes' shares or the mean of the
   * targets; undefined for losses that have no formula for it.
   */
  readonly chance: number | undefined;
  /** The first layer with a NaN or infinity among its outputs, and the step at which it was found. */
  readonly firstNonFinite: { readonly layer: string; readonly step: number } | undefined;
  /** Layers with weights that with the next such layer compute what one linear layer can. */
  readonly joined: readonly string[];
}

/** What wording a finding may use. */
export interface Context extends Overall {
  /** The finding's layer. */
  readonly health: LayerHealth | undefined;
  /** Known to `health` alone, which watches. */
  readonly deaths: Deaths | undefined;
}

/** A code: what it measures, from where on it is found, what helps. */
export interface Rule {
  readonly severity: Severity;
  /**
   * From where on it is found. The defaults lie beyond what networks with two hidden layers of relu,
   * leakyRelu, tanh, sigmoid, gelu, silu, elu or selu reach on the shipped data sets before, during and
   * after training with Adam (worst of 20 seeds each): dead 0.28, saturated 0.22, vanishing 18,
   * exploding 5.6, updates from 1/8,800 to 0.008, kernels a factor of 1.14 from what suits, a loss of
   * 0.91 of chance.
   */
  readonly threshold: number;
  /** In the order of the sentence. */
  readonly remedies: readonly Remedy[];
  /** Which of them is tried unless another is asked for (default 0): it helps whatever the cause. */
  readonly first?: number;
  /** Is it about the state before training, or about one step? Then a remedy is judged there. */
  readonly atStart?: true;
  /** A stronger finding about the same layer that makes this one superfluous. */
  readonly unless?: FindingCode;
  /** The number of each layer that could have the trouble, or of the network; larger is worse. */
  measure(overall: Overall): readonly Measured[];
  sentence(finding: Measured, context: Context): string;
}
