// Generated from the formulas in crates/kernels: `npm run generate`. Do not edit.
import type { ActivationName, BinaryName, RuleName, UnaryName } from "./ops.generated.ts";

/**
 * Instructions in the order of a stack machine: operands, then what is done with them. `=A`
 * keeps the top of the stack under a name.
 */
export type Formula = string;

/** Of x, df of x or y as the row says, with its parameters p and q. */
export const ACTIVATION_FORMULAS: {
  readonly [name in ActivationName]: { readonly f: Formula; readonly df: Formula };
} = {
  linear: {
    f: "x",
    df: "1.0",
  },
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
  gelu: {
    f: "x 0.0 pmax x abs 15.0 pmin =A 5.421011e-20 12583103.0 x x mul 0.5 mul abs 104.0 pmin =B 1.442695 mul sub =C 12583103.0 sub =D -0.6933594 mul B sub D -0.00021219444 mul sub =E 5.421011e-20 mul E E mul =F 2.7105051e-20 E 9.034939e-21 mul add F 2.2588412e-21 E 4.536669e-22 mul add F 7.492235e-23 mul add mul add mul add add C shl23 mul 0.028739456 A A mul =G mul 0.15093726 A mul 0.4 add add mul 0.00026640724 G mul 0.068005934 A mul 0.40761748 add add G mul 0.94018346 A mul 0.8 add add div mul sub",
    df: "5.421011e-20 12583103.0 x x mul 0.5 mul abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F 0.028739456 x -200.0 pmax 200.0 pmin =G abs =H H mul =I mul 0.15093726 H mul 0.4 add add mul 0.00026640724 I mul 0.068005934 H mul 0.40761748 add add I mul 0.94018346 H mul 0.8 add add div =J 1.0 J sub G 0.0 le bitselect G F mul 0.3989423 mul add",
  },
  geluTanh: {
    f: "x -200.0 pmax =A 5.421011e-20 12583103.0 A 200.0 pmin =B B B mul 0.071354814 mul 1.595769 add mul abs 104.0 pmin =C 1.442695 mul sub =D 12583103.0 sub =E -0.6933594 mul C sub E -0.00021219444 mul sub =F 5.421011e-20 mul F F mul =G 2.7105051e-20 F 9.034939e-21 mul add G 2.2588412e-21 F 4.536669e-22 mul add G 7.492235e-23 mul add mul add mul add add D shl23 mul =H 1.0 x 0.0 lt bitselect 1.0 H add div mul",
    df: "5.421011e-20 12583103.0 x -200.0 pmax 200.0 pmin =A A A mul =B 0.071354814 mul 1.595769 add mul abs 104.0 pmin =C 1.442695 mul sub =D 12583103.0 sub =E -0.6933594 mul C sub E -0.00021219444 mul sub =F 5.421011e-20 mul F F mul =G 2.7105051e-20 F 9.034939e-21 mul add G 2.2588412e-21 F 4.536669e-22 mul add G 7.492235e-23 mul add mul add mul add add D shl23 mul =H 1.0 1.0 H add div =I mul =J I A 0.0 lt =K bitselect =L A B 0.21406445 mul 1.595769 add mul L mul I J K bitselect mul add",
  },
  hardSigmoid: {
    f: "x 3.0 add 0.0 pmax 6.0 pmin 0.16666667 mul",
    df: "0.0 0.16666667 0.0 x 3.0 lt bitselect x -3.0 le bitselect",
  },
  hardTanh: {
    f: "x -1.0 pmax 1.0 pmin",
    df: "0.0 1.0 0.0 x 1.0 lt bitselect x -1.0 le bitselect",
  },
  silu: {
    f: "x -200.0 pmax 5.421011e-20 12583103.0 x abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F 1.0 x 0.0 lt bitselect 1.0 F add div mul",
    df: "5.421011e-20 12583103.0 x abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F 1.0 1.0 F add div =G mul =H G x 0.0 lt =I bitselect =J x -200.0 pmax 200.0 pmin J mul G H I bitselect mul add",
  },
  hardSilu: {
    f: "x -3.0 pmax x 3.0 add 0.0 pmax 6.0 pmin 0.16666667 mul mul",
    df: "0.0 x 0.33333334 mul 0.5 add 1.0 x 3.0 lt bitselect x -3.0 le bitselect",
  },
  mish: {
    f: "x -200.0 pmax 5.421011e-20 12583103.0 x abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F F 2.0 add mul 1.0 2.0 F mul add x 0.0 lt =G bitselect =H H 2.0 1.0 F F mul G bitselect mul add div mul",
    df: "5.421011e-20 12583103.0 x abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F F 2.0 add mul 1.0 2.0 F mul add x 0.0 lt =G bitselect =H x -200.0 pmax 200.0 pmin 4.0 mul F F F mul =I G bitselect mul 1.0 F add mul 1.0 H 2.0 1.0 I G bitselect mul add div =J mul add J mul",
  },
  softplus: {
    f: "x 0.0 pmax 5.421011e-20 12583103.0 x abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F F F mul =G -0.49999648 F 0.3332133 F -0.24857217 mul add 0.19153848 F -0.13754188 mul add G mul add 0.07920883 F -0.0300683 mul add G 0.0053654225 mul add G G mul mul add mul add mul add add",
    df: "5.421011e-20 12583103.0 x abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F 1.0 x 0.0 lt bitselect 1.0 F add div",
  },
  softsign: {
    f: "x -3.4028235e38 pmax 3.4028235e38 pmin =A 1.0 A abs add div",
    df: "1.0 1.0 x abs add div =A A mul",
  },
  softShrink: {
    f: "x x p pmin p neg pmax sub",
    df: "0.0 1.0 x abs p le bitselect",
  },
  hardShrink: {
    f: "0.0 x x abs p le bitselect",
    df: "0.0 1.0 x abs p le bitselect",
  },
  tanhShrink: {
    f: "x x -9.02 pmax 9.02 pmin =A A A A mul =B mul 0.029773494 B 0.00011424449 mul add mul add =C C B 1.2287319e-6 B B mul mul 0.0012065131 B mul 0.113106795 add add mul =D mul add =E E abs 1.0 D C abs 0.5 mul sub =F 2.0 F add mul add add div sub",
    df: "x -9.02 pmax 9.02 pmin =A A A A mul =B mul 0.029773494 B 0.00011424449 mul add mul add =C C B 1.2287319e-6 B B mul mul 0.0012065131 B mul 0.113106795 add add mul =D mul add =E E abs 1.0 D C abs 0.5 mul sub =F 2.0 F add mul add add div =G G mul",
  },
  threshold: {
    f: "q x x p le bitselect",
    df: "0.0 1.0 x p le bitselect",
  },
  logSigmoid: {
    f: "x neg 0.0 pmax 5.421011e-20 12583103.0 x abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F F F mul =G -0.49999648 F 0.3332133 F -0.24857217 mul add 0.19153848 F -0.13754188 mul add G mul add 0.07920883 F -0.0300683 mul add G 0.0053654225 mul add G G mul mul add mul add mul add add neg",
    df: "5.421011e-20 12583103.0 x abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F 1.0 x neg 0.0 lt bitselect 1.0 F add div",
  },
  exponential: {
    f: "1.0 x -104.0 pmax 89.0 pmin =A A 1.442695 mul 12583166.0 add =B 12583166.0 sub =C 0.6933594 mul sub C -0.00021219444 mul sub =D 1.0 mul D D mul =E 0.49999994 D 0.16666521 mul add E 0.041668266 D 0.008368677 mul add E 0.0013820734 mul add mul add mul add add B shr1 =F shl23 mul B F isub shl23 mul",
    df: "x",
  },
  squareplus: {
    f: "0.25 p mul 0.5 x abs =A 1e18 pmin =B B mul p add sqrt A pmax mul 0.5 A mul add =C div C x 0.0 lt bitselect",
    df: "x 1e18 pmin =A A mul =B B p 0.25 mul add div",
  },
  sparsePlus: {
    f: "x x -1.0 pmax 1.0 add =A A mul 0.25 mul 1.0 x le bitselect",
    df: "x 0.5 mul 0.5 add 0.0 pmax 1.0 pmin",
  },
  sparseSigmoid: {
    f: "x 0.5 mul 0.5 add 0.0 pmax 1.0 pmin",
    df: "0.0 0.5 0.0 x 1.0 lt bitselect x -1.0 le bitselect",
  },
};

