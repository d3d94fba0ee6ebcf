/** Headings of the parts by their ids, then what the parts say. */
export const en = {
  titles: {
    curve: "A function and its slope",
    layers: "Ten layers, one slider",
    graveyard: "A graveyard of units",
    paths: "The zig-zag path",
    duel: "Two activations, one seed",
  },
  train: "Train",
  pause: "Pause",
  restart: "Restart",
  failed: "This part stopped:",
  activation: "Activation",
  learningRate: "Learning rate",
  step: "step",
  accuracy: "test accuracy",
  loss: "training loss",

  curve: {
    hint: "Drag the point, or move the slider. Where the curve is flat, f′ is near 0: a gradient that passes here is all but lost.",
    x: "Input x",
    through: "Layers in a row",
    layers: (n: number) => (n === 1 ? "1 layer" : `${n} layers`),
    f: "f(x)",
    slope: "f′(x)",
    plotLabel: (what: string, name: string) => `${what} of ${name}, from −8 to 8`,
    state: "Here the unit",
    states: {
      open: "learns",
      saturated: "is saturated",
      off: "is off: slope 0",
    },
    left: (n: number) => `Left after ${n === 1 ? "1 layer" : `${n} layers`}`,
    leftLabel: "What is left of a gradient of 1 after each layer with this slope",
    layerAxis: "layers passed",
    mean: "Mean output",
    positive: "Outputs above 0",
    normal:
      "Mean and share above 0 are those of 4,096 normal inputs (mean 0, deviation 1): near 0 and 50 %, the outputs are zero-centered.",
    table: "Values of the curves",
    keyThreshold: "2.7 % of the largest slope",
    keySaturated: "saturated: a flat end, slope below that line",
    keyOff: "off: slope exactly 0",
  },

  layers: {
    hint: "256 digits pass through ten layers of 64 before any training. Move the slider: too small, and the signal dies out; too large, and units saturate or explode.",
    stddev: "Standard deviation of the weights",
    presets: "Known sizes",
    strip: "What each layer answers",
    layer: (n: number) => `Layer ${n}`,
    histogramLabel: (n: number, spread: string) => `Layer ${n}: spread ${spread}`,
    range: (low: string, high: string) => `each from ${low} to ${high}`,
    spread: "spread",
    saturated: "saturated",
    dead: "dead units",
    inside: "share of the answers; below each picture their spread (standard deviation)",
    beyond: "outside the picture",
    gradient: "gradient norm",
    gradientLabel: "Size (norm) of the gradient of each layer's weights, as a power of ten",
    layerAxis: "layer",
    table: "Numbers of each layer",
    verdicts: {
      diesOut: (from: string, to: string) =>
        `The signal dies out: its spread falls from ${from} to ${to}.`,
      explodes: (from: string, to: string) =>
        `The signal explodes: its spread grows from ${from} to ${to}.`,
      saturates: (share: string) =>
        `The units saturate: in the worst layer ${share} of the answers lie on a flat end.`,
      vanishes: (from: string, to: string) =>
        `The answers look sound, but the gradient vanishes: ${from} in the last layer, ${to} in the first.`,
      sound: (from: string, to: string) =>
        `Sound: the spread goes from ${from} to ${to}, and every layer gets a gradient.`,
    },
  },

  graveyard: {
    hint: "One hidden layer of 64 units learns the digits with Adam. A unit glows by the share of digits it answers; it goes dark when its slope is 0 on all 256 digits of the probe. Both start with the same weights. This is one seed of many.",
    unitsLabel: (name: string, dead: number) => `${name}: ${dead} of 64 units are dead`,
    dead: "dead",
    deadOf: (dead: number) => `${dead} of 64`,
    chart: "dead units",
    chartLabel: "Dead units by training step",
    axisStep: "training steps",
    glow: "answers many digits",
    grave: "dead: never answers",
    table: "Dead units and accuracy over time",
  },

  paths: {
    hint: "Two weights walk down the loss from one start. A ring marks the start, a disc the end, a cross the lowest loss; lines join equal losses. Where both gradients have one sign, a step can only go up and right, or down and left.",
    batchSize: "Batch size",
    rows: (n: number) => (n === 1 ? "1 row" : `${n} rows`),
    replay: "Walk again",
    positive: "inputs all positive",
    centered: "inputs centered",
    mapLabel: (inputs: string, steps: string) => `Path of two weights, ${inputs}: ${steps}`,
    w1: "weight 1",
    w2: "weight 2",
    steps: "steps to within 5 % of the lowest loss",
    notReached: (steps: number) => `not in ${steps}`,
    equal: "steps with equal signs",
    table: "The weights after each step",
    first: (inputs: string) => `w₁, ${inputs}`,
    second: (inputs: string) => `w₂, ${inputs}`,
  },

  duel: {
    hint: "Two networks that differ in nothing but the activation: same seed, same batches of digits, same optimizer (Adam). One seed of many: with another one the other may be ahead.",
    first: "Activation A",
    second: "Activation B",
    depth: "Hidden layers of 32",
    chartLabel: (what: string) => `${what} of A and B by training step`,
    stepTime: "time per step",
    microseconds: (n: string) => `${n} µs`,
    axisStep: "training steps",
    table: "The curves in numbers",
  },
};

export type LiveTexts = typeof en;
