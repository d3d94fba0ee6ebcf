/** What is used of ConvNetJS. */
export interface Volume {
  w: ArrayLike<number> & { [index: number]: number };
}
interface Layer {
  readonly filters?: Volume[];
  readonly biases?: Volume;
  readonly out_act?: Volume;
}
export interface Net {
  readonly layers: Layer[];
  makeLayers(definitions: readonly object[]): void;
  forward(x: Volume): Volume;
}
export interface ConvNet {
  Net: new () => Net;
  Vol: new (width: number, height: number, depth: number, fill: number) => Volume;
  Trainer: new (
    net: Net,
    options: object,
  ) => { train(x: Volume, y: number): { cost_loss: number } };
}
