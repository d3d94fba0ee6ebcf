//! What a row says, and the macro that makes everything else from the rows.

use super::given::Given;
use crate::lane::Lane;

/// Values of a row's parameters, in its order; what a row has no use for is ignored.
pub type Params = [f32; 2];

/// Where the slope of an activation goes to zero, so that gradients die.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    None,
    Low,
    High,
    Both,
}

/// What the derivative is computed from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// The input of the activation.
    X,
    /// Its output, so that the input need not be kept.
    Y,
    /// Whichever is at hand: both lie on the same side of every kink.
    Either,
}

/// A parameter, as a user sets it.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    pub name: &'static str,
    pub default: f32,
    pub doc: &'static str,
    pub min: f32,
    pub max: f32,
}

/// What is known about an activation beside its formulas.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub name: &'static str,
    pub doc: &'static str,
    pub range: &'static str,
    pub saturates: Side,
    pub derivative_from: Source,
    pub params: &'static [Param],
    /// The initializer that keeps the variance of a layer with this activation.
    pub initializer: &'static str,
}

/// The formulas of a row.
pub(super) trait Formula {
    const ROW: Row;
    /// What is computed beforehand, by a loop that rows share, and handed to `f`, and to `df` from x.
    const GIVEN: Option<Given>;
    /// Does that loop get something else than x?
    const HAS_ARGUMENT: bool;
    fn argument<L: Lane>(x: L, params: [L; 2]) -> L;
    /// What that loop makes of its argument.
    fn given<L: Lane>(argument: L) -> L;
    fn f<L: Lane>(x: L, given: L, params: [L; 2]) -> L;
    /// From x or y, as the row's `derivative_from` says.
    fn df<L: Lane>(xy: L, given: L, params: [L; 2]) -> L;
    /// The derivative of `df` by what it is computed from.
    fn d2f<L: Lane>(xy: L, given: L, params: [L; 2]) -> L;
}

macro_rules! activations {
    (@given) => { None };
    (@given $given:ident) => { Some(given::$given) };
    (@one $x:ident) => { $x };
    (@one $x:ident $given:ident) => { given::one::$given($x) };
    (@name) => { None };
    (@name $given:ident) => { Some(stringify!($given)) };
    (@has) => { false };
    (@has $argument:expr) => { true };
    ($(
        $(#[doc = $doc:literal])+
        $variant:ident {
            name: $name:literal, range: $range:literal, saturates: $side:ident,
            params: [$($param:expr),*], initializer: $initializer:literal,
            $(given $e:ident = $given:ident $((|$gx:ident, $gp:pat_param| $argument:expr))?,)?
            f: |$x:ident, $p:pat_param| $f:expr,
            df_from: $source:ident, df: |$xy:ident, $q:pat_param| $df:expr,
            d2f: |$at:pat_param, $r:pat_param| $d2f:expr,
        }
    )*) => {
        crate::codes::coded_enum! {
            pub enum Activation { $($(#[doc = $doc])+ $variant),* }
        }

        /// The table, in the order of the codes.
        pub const ROWS: &[Row] = &[$(<rows::$variant as Formula>::ROW),*];

        mod rows {
            $(pub struct $variant;)*
        }

        $(impl Formula for rows::$variant {
            const ROW: Row = Row {
                name: $name,
                doc: concat!($($doc, "\n"),+),
                range: $range,
                saturates: Side::$side,
                derivative_from: Source::$source,
                params: &[$($param),*],
                initializer: $initializer,
            };
            const GIVEN: Option<given::Given> = activations!(@given $($given)?);
            const HAS_ARGUMENT: bool = activations!(@has $($($argument)?)?);
            #[inline(always)]
            #[allow(unreachable_code)]
            fn argument<L: Lane>(x: L, _params: [L; 2]) -> L {
                $($(let ($gx, $gp) = (x, _params); return $argument;)?)?
                x
            }
            #[inline(always)]
            fn given<L: Lane>(argument: L) -> L { activations!(@one argument $($given)?) }
            #[inline(always)]
            fn f<L: Lane>($x: L, _given: L, $p: [L; 2]) -> L { $(let $e = _given;)? $f }
            #[inline(always)]
            #[allow(unused_variables)]
            fn df<L: Lane>($xy: L, _given: L, $q: [L; 2]) -> L { $(let $e = _given;)? $df }
            #[inline(always)]
            #[allow(unused_variables)]
            fn d2f<L: Lane>($at: L, _given: L, $r: [L; 2]) -> L { $(let $e = _given;)? $d2f }
        })*

        /// f(x), one lane after the other: what the row's loop computes.
        pub fn formula<L: Lane>(act: Activation, x: L, params: [L; 2]) -> L {
            match act {
                $(Activation::$variant => rows::$variant::f(x, given_of::<rows::$variant, L>(x, params), params),)*
            }
        }

        /// f'(xy), where xy is x or y as the row's `derivative_from` says.
        pub fn slope<L: Lane>(act: Activation, xy: L, params: [L; 2]) -> L {
            match act {
                $(Activation::$variant => rows::$variant::df(xy, given_of::<rows::$variant, L>(xy, params), params),)*
            }
        }

        /// The derivative of f' by what it is computed from, where `give` makes what the row is given of
        /// its name and its argument. No kernel: second derivatives are composed of other ops.
        pub fn curvature<L: Lane>(
            act: Activation,
            xy: L,
            params: [L; 2],
            give: impl Fn(&'static str, L) -> L,
        ) -> L {
            match act {
                $(Activation::$variant => {
                    let name: Option<&str> = activations!(@name $($given)?);
                    let given = name.map_or(xy, |name| give(name, rows::$variant::argument(xy, params)));
                    rows::$variant::d2f(xy, given, params)
                })*
            }
        }

        fn given_of<A: Formula, L: Lane>(x: L, params: [L; 2]) -> L {
            A::given(A::argument(x, params))
        }

        /// The loops of the rows.
        const KERNELS: &[kernels::Kernels] = &[$(kernels::Kernels::of::<rows::$variant>()),*];
    };
}

pub(super) use activations;
