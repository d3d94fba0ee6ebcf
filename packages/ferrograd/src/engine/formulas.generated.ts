// Generated from the formulas in crates/kernels: `npm run generate`. Do not edit.
import type { ActivationName, RuleName } from "./ops.generated.ts";

/**
 * Instructions in the order of a stack machine: operands, then what is done with them. `=a`
 * keeps the top of the stack under a name.
 */
export type Formula = string;

/** Of x, or of x or y as the row says, with its parameters p and q: those that join a product. */
export const ACTIVATION_FORMULAS: {
  readonly [name in ActivationName]?: { readonly f: Formula; readonly df: Formula };
} = {
  sigmoid: {
    f: "5.421011e-20 12583103.0 x abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F 1.0 x 0.0 lt bitselect 1.0 F add div",
    df: "x 1.0 x sub mul",
  },
  tanh: {
    f: "x -9.02 pmax 9.02 pmin =A A A A mul =B mul 0.029773494 B 0.00011424449 mul add mul add =C C B 1.2287319e-6 B B mul mul 0.0012065131 B mul 0.113106795 add add mul =D mul add =E E abs 1.0 D C abs 0.5 mul sub =F 2.0 F add mul add add div",
    df: "1.0 x x mul sub",
  },
  relu: {
    f: "x 0.0 pmax",
    df: "0.0 1.0 x 0.0 le bitselect",
  },
  leakyRelu: {
    f: "x p mul x x 0.0 le bitselect",
    df: "p 1.0 x 0.0 le bitselect",
  },
  relu6: {
    f: "x 0.0 pmax 6.0 pmin",
    df: "0.0 1.0 0.0 x 6.0 lt bitselect x 0.0 le bitselect",
  },
  elu: {
    f: "p x -18.0 pmax =A 1.442695 mul 12583039.0 add =B shl23 =C A B 12583039.0 sub =D 0.6933594 mul sub D -0.00021219444 mul sub =E E E mul =F 0.49999997 E 0.16666545 mul add F 0.04166746 E 0.008366432 mul add F 0.0013868435 mul add mul add mul add mul C 1.0 sub add mul x x 0.0 le bitselect",
    df: "x p add 1.0 x 0.0 le bitselect",
  },
  selu: {
    f: "1.7580993 x -18.0 pmax =A 1.442695 mul 12583039.0 add =B shl23 =C A B 12583039.0 sub =D 0.6933594 mul sub D -0.00021219444 mul sub =E E E mul =F 0.49999997 E 0.16666545 mul add F 0.04166746 E 0.008366432 mul add F 0.0013868435 mul add mul add mul add mul C 1.0 sub add mul 1.050701 x mul x 0.0 le bitselect",
    df: "x 1.7580993 add 1.050701 x 0.0 le bitselect",
  },
  celu: {
    f: "p x 1.0 p div mul -18.0 pmax =A 1.442695 mul 12583039.0 add =B shl23 =C A B 12583039.0 sub =D 0.6933594 mul sub D -0.00021219444 mul sub =E E E mul =F 0.49999997 E 0.16666545 mul add F 0.04166746 E 0.008366432 mul add F 0.0013868435 mul add mul add mul add mul C 1.0 sub add mul x x 0.0 le bitselect",
    df: "1.0 x 1.0 p div mul add 1.0 x 0.0 le bitselect",
  },
  hardTanh: {
    f: "x -1.0 pmax 1.0 pmin",
    df: "0.0 1.0 0.0 x 1.0 lt bitselect x -1.0 le bitselect",
  },
  exponential: {
    f: "1.0 x -104.0 pmax 89.0 pmin =A A 1.442695 mul 12583166.0 add =B 12583166.0 sub =C 0.6933594 mul sub C -0.00021219444 mul sub =D 1.0 mul D D mul =E 0.49999994 D 0.16666521 mul add E 0.041668266 D 0.008368677 mul add E 0.0013820734 mul add mul add mul add add B shr1 =F shl23 mul B F isub shl23 mul",
    df: "x",
  },
  squareplus: {
    f: "0.25 p mul 0.5 x abs =A 1e18 pmin =B B mul p add sqrt A pmax mul 0.5 A mul add =C div C x 0.0 lt bitselect",
    df: "x 1e18 pmin =A A mul =B B p 0.25 mul add div",
  },
};

