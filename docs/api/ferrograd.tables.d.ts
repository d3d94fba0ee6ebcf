// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/tables

export interface ActivationFacts {
  readonly derivativeFrom: ActivationRow["derivativeFrom"];
  readonly saturates: ActivationRow["saturates"];
  readonly initializer: ActivationRow["initializer"];
  readonly probabilities: boolean;
  readonly params: ActivationRow["params"];
}

export declare const activations: {
  readonly [name in ActivationName]: ActivationFacts;
};

export declare const layers: {
  readonly [type: string]: (options: Config, name: string) => Layer;
};

export declare const losses: {
  readonly [name in LossName]: LossOf<object>;
};

export declare const metrics: readonly MetricName[];

export declare function named<T extends string>(
  where: string,
  kind: string,
  name: unknown,
  names: readonly T[],
): T;

export declare const optimizers: {
  readonly [name in OptimizerName]: (options?: OptimizerOptions) => Optimizer;
};

// Not exported, but spoken of above.

interface ActivationParam {
  readonly name: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

interface ActivationRow {
  readonly code: number;
  readonly derivativeFrom: "x" | "y" | "either";
  readonly saturates: "none" | "low" | "high" | "both";
  readonly initializer: "heNormal" | "glorotUniform" | "lecunNormal";
  readonly probabilities: boolean;
  readonly params: readonly ActivationParam[];
}
