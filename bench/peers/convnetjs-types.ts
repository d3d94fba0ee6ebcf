/** What is used of ConvNetJS. */
export interface Volume {
  w: ArrayLike<number> & { [index: number]: number };
}
export interface Layer {
  readonly filters?: Volume[];
  readonly biases?: Volume;
  readonly out_act?: Volume;
}
export interface Net {
  layers: Layer[];
  makeLayers(definitions: readonly object[]): void;
  forward(x: Volume): Volume;
}
type MakesLayer = new (definition: object) => Layer;

export interface ConvNet {
  FullyConnLayer: MakesLayer;
  InputLayer: MakesLayer;
  ReluLayer: MakesLayer;
  SigmoidLayer: MakesLayer;
  RegressionLayer: MakesLayer;
  Net: new () => Net;
  Vol: new (width: number, height: number, depth: number, fill: number) => Volume;
  Trainer: new (
    net: Net,
    options: object,
  ) => { train(x: Volume, y: number | readonly number[]): { cost_loss: number } };
}
