/** Instructions on numbers, and those that lead from one to another. */
export const SCALAR = {
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  continue: 0x0d,
  return: 0x0f,
  "i32.load": 0x28,
  "f32.load": 0x2a,
  "f64.load": 0x2b,
  "i32.store": 0x36,
  "f32.store": 0x38,
  "i32.eqz": 0x45,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.and": 0x71,
  "i32.shl": 0x74,
  "f32.add": 0x92,
  "f32.sub": 0x93,
  "f32.mul": 0x94,
  "f64.add": 0xa0,
  "f64.mul": 0xa2,
  "f32.demote": 0xb6,
} as const;

/** Those with an address. */
export type Access = keyof typeof SCALAR & `${string}.${"load" | "store"}`;
/** Those that stand alone. */
export type Plain = Exclude<keyof typeof SCALAR, "loop" | "if" | "continue" | Access>;
/** A block that leaves nothing on the stack. */
export const NOTHING = 0x40;

/** Instructions on vectors: four floats, or four integers or two doubles where it says so. */
export const SIMD = {
  load: 0x00,
  loadSplat: 0x09,
  store: 0x0b,
  const: 0x0c,
  shuffle: 0x0d,
  splatInteger: 0x11,
  splat: 0x13,
  lane: 0x1f,
  doubleLane: 0x21,
  geU: 0x40,
  eq: 0x41,
  lt: 0x43,
  le: 0x45,
  not: 0x4d,
  and: 0x4e,
  andnot: 0x4f,
  or: 0x50,
  bitselect: 0x52,
  anyTrue: 0x53,
  loadLane: 0x56,
  storeLane: 0x5a,
  storeLanes: 0x5b,
  loadOne: 0x5c,
  loadTwo: 0x5d,
  demote: 0x5e,
  promote: 0x5f,
  nearest: 0x6a,
  allTrue: 0xa3,
  shl: 0xab,
  sar: 0xac,
  shr: 0xad,
  isub: 0xb1,
  imax: 0xb8,
  abs: 0xe0,
  neg: 0xe1,
  sqrt: 0xe3,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  min: 0xe8,
  max: 0xe9,
  pmin: 0xea,
  pmax: 0xeb,
  doubleAdd: 0xf0,
  convert: 0xfa,
} as const;
export type Simd = keyof typeof SIMD;
export const isSimd = (name: string): name is Simd => name in SIMD;