/** Of w, the slots a, b, c, the gradient g and the coefficients k0 to k6: the new w, a, b, c. */
export const RULE_FORMULAS: { readonly [name in RuleName]: Formula } = {
  sgd:
    "w k0 g mul sub",
  momentum:
    "w k1 g mul k2 k0 a mul g add =A mul add sub A",
  nesterov:
    "w k1 g mul k2 k0 a mul g add =A mul add sub A",
  adam:
    "w k5 g mul k6 a g a sub k0 mul add =A mul add k3 k1 b mul g g mul k2 mul add =B sqrt mul k4 add div sub A B",
  amsgrad:
    "w k6 a g a sub k0 mul add =A mul k3 c k1 b mul g g mul k2 mul add =B pmax =C sqrt mul k4 add div sub A B C",
  nadam:
    "w k5 g mul k6 a g a sub k0 mul add =A mul add k3 k1 b mul g g mul k2 mul add =B sqrt mul k4 add div sub A B",
  radam:
    "w k5 g mul k6 a g a sub k0 mul add =A mul add k3 k1 b mul g g mul k2 mul add =B sqrt mul k4 add div sub A B",
  adamax:
    "w k3 a g a sub k0 mul add =A mul k1 b mul g abs k2 add pmax =B div sub A B",
  rmsprop:
    "w k2 g mul k0 a mul g g mul k1 mul add =A sqrt k3 add div sub A",
  rmspropMomentum:
    "w k2 k4 c mul g 0.0 k0 a mul g g mul k1 mul add =A k5 b g b sub k1 mul add =B B mul mul sub pmax sqrt k3 add div add =C mul sub A B C",
  rmspropCentered:
    "w k2 k4 c mul g 0.0 k0 a mul g g mul k1 mul add =A k5 b g b sub k1 mul add =B B mul mul sub pmax sqrt k3 add div add =C mul sub A B C",
  adagrad:
    "w k2 g mul k0 a mul g g mul k1 mul add =A sqrt k3 add div sub A",
  adadelta:
    "w k2 b k3 add k0 a mul g g mul k1 mul add =A k3 add div sqrt g mul =B mul sub A k0 b mul B B mul k1 mul add",
  lion:
    "w k0 1.0 -0.0 andnot a g a sub =A k1 mul add =B -0.0 and or B 0.0 B abs lt bitselect mul sub a A k2 mul add",
};

/** Of x. */
export const EXP: Formula =
  "1.0 x -104.0 pmax 89.0 pmin =A A 1.442695 mul 12583166.0 add =B 12583166.0 sub =C 0.6933594 mul sub C -0.00021219444 mul sub =D 1.0 mul D D mul =E 0.49999994 D 0.16666521 mul add E 0.041668266 D 0.008368677 mul add E 0.0013820734 mul add mul add mul add add B shr1 =F shl23 mul B F isub shl23 mul";
export const LOG: Formula =
  "Infinity neg Infinity x 33554432.0 mul x x 1.1754944e-38 lt =A bitselect =B B 0.70710677 isub sar23 =C shl23 isub 1.0 sub =D D mul =E D mul 0.069155864 E mul -0.11789839 D mul 0.11872895 add add E mul -0.12384339 D mul 0.14218669 add add E mul -0.16669251 D mul 0.20002227 add add E mul -0.24999987 D mul 0.3333331 add add mul C convert 25.0 0.0 A bitselect sub =F -0.00021219444 mul add 0.5 E mul sub D add F 0.6933594 mul add x Infinity eq bitselect x 0.0 eq bitselect NaN 0.0 x le bitselect";
