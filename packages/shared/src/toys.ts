import { add, cos, Dataset, mul, randomUniform, sin, tensor } from "ferrograd";

/** Points are drawn within this distance of the origin, before noise. */
const RADIUS = 3;
const TURNS = 1.75;

interface ToyOptions {
  readonly rows: number;
  /** Share of the radius. */
  readonly noise: number;
  readonly seed: number;
}

/** Streams of the seed, apart from those of layers. */
const STREAM = { angle: 0x707001, radius: 0x707002, noise: 0x707003 };

/** (rows) numbers between min and max. */
const uniform = (rows: number, stream: number, seed: number, min: number, max: number) =>
  randomUniform([rows], { seed, stream, min, max });

/** A data set of points with noise on both coordinates; class names are letters. */
function points(
  columns: { x: Float32Array; y: Float32Array },
  labels: Int32Array,
  { rows, noise, seed }: ToyOptions,
): Dataset {
  const amount = noise * RADIUS;
  const noises = randomUniform([rows * 2], {
    seed,
    stream: STREAM.noise,
    min: -amount,
    max: amount,
  }).data();
  const data = noises.map((value, i) => value + (i % 2 === 0 ? columns.x : columns.y)[i >> 1]!);
  return new Dataset({ x: { data, shape: [rows, 2] }, y: labels, classNames: ["A", "B"] });
}

/** Two arms that wind around each other. */
export function spirals(options: ToyOptions): Dataset {
  const { rows } = options;
  const half = rows / 2;
  const labels = Int32Array.from({ length: rows }, (_, i) => (i < half ? 0 : 1));
  const along = tensor(Float32Array.from({ length: rows }, (_, i) => ((i % half) + 1) / half));
  const turned = tensor(Float32Array.from(labels, (label) => label * Math.PI));
  const angle = add(mul(along, TURNS * 2 * Math.PI), turned);
  const radius = mul(along, RADIUS);
  const x = mul(radius, sin(angle)).data();
  return points({ x, y: mul(radius, cos(angle)).data() }, labels, options);
}

/** A disc within a ring. */
export function circles(options: ToyOptions): Dataset {
  const { rows, seed } = options;
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 2);
  const angle = uniform(rows, STREAM.angle, seed, 0, 2 * Math.PI);
  const share = uniform(rows, STREAM.radius, seed, 0, 1).data();
  const [disc, ring] = [0.5 * RADIUS, 0.7 * RADIUS];
  const radius = tensor(
    share.map((s, i) => (labels[i] === 0 ? s * disc : ring + s * (RADIUS - ring))),
  );
  const x = mul(radius, sin(angle)).data();
  return points({ x, y: mul(radius, cos(angle)).data() }, labels, options);
}

/** Four quadrants; opposite ones belong together. */
export function xor(options: ToyOptions): Dataset {
  const { rows, seed } = options;
  const gap = 0.1 * RADIUS;
  const away = (v: number) => v + (v > 0 ? gap : -gap);
  const x = uniform(rows, STREAM.angle, seed, gap - RADIUS, RADIUS - gap)
    .data()
    .map(away);
  const y = uniform(rows, STREAM.radius, seed, gap - RADIUS, RADIUS - gap)
    .data()
    .map(away);
  const labels = Int32Array.from(x, (value, i) => (value > 0 === y[i]! > 0 ? 0 : 1));
  return points({ x, y }, labels, options);
}
