import type { Engine, Peer, Session, TrainSpec } from "../types.ts";

/** Written for nets of a playground's size: larger ones are left to the others. */
const MOST_LINKS = 1000;

/** A unit: an object that knows the links into it and out of it. */
class Node {
  readonly inputs: Link[] = [];
  readonly outputs: Link[] = [];
  bias: number;
  totalInput = 0;
  output = 0;
  /** Derivative of the loss by the output. */
  dOutput = 0;
  /** Derivative of the loss by the total input. */
  dInput = 0;
  /** Summed since the last update. */
  sumDInput = 0;
  count = 0;
  readonly activation: Activation;

  constructor(bias: number, activation: Activation) {
    this.bias = bias;
    this.activation = activation;
  }

  update(): number {
    this.totalInput = this.bias;
    for (const link of this.inputs) this.totalInput += link.weight * link.source.output;
    this.output = this.activation.output(this.totalInput);
    return this.output;
  }
}

/** A weight between two units. */
class Link {
  readonly source: Node;
  readonly target: Node;
  weight: number;
  sumDerivative = 0;
  count = 0;

  constructor(source: Node, target: Node, weight: number) {
    this.source = source;
    this.target = target;
    this.weight = weight;
  }
}

interface Activation {
  output(x: number): number;
  derivative(x: number): number;
}

const relu: Activation = {
  output: (x) => Math.max(0, x),
  derivative: (x) => (x <= 0 ? 0 : 1),
};
const linear: Activation = { output: (x) => x, derivative: () => 1 };

/** A network of objects for nodes and links that sees one sample at a time, as in teaching pages. */
export const objectLoop: Peer = {
  name: "object-loop",
  installed: false,
  load: async (): Promise<Engine> => ({ version: "1", train }),
};

function train(spec: TrainSpec): Session | undefined {
  const { units, x, labels, batchSize, learningRate } = spec;
  const links = units.slice(1).reduce((sum, out, i) => sum + out * units[i], 0);
  if (links > MOST_LINKS || spec.optimizer !== "sgd") return undefined;
  const network = build(spec);
  const samples = Array.from(labels, (label, row) => ({
    input: [...x.subarray(row * units[0], (row + 1) * units[0])],
    label,
  }));
  return {
    run() {
      let loss = 0;
      for (const { input, label } of samples) {
        forward(network, input);
        loss += backward(network, label);
      }
      update(network, learningRate);
      return loss / batchSize;
    },
    dispose() {},
  };
}

function build({ units, weights }: TrainSpec): Node[][] {
  const network: Node[][] = [];
  units.forEach((count, level) => {
    const activation = level === units.length - 1 ? linear : relu;
    const layer = Array.from({ length: count }, (_, unit) => {
      const bias = level === 0 ? 0 : weights[2 * level - 1][unit];
      const node = new Node(bias, activation);
      (network[level - 1] ?? []).forEach((source, from) => {
        const link = new Link(source, node, weights[2 * level - 2][from * count + unit]);
        source.outputs.push(link);
        node.inputs.push(link);
      });
      return node;
    });
    network.push(layer);
  });
  return network;
}

function forward(network: Node[][], input: readonly number[]): void {
  network[0].forEach((node, i) => {
    node.output = input[i];
  });
  for (const layer of network.slice(1)) for (const node of layer) node.update();
}

/** Adds one sample's derivatives to the sums; returns its softmax cross-entropy. */
function backward(network: Node[][], label: number): number {
  const last = network[network.length - 1];
  const max = Math.max(...last.map(({ output }) => output));
  const exps = last.map(({ output }) => Math.exp(output - max));
  const sum = exps.reduce((total, e) => total + e, 0);
  last.forEach((node, i) => {
    node.dOutput = exps[i] / sum - (i === label ? 1 : 0);
  });
  for (let level = network.length - 1; level >= 1; level--) {
    for (const node of network[level]) {
      node.dInput = node.dOutput * node.activation.derivative(node.totalInput);
      node.sumDInput += node.dInput;
      node.count++;
    }
    for (const node of network[level]) {
      for (const link of node.inputs) {
        link.sumDerivative += node.dInput * link.source.output;
        link.count++;
      }
    }
    if (level === 1) continue;
    for (const node of network[level - 1]) {
      node.dOutput = 0;
      for (const link of node.outputs) node.dOutput += link.weight * link.target.dInput;
    }
  }
  return Math.log(sum) + max - last[label].output;
}

/** One step down the mean of the derivatives since the last one. */
function update(network: Node[][], learningRate: number): void {
  for (const layer of network.slice(1)) {
    for (const node of layer) {
      node.bias -= (learningRate * node.sumDInput) / node.count;
      node.sumDInput = 0;
      node.count = 0;
      for (const link of node.inputs) {
        link.weight -= (learningRate * link.sumDerivative) / link.count;
        link.sumDerivative = 0;
        link.count = 0;
      }
    }
  }
}
