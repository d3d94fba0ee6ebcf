//! The table of activations: one row is all there is to know about one.
//!
//! Everything else (the enum, its codes, the metadata that error messages, documentation and
//! TypeScript types are made of, and one loop per kernel) is generated from the rows. A new
//! activation is a new row here and an independent f64 line in the tests.
//!
//! NaN stays NaN, and the infinities give the limits of f and f', also where the formula as it is
//! written would make 0 times infinity of them.

mod given;
mod kernels;
mod pieces;
mod row;

pub use given::one;
pub use kernels::{backward, backward_with_bias, forward, forward_in_place};
use pieces::*;
use row::{Formula, activations};
pub use row::{Param, Params, Row, Side, Source};

use crate::lane::Lane;
use crate::math;

impl Activation {
    /// No activation: nothing is to be done.
    pub const NONE: Activation = Activation::Linear;

    /// What the table says of it.
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}

activations! {
    /// f(x) = x, from -inf to inf: no activation. f'(x) = 1. Layers that follow one another without an
    /// activation between them are worth no more than one layer.
    Linear {
        name: "linear", range: "(-inf, inf)", saturates: None,
        params: [], initializer: "glorotUniform",
        f: |x, _| x,
        df_from: Y, df: |_y, _| L::splat(1.0),
        d2f: |_, _| L::splat(0.0),
    }

    /// f(x) = 1 / (1 + exp(-x)), the logistic function. f'(x) = y (1 - y), at most 1/4, at x = 0.
    /// Tends to 0 at -inf and 1 at inf, where its gradient vanishes; its output is not centred on zero.
    Sigmoid {
        name: "sigmoid", range: "(0, 1)", saturates: Both,
        params: [], initializer: "glorotUniform",
        given e = exp_minus,
        f: |x, _| math::sigmoid(x, e),
        df_from: Y, df: |y, _| y * (L::splat(1.0) - y),
        d2f: |y, _| L::splat(1.0) - L::splat(2.0) * y,
    }

    /// f(x) = tanh(x). f'(x) = 1 - y^2, at most 1, at x = 0. Tends to -1 at -inf and 1 at inf, where its
    /// gradient vanishes; its output is centred on zero.
    Tanh {
        name: "tanh", range: "(-1, 1)", saturates: Both,
        params: [], initializer: "glorotUniform",
        given t = tanh,
        f: |_x, _| t,
        df_from: Y, df: |y, _| L::splat(1.0) - y * y,
        d2f: |y, _| L::splat(-2.0) * y,
    }

    /// f(x) = max(x, 0), 0 at -inf and inf at inf. f'(x) = 1 where x > 0, else 0, also at the kink
    /// x = 0. A unit whose input is never positive gets no gradient and stays dead.
    Relu {
        name: "relu", range: "[0, inf)", saturates: Low,
        params: [], initializer: "heNormal",
        f: |x, _| x.pick_max(L::splat(0.0)),
        df_from: Either, df: |y, _| L::select(y.le(L::splat(0.0)), L::splat(0.0), L::splat(1.0)),
        d2f: |_, _| L::splat(0.0),
    }

    /// f(x) = x where x > 0, else negativeSlope x. f'(x) = 1 where x > 0, else negativeSlope, also
    /// at the kink x = 0. Tends to -inf at -inf (with slope 0 it is NaN there, as in PyTorch) and inf at
    /// inf. No unit dies as long as the slope is not 0.
    LeakyRelu {
        name: "leakyRelu", range: "(-inf, inf)", saturates: None,
        params: [Param {
            name: "negativeSlope", default: 0.01, doc: "The slope below zero.", min: 0.0, max: 1.0
        }],
        initializer: "heNormal",
        f: |x, [slope, _]| L::select(x.le(L::splat(0.0)), x * slope, x),
        df_from: Either, df: |y, [slope, _]| L::select(y.le(L::splat(0.0)), slope, L::splat(1.0)),
        d2f: |_, _| L::splat(0.0),
    }

    /// f(x) = min(max(x, 0), 6), 0 at -inf and 6 at inf (Howard et al. 2017). f'(x) = 1 where
    /// 0 < x < 6, else 0, also at both kinks.
    Relu6 {
        name: "relu6", range: "[0, 6]", saturates: Both,
        params: [], initializer: "heNormal",
        f: |x, _| between(x, 0.0, 6.0),
        df_from: Either, df: |y, _| slope_between(y, 0.0, 6.0, 1.0),
        d2f: |_, _| L::splat(0.0),
    }

    /// f(x) = x where x > 0, else alpha (e^x - 1) (Clevert et al. 2016). f'(x) = 1 where x > 0, else
    /// y + alpha, alpha at 0. Tends to -alpha at -inf and inf at inf.
    Elu {
        name: "elu", range: "(-alpha, inf)", saturates: Low,
        params: [Param { name: "alpha", default: 1.0, doc: "What it tends to below zero, negated.", min: 0.0, max: 100.0 }], initializer: "heNormal",
        given e = expm1,
        f: |x, [alpha, _]| positive(x, x, alpha * e),
        df_from: Y, df: |y, [alpha, _]| positive(y, L::splat(1.0), y + alpha),
        d2f: |y, _| below(y, L::splat(1.0)),
    }

    /// f(x) = s x where x > 0, else s a (e^x - 1), s = 1.0507, a = 1.67326 (Klambauer et al. 2017).
    /// f'(x) = s where x > 0, else y + s a, also at 0. With lecunNormal, layers keep mean 0 and variance
    /// 1. Tends to -1.7581 at -inf and inf at inf.
    Selu {
        name: "selu", range: "(-1.7581, inf)", saturates: Low,
        params: [], initializer: "lecunNormal",
        given e = expm1,
        f: |x, _| positive(x, L::splat(SELU_SCALE) * x, L::splat(SELU_FLOOR) * e),
        df_from: Y, df: |y, _| positive(y, L::splat(SELU_SCALE), y + L::splat(SELU_FLOOR)),
        d2f: |y, _| below(y, L::splat(1.0)),
    }

    /// f(x) = x where x > 0, else alpha (e^(x / alpha) - 1) (Barron 2017). f'(x) = 1 where x > 0, else
    /// 1 + y / alpha: smooth at 0 for every alpha. Tends to -alpha at -inf and inf at inf.
    Celu {
        name: "celu", range: "(-alpha, inf)", saturates: Low,
        params: [Param { name: "alpha", default: 1.0, doc: "What it tends to below zero, negated.", min: 0.01, max: 100.0 }], initializer: "heNormal",
        given e = expm1(|x, [alpha, _]| x * (L::splat(1.0) / alpha)),
        f: |x, [alpha, _]| positive(x, x, alpha * e),
        df_from: Y, df: |y, [alpha, _]| {
            positive(y, L::splat(1.0), L::splat(1.0) + y * (L::splat(1.0) / alpha))
        },
        d2f: |y, [alpha, _]| below(y, L::splat(1.0) / alpha),
    }

    /// f(x) = x Phi(x), Phi the normal distribution function (Hendrycks & Gimpel 2016).
    /// f'(x) = Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi). Tends to 0 at -inf and inf at inf; least, -0.17, at
    /// -0.75.
    Gelu {
        name: "gelu", range: "[-0.17, inf)", saturates: Low,
        params: [], initializer: "heNormal",
        given e = exp_minus(|x, _| x * x * L::splat(0.5)),
        f: |x, _| {
            let a = x.abs().pick_min(L::splat(15.0));
            x.pick_max(L::splat(0.0)) - a * math::normal_tail(a, e)
        },
        df_from: X, df: |x, _| {
            let x = finite(x);
            let tail = math::normal_tail(x.abs(), e);
            positive(x, L::splat(1.0) - tail, tail) + x * e * L::splat(0.398_942_3)
        },
        d2f: |x, _| {
            let x = finite(x);
            e * L::splat(0.398_942_3) * (L::splat(2.0) - x * x)
        },
    }

    /// f(x) = x s(u), s the logistic function, u = 2 sqrt(2 / pi) (x + 0.044715 x^3): the tanh form of
    /// gelu. f'(x) = s + x s (1 - s) u'. Tends to 0 at -inf and inf at inf.
    GeluTanh {
        name: "geluTanh", range: "[-0.17, inf)", saturates: Low,
        params: [], initializer: "heNormal",
        given e = exp_minus(|x, _| gelu_angle(finite(x))),
        f: |x, _| low(x) * math::sigmoid(x, e),
        df_from: X, df: |x, _| {
            let x = finite(x);
            let du = x * x * L::splat(3.0 * GELU_CUBE) + L::splat(GELU_SLOPE);
            let (s, t) = math::sigmoids(x, e);
            s + x * du * s * t
        },
        d2f: |x, _| {
            let x = finite(x);
            let du = x * x * L::splat(3.0 * GELU_CUBE) + L::splat(GELU_SLOPE);
            let d2u = x * L::splat(6.0 * GELU_CUBE);
            let (s, t) = math::sigmoids(x, e);
            s * t * (L::splat(2.0) * du + x * (d2u + du * du * (t - s)))
        },
    }

    /// f(x) = min(max(x + 3, 0), 6) / 6, sigmoid in straight lines (as PyTorch, not clip(0.2 x + 0.5)).
    /// f'(x) = 1/6 where -3 < x < 3, else 0, also at both kinks. 0 at -inf and 1 at inf.
    HardSigmoid {
        name: "hardSigmoid", range: "[0, 1]", saturates: Both,
        params: [], initializer: "glorotUniform",
        f: |x, _| between(x + L::splat(3.0), 0.0, 6.0) * L::splat(1.0 / 6.0),
        df_from: X, df: |x, _| slope_between(x, -3.0, 3.0, 1.0 / 6.0),
        d2f: |_, _| L::splat(0.0),
    }

    /// f(x) = min(max(x, -1), 1), tanh in straight lines. f'(x) = 1 where -1 < x < 1, else 0, also at
    /// both kinks. -1 at -inf and 1 at inf.
    HardTanh {
        name: "hardTanh", range: "[-1, 1]", saturates: Both,
        params: [], initializer: "glorotUniform",
        f: |x, _| between(x, -1.0, 1.0),
        df_from: Either, df: |y, _| slope_between(y, -1.0, 1.0, 1.0),
        d2f: |_, _| L::splat(0.0),
    }

    /// f(x) = x s(x), s the logistic function (Ramachandran et al. 2017, "swish").
    /// f'(x) = s + x s (1 - s). Tends to 0 at -inf and inf at inf; least, -0.28, at -1.28.
    Silu {
        name: "silu", range: "[-0.28, inf)", saturates: Low,
        params: [], initializer: "heNormal",
        given e = exp_minus,
        f: |x, _| low(x) * math::sigmoid(x, e),
        df_from: X, df: |x, _| {
            let (s, t) = math::sigmoids(x, e);
            s + finite(x) * s * t
        },
        d2f: |x, _| {
            let (s, t) = math::sigmoids(x, e);
            s * t * (L::splat(2.0) + finite(x) * (t - s))
        },
    }

    /// f(x) = x min(max(x + 3, 0), 6) / 6, silu in pieces (Howard et al. 2019, "hard swish").
    /// f'(x) = x / 3 + 1/2 where -3 < x < 3, below 0, above 1; 0 at -3 and 1 at 3. Tends to 0 at -inf and
    /// inf at inf.
    HardSilu {
        name: "hardSilu", range: "[-0.375, inf)", saturates: Low,
        params: [], initializer: "heNormal",
        f: |x, _| {
            let gate = between(x + L::splat(3.0), 0.0, 6.0) * L::splat(1.0 / 6.0);
            x.pick_max(L::splat(-3.0)) * gate
        },
        df_from: X, df: |x, _| {
            let inner = x * L::splat(1.0 / 3.0) + L::splat(0.5);
            let right = L::select(x.lt(L::splat(3.0)), inner, L::splat(1.0));
            L::select(x.le(L::splat(-3.0)), L::splat(0.0), right)
        },
        d2f: |x, _| slope_between(x, -3.0, 3.0, 1.0 / 3.0),
    }

    /// f(x) = x tanh(softplus(x)) (Misra 2019). f'(x) = t + x s (1 - t^2), t = tanh(softplus(x)), s the
    /// logistic function. Tends to 0 at -inf and inf at inf; least, -0.31, at -1.19.
    Mish {
        name: "mish", range: "[-0.31, inf)", saturates: Low,
        params: [], initializer: "heNormal",
        given e = exp_minus,
        f: |x, _| {
            let (above, below) = mish_parts(x, e);
            low(x) * (above / below)
        },
        df_from: X, df: |x, _| {
            let (above, below) = mish_parts(x, e);
            let one = L::splat(1.0);
            let r = one / below;
            // s (1 - t^2) = 4 g (1 + e) / below^2
            let g = L::select(x.lt(L::splat(0.0)), e, e * e);
            (above + finite(x) * L::splat(4.0) * g * (one + e) * r) * r
        },
        d2f: |x, _| {
            let (above, below) = mish_parts(x, e);
            let (one, two, r) = (L::splat(1.0), L::splat(2.0), L::splat(1.0) / below);
            let g = L::select(x.lt(L::splat(0.0)), e, e * e);
            let dt = L::splat(4.0) * g * (one + e) * r * r;
            let (s, q) = math::sigmoids(x, e);
            dt * (two + finite(x) * (q - two * (above * r) * s))
        },
    }

    /// f(x) = ln(1 + e^x), a smooth relu. f'(x) = 1 / (1 + e^-x), the logistic function. Tends to 0 at
    /// -inf and inf at inf.
    Softplus {
        name: "softplus", range: "(0, inf)", saturates: Low,
        params: [], initializer: "heNormal",
        given e = exp_minus,
        f: |x, _| math::softplus(x, e),
        df_from: X, df: |x, _| math::sigmoid(x, e),
        d2f: |_x, _| {
            let s = L::splat(1.0) / (L::splat(1.0) + e);
            e * s * s
        },
    }

    /// f(x) = x / (1 + |x|). f'(x) = 1 / (1 + |x|)^2. Tends to -1 at -inf and 1 at inf, slower than tanh.
    Softsign {
        name: "softsign", range: "(-1, 1)", saturates: Both,
        params: [], initializer: "glorotUniform",
        f: |x, _| {
            let x = between(x, -f32::MAX, f32::MAX);
            x / (L::splat(1.0) + x.abs())
        },
        df_from: X, df: |x, _| {
            let part = L::splat(1.0) / (L::splat(1.0) + x.abs());
            part * part
        },
        d2f: |x, _| {
            let part = L::splat(1.0) / (L::splat(1.0) + x.abs());
            let size = L::splat(2.0) * part * part * part;
            let above = L::select(L::splat(0.0).lt(x), -size, L::splat(0.0));
            L::select(x.lt(L::splat(0.0)), size, above)
        },
    }

    /// f(x) = x - lambda where x > lambda, x + lambda where x < -lambda, else 0. f'(x) = 1 outside, 0
    /// from -lambda to lambda, also at both kinks. Tends to -inf at -inf and inf at inf.
    SoftShrink {
        name: "softShrink", range: "(-inf, inf)", saturates: None,
        params: [Param { name: "lambda", default: 0.5, doc: "Half the width of the dead zone.", min: 0.0, max: 1000.0 }], initializer: "glorotUniform",
        f: |x, [lambda, _]| x - x.pick_min(lambda).pick_max(-lambda),
        df_from: X, df: |x, [lambda, _]| L::select(x.abs().le(lambda), L::splat(0.0), L::splat(1.0)),
        d2f: |_, _| L::splat(0.0),
    }

    /// f(x) = x where |x| > lambda, else 0. f'(x) = 1 outside, 0 from -lambda to lambda, also at the two
    /// jumps. Tends to -inf at -inf and inf at inf.
    HardShrink {
        name: "hardShrink", range: "(-inf, inf)", saturates: None,
        params: [Param { name: "lambda", default: 0.5, doc: "Half the width of the dead zone.", min: 0.0, max: 1000.0 }], initializer: "glorotUniform",
        f: |x, [lambda, _]| L::select(x.abs().le(lambda), L::splat(0.0), x),
        df_from: X, df: |x, [lambda, _]| L::select(x.abs().le(lambda), L::splat(0.0), L::splat(1.0)),
        d2f: |_, _| L::splat(0.0),
    }

    /// f(x) = x - tanh(x). f'(x) = tanh(x)^2, 0 at 0, where small inputs die. Tends to -inf at -inf and
    /// inf at inf.
    TanhShrink {
        name: "tanhShrink", range: "(-inf, inf)", saturates: None,
        params: [], initializer: "glorotUniform",
        given t = tanh,
        f: |x, _| x - t,
        df_from: X, df: |_x, _| t * t,
        d2f: |_x, _| L::splat(2.0) * t * (L::splat(1.0) - t * t),
    }

    /// f(x) = x where x > threshold, else value, also at -inf; inf at inf. f'(x) = 1 where
    /// x > threshold, else 0, also at the jump.
    Threshold {
        name: "threshold", range: "(threshold, inf), or value", saturates: Low,
        params: [Param { name: "threshold", default: 1.0, doc: "Up to this the output is the value.", min: -1e6, max: 1e6 }, Param { name: "value", default: 0.0, doc: "The output up to the threshold.", min: -1e6, max: 1e6 }], initializer: "heNormal",
        f: |x, [threshold, value]| L::select(x.le(threshold), value, x),
        df_from: X, df: |x, [threshold, _]| {
            L::select(x.le(threshold), L::splat(0.0), L::splat(1.0))
        },
        d2f: |_, _| L::splat(0.0),
    }

    /// f(x) = ln(1 / (1 + e^-x)) = -softplus(-x). f'(x) = 1 / (1 + e^x). Tends to -inf at -inf and 0 at
    /// inf.
    LogSigmoid {
        name: "logSigmoid", range: "(-inf, 0)", saturates: High,
        params: [], initializer: "glorotUniform",
        given e = exp_minus,
        f: |x, _| -math::softplus(-x, e),
        df_from: X, df: |x, _| math::sigmoid(-x, e),
        d2f: |_x, _| {
            let s = L::splat(1.0) / (L::splat(1.0) + e);
            -(e * s * s)
        },
    }

    /// f(x) = e^x. f'(x) = y. Tends to 0 at -inf and inf at inf; overflows to inf above 88.7.
    Exponential {
        name: "exponential", range: "(0, inf)", saturates: Low,
        params: [], initializer: "glorotUniform",
        given e = exp,
        f: |_x, _| e,
        df_from: Y, df: |y, _| y,
        d2f: |_y, _| L::splat(1.0),
    }

    /// f(x) = (x + sqrt(x^2 + b)) / 2, a smooth relu without e^x (Barron 2021).
    /// f'(x) = y^2 / (y^2 + b / 4). Tends to 0 at -inf and inf at inf.
    Squareplus {
        name: "squareplus", range: "(0, inf)", saturates: Low,
        params: [Param { name: "b", default: 4.0, doc: "How round the corner is.", min: 0.001, max: 1e6 }], initializer: "heNormal",
        f: |x, [b, _]| {
            // Below 0 as b / (2 (sqrt - x)), which does not cancel. Nothing overflows.
            let size = x.abs();
            let c = size.pick_min(L::splat(1e18));
            let half = L::splat(0.5);
            let mean = half * (c * c + b).sqrt().pick_max(size) + half * size;
            L::select(x.lt(L::splat(0.0)), L::splat(0.25) * b / mean, mean)
        },
        df_from: Y, df: |y, [b, _]| {
            let y = y.pick_min(L::splat(1e18));
            y * y / (y * y + b * L::splat(0.25))
        },
        d2f: |y, [b, _]| {
            let y = y.pick_min(L::splat(1e18));
            let quarter = b * L::splat(0.25);
            let r = L::splat(1.0) / (y * y + quarter);
            L::splat(2.0) * y * quarter * r * r
        },
    }

    /// f(x) = x where x >= 1, (x + 1)^2 / 4 where -1 < x < 1, else 0 (Keras's sparse_plus).
    /// f'(x) = min(max((x + 1) / 2, 0), 1), continuous. 0 at -inf and inf at inf.
    SparsePlus {
        name: "sparsePlus", range: "[0, inf)", saturates: Low,
        params: [], initializer: "heNormal",
        f: |x, _| {
            let r = x.pick_max(L::splat(-1.0)) + L::splat(1.0);
            L::select(L::splat(1.0).le(x), x, r * r * L::splat(0.25))
        },
        df_from: X, df: |x, _| between(x * L::splat(0.5) + L::splat(0.5), 0.0, 1.0),
        d2f: |x, _| slope_between(x, -1.0, 1.0, 0.5),
    }

    /// f(x) = min(max((x + 1) / 2, 0), 1) (Keras's sparse_sigmoid). f'(x) = 1/2 where -1 < x < 1, else 0,
    /// also at both kinks. 0 at -inf and 1 at inf.
    SparseSigmoid {
        name: "sparseSigmoid", range: "[0, 1]", saturates: Both,
        params: [], initializer: "glorotUniform",
        f: |x, _| between(x * L::splat(0.5) + L::splat(0.5), 0.0, 1.0),
        df_from: X, df: |x, _| slope_between(x, -1.0, 1.0, 0.5),
        d2f: |_, _| L::splat(0.0),
    }
}