/** Of a; without those that go float by float. */
export const UNARY_FORMULAS: { readonly [name in UnaryName]?: Formula } = {
  neg:
    "a neg",
  abs:
    "a abs",
  sign:
    "1.0 -0.0 andnot a -0.0 and or a 0.0 a abs lt bitselect",
  sqrt:
    "a sqrt",
  square:
    "a a mul",
  reciprocal:
    "1.0 a div",
  exp:
    "1.0 a -104.0 pmax 89.0 pmin =A A 1.442695 mul 12583166.0 add =B 12583166.0 sub =C 0.6933594 mul sub C -0.00021219444 mul sub =D 1.0 mul D D mul =E 0.49999994 D 0.16666521 mul add E 0.041668266 D 0.008368677 mul add E 0.0013820734 mul add mul add mul add add B shr1 =F shl23 mul B F isub shl23 mul",
  log:
    "Infinity neg Infinity a 33554432.0 mul a a 1.1754944e-38 lt =A bitselect =B B 0.70710677 isub sar23 =C shl23 isub 1.0 sub =D D mul =E D mul 0.069155864 E mul -0.11789839 D mul 0.11872895 add add E mul -0.12384339 D mul 0.14218669 add add E mul -0.16669251 D mul 0.20002227 add add E mul -0.24999987 D mul 0.3333331 add add mul C convert 25.0 0.0 A bitselect sub =F -0.00021219444 mul add 0.5 E mul sub D add F 0.6933594 mul add a Infinity eq bitselect a 0.0 eq bitselect NaN 0.0 a le bitselect",
  log1p:
    "a Infinity neg Infinity 1.0 a add =A 33554432.0 mul A A 1.1754944e-38 lt =B bitselect =C C 0.70710677 isub sar23 =D shl23 isub 1.0 sub =E E mul =F E mul 0.069155864 F mul -0.11789839 E mul 0.11872895 add add F mul -0.12384339 E mul 0.14218669 add add F mul -0.16669251 E mul 0.20002227 add add F mul -0.24999987 E mul 0.3333331 add add mul D convert 25.0 0.0 B bitselect sub =G -0.00021219444 mul add 0.5 F mul sub E add G 0.6933594 mul add A Infinity eq bitselect A 0.0 eq bitselect NaN 0.0 A le bitselect =H a A 1.0 sub sub A div =I add H I I eq bitselect a 0.0 eq bitselect",
  round:
    "a nearest",
  floor:
    "a nearest =A 1.0 sub A a A lt bitselect",
  expm1:
    "a a abs neg -18.0 pmax =A 1.442695 mul 12583039.0 add =B shl23 =C A B 12583039.0 sub =D 0.6933594 mul sub D -0.00021219444 mul sub =E E E mul =F 0.49999997 E 0.16666545 mul add F 0.04166746 E 0.008366432 mul add F 0.0013868435 mul add mul add mul add mul C 1.0 sub add =G neg 1.0 a -104.0 pmax 89.0 pmin =H H 1.442695 mul 12583166.0 add =I 12583166.0 sub =J 0.6933594 mul sub J -0.00021219444 mul sub =K 1.0 mul K K mul =L 0.49999994 K 0.16666521 mul add L 0.041668266 K 0.008368677 mul add L 0.0013820734 mul add mul add mul add add I shr1 =M shl23 mul I M isub shl23 mul mul G 0.0 a lt bitselect a 0.0 eq bitselect",
  erf:
    "a 7.875875e-5 a a mul =A A mul =B mul -0.0008016864 A mul 0.005189087 add add B mul -0.026854211 A mul 0.11283595 add add B mul -0.37612626 A mul 1.1283792 add add mul 1.0 2.0 5.421011e-20 12583103.0 a abs 10.0 pmin =C C mul 104.0 pmin =D 1.442695 mul sub =E 12583103.0 sub =F -0.6933594 mul D sub F -0.00021219444 mul sub =G 5.421011e-20 mul G G mul =H 2.7105051e-20 G 9.034939e-21 mul add H 2.2588412e-21 G 4.536669e-22 mul add H 7.492235e-23 mul add mul add mul add add E shl23 mul 0.028739456 C 1.4142135 mul =I I mul =J mul 0.15093726 I mul 0.4 add add mul 0.00026640724 J mul 0.068005934 I mul 0.40761748 add add J mul 0.94018346 I mul 0.8 add add div mul sub -0.0 andnot a -0.0 and or C 1.0 lt bitselect",
};

