//! Enums with codes: the numbers by which programs name an op.

/// Declares a `#[repr(u32)]` enum numbered from 0 and its `from_code`.
macro_rules! coded_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$meta])*
        #[repr(u32)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $($(#[$doc])* $variant),* }

        impl $name {
            /// All variants, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The variant with this code.
            pub fn from_code(code: u32) -> Option<Self> {
                Self::ALL.get(code as usize).copied()
            }
        }
    };
}

pub(crate) use coded_enum;
