// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/diagnostics

export declare const BINS = 32;

export interface Curve {
  readonly loss: readonly number[];
  readonly measure: readonly number[];
  readonly value: number;
}

export type Deaths = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface DiagnoseOptions {
  readonly probeRows?: number;
  readonly seed?: number;
  readonly flatness?: number;
  readonly step?: number;
  readonly thresholds?: Partial<Readonly<Record<FindingCode, number>>>;
  readonly layers?: LoadOptions["layers"];
}

export interface Diagnosis extends Overall {
  readonly findings: readonly Finding[];
}

export type Factor = "input" | "slope" | "upstream";

export interface Factors {
  readonly input: number;
  readonly slope: number;
  readonly upstream: number;
  readonly product: number;
  readonly place: readonly number[];
  readonly total: number;
  readonly tiny: readonly Factor[];
}

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly layer: string | undefined;
  readonly step: number;
  readonly value: number;
  readonly threshold: number;
  readonly remedy: Remedy;
  readonly remedies: readonly Remedy[];
  readonly sentence: string;
  readonly page: string;
  tryRemedy(options?: TrialOptions): Trial;
}

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

export interface Health extends Callbacks {
  readonly history: readonly HealthRecord[];
}

export interface HealthOptions extends DiagnoseOptions {
  readonly every?: "epoch" | number;
  readonly onDiagnosis?: (diagnosis: HealthRecord, model: FitModel) => unknown;
}

export interface HealthRecord extends Diagnosis {
  readonly updateCosine: number | undefined;
  readonly deaths: Deaths;
}

export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

export interface LayerHealth {
  readonly name: string;
  readonly activation: ActivationName;
  readonly units: number;
  readonly saturation: Saturation;
  readonly dead: {
    readonly count: number;
    readonly share: number;
    readonly units: readonly number[];
  };
  readonly zeroCentering: {
    readonly inputs: number;
    readonly gradientSigns: number;
  };
  readonly sparsity: number;
  readonly nonFinite: number;
  readonly gradientNorm: number;
  readonly gradientRatio: number | undefined;
  readonly weightGradientNorm: number | undefined;
  readonly weightGradientRatio: number | undefined;
  readonly weightNorm: number | undefined;
  readonly updateRatio: number | undefined;
  readonly kernelDeviation:
    | {
        readonly actual: number;
        readonly suited: number;
        readonly activation: ActivationName;
      }
    | undefined;
  readonly perUnit: {
    readonly active: readonly number[];
    readonly saturated: readonly number[];
    readonly gradientSigns: readonly number[];
  };
  readonly histograms: {
    readonly preActivations: Histogram;
    readonly activations: Histogram;
    readonly gradients: Histogram;
    readonly weights: Histogram | undefined;
  };
}

export interface Overall {
  readonly layers: readonly LayerHealth[];
  readonly step: number;
  readonly loss: number;
  readonly chance: number | undefined;
  readonly firstNonFinite:
    | {
        readonly layer: string;
        readonly step: number;
      }
    | undefined;
  readonly joined: readonly string[];
}

export type Remedy = {
  readonly text: string;
} & (
  | {
      readonly kind: "learningRate";
      readonly factor: number;
    }
  | {
      readonly kind: "clip";
      readonly globalClipNorm: number;
    }
  | {
      readonly kind: "optimizer";
      readonly optimizer: OptimizerName;
    }
  | {
      readonly kind: "activation";
      readonly activation: ActivationName;
    }
  | {
      readonly kind: "initialize";
    }
  | {
      readonly kind: "width";
      readonly factor: number;
    }
);

export interface Saturation {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export type Severity = "info" | "warning" | "error";

export interface Stuck {
  readonly layer: string;
  readonly unit: number;
  readonly input: number;
  readonly rows: readonly Factors[];
  readonly gradient: number;
  readonly culprit: Factor | undefined;
  readonly path: readonly {
    readonly layer: string;
    readonly gradientNorm: number;
  }[];
  readonly vanishedAt: string | undefined;
  readonly text: string;
}

export interface Trial {
  readonly remedy: Remedy;
  readonly unchanged: Curve;
  readonly remedied: Curve;
}

export interface TrialOptions {
  readonly kind?: Remedy["kind"];
  readonly steps?: number;
  readonly batchSize?: number;
}

export interface WhyStuckOptions {
  readonly layer: string;
  readonly unit: number;
  readonly input?: number;
  readonly probeRows?: number;
  readonly seed?: number;
}

export declare function diagnose(
  model: AnyModel,
  data: DatasetLike,
  options?: DiagnoseOptions,
): Diagnosis;
export declare function diagnose(
  model: AnyModel,
  x: DataLike,
  y: DataLike,
  options?: DiagnoseOptions,
): Diagnosis;

export declare function health(options?: HealthOptions): Health;

export declare function whyStuck(
  model: AnyModel,
  data: DatasetLike,
  options: WhyStuckOptions,
): Stuck;
export declare function whyStuck(
  model: AnyModel,
  x: DataLike,
  y: DataLike,
  options: WhyStuckOptions,
): Stuck;

// Not exported, but spoken of above.

type AnyModel = Model<never, unknown, unknown>;