/** Of a and b; as above. */
export const BINARY_FORMULAS: { readonly [name in BinaryName]?: Formula } = {
  add:
    "a b add",
  sub:
    "a b sub",
  mul:
    "a b mul",
  div:
    "a b div",
  maximum:
    "a b max",
  minimum:
    "a b min",
  greater:
    "1.0 0.0 b a lt bitselect",
  greaterEqual:
    "1.0 0.0 b a le bitselect",
  equal:
    "1.0 0.0 a b eq bitselect",
  squaredDifference:
    "a b sub =A A mul",
  bceWithLogits:
    "a 0.0 pmax a b mul sub 5.421011e-20 12583103.0 a abs 104.0 pmin =A 1.442695 mul sub =B 12583103.0 sub =C -0.6933594 mul A sub C -0.00021219444 mul sub =D 5.421011e-20 mul D D mul =E 2.7105051e-20 D 9.034939e-21 mul add E 2.2588412e-21 D 4.536669e-22 mul add E 7.492235e-23 mul add mul add mul add add B shl23 mul =F F F mul =G -0.49999648 F 0.3332133 F -0.24857217 mul add 0.19153848 F -0.13754188 mul add G mul add 0.07920883 F -0.0300683 mul add G 0.0053654225 mul add G G mul mul add mul add mul add add",
  keep:
    "a 0.0 0.0 b lt bitselect",
  choose:
    "-0.0 a b 0.0 eq bitselect",
  drop:
    "a -0.0 b 0.0 eq bitselect",
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

