//! The types of instructions: one for each op and each of its groups, with a method for each field, which reads
//! its word where it lies.

use core::marker::PhantomData;

/// What is repeated in an instruction: as many words for each.
pub trait Item<'a>: Sized {
    const WORDS: usize;
    fn of(words: &'a [u32]) -> Option<Self>;
}

/// The items of a group.
#[derive(Clone, Copy)]
pub struct Items<'a, T> {
    count: usize,
    /// Theirs and what follows.
    words: &'a [u32],
    item: PhantomData<T>,
}

impl<'a, T: Item<'a> + 'a> Items<'a, T> {
    /// Takes them, their number first, off the words of an instruction.
    #[inline(always)]
    pub fn take(words: &mut &'a [u32]) -> Option<Self> {
        let (&count, rest) = words.split_first()?;
        let count = count as usize;
        *words = rest.get(count * T::WORDS..)?;
        Some(Self { count, words: rest, item: PhantomData })
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    #[inline(always)]
    pub fn iter(&self) -> impl Iterator<Item = T> + Clone + 'a {
        let mut rest = self.words;
        (0..self.count).map_while(move |_| {
            let (item, after) = rest.split_at_checked(T::WORDS)?;
            rest = after;
            T::of(item)
        })
    }

    pub fn get(&self, index: usize) -> Option<T> {
        if index < self.count { T::of(self.words.get(index * T::WORDS..)?) } else { None }
    }
}

/// The word at which a field or operand stands.
pub const fn position(names: &[&str], name: &str) -> usize {
    let mut at = 0;
    while !super::code::same(names[at].as_bytes(), name.as_bytes()) {
        at += 1;
    }
    at
}

macro_rules! records {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident $fields:tt $operands:tt $(check [$($check:tt)*])*
        $(each $group:ident: $Group:ident $gfields:tt $goperands:tt $(check [$($gcheck:tt)*])*)*
        $(valid $vm:ident::$valid:ident)? $(scratch [$($scratch:tt)*])? $(combine [$($combine:tt)*])?
        $(rows [$($rows:tt)*])? $(elements [$($elements:tt)*])?
        $(runs $rm:ident::$runs:ident)? $(tries $tm:ident::$tries:ident)?;
    )*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy)]
            #[allow(dead_code)]
            pub struct $name<'a> {
                words: &'a [u32; records!(@words $fields $operands)],
                $($group: $crate::op::records::Items<'a, $Group<'a>>,)*
            }
            impl<'a> $name<'a> {
                /// Of the words of a verified instruction.
                #[inline(always)]
                #[allow(unused_mut, unused_variables)]
                pub fn of(words: &'a [u32]) -> Option<Self> {
                    let (words, mut rest) = words.split_first_chunk()?;
                    $(let $group = $crate::op::records::Items::take(&mut rest)?;)*
                    Some(Self { words, $($group),* })
                }
                $(
                    pub fn $group(&self) -> $crate::op::records::Items<'a, $Group<'a>> {
                        self.$group
                    }
                )*
            }
            records!(@methods $name $fields $operands);
            $(
                #[derive(Clone, Copy)]
                pub struct $Group<'a> {
                    words: &'a [u32; records!(@words $gfields $goperands)],
                }
                impl<'a> $crate::op::records::Item<'a> for $Group<'a> {
                    const WORDS: usize = records!(@words $gfields $goperands);
                    #[inline(always)]
                    fn of(words: &'a [u32]) -> Option<Self> {
                        Some(Self { words: words.first_chunk()? })
                    }
                }
                records!(@methods $Group $gfields $goperands);
            )*
        )*

        /// The table as text.
        pub const TABLE: &[$crate::op::row::OpSpec] = &[$($crate::op::row::OpSpec {
            name: stringify!($name),
            doc: concat!($($doc, "\n"),*),
            body: records!(@spec [""] $fields $operands [$(stringify!($($check)*)),*]),
            groups: &[$(records!(@spec [stringify!($group)] $gfields $goperands [$(stringify!($($gcheck)*)),*])),*],
            scratch: concat!($(stringify!($($scratch)*))?),
            combine: concat!($(stringify!($($combine)*))?),
            rows: concat!($(stringify!($($rows)*))?),
            elements: concat!($(stringify!($($elements)*))?),
            can_fail: records!(@fails $(runs $runs)? $(tries $tries)?),
        }),*];
    };
    (@words { $($field:ident: $kind:ty),* } { $($access:ident $operand:ident: $ty:ident[$($len:tt)*]),* }) => {{
        let fields: &[&str] = &[$(stringify!($field)),*];
        let operands: &[&str] = &[$(stringify!($operand)),*];
        fields.len() + 2 * operands.len()
    }};
    (@methods $name:ident { $($field:ident: $kind:ty),* } { $($access:ident $operand:ident: $ty:ident[$($len:tt)*]),* }) => {
        #[allow(dead_code)]
        impl $name<'_> {
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
            const OPERANDS: &'static [&'static str] = &[$(stringify!($operand)),*];
            $(
                #[inline(always)]
                pub fn $field(&self) -> $kind {
                    let at = const { $crate::op::records::position(Self::FIELDS, stringify!($field)) };
                    <$kind as $crate::field::Field>::of(self.words[at])
                }
            )*
            $(
                #[inline(always)]
                pub fn $operand(&self) -> Operand {
                    let at = const {
                        let operand = $crate::op::records::position(Self::OPERANDS, stringify!($operand));
                        Self::FIELDS.len() + 2 * operand
                    };
                    Operand::new(self.words[at], self.words[at + 1])
                }
            )*
        }
    };
    (@fails runs $run:ident) => { false };
    (@fails tries $tries:ident) => { true };
    (@spec [$name:expr] { $($field:ident: $kind:ty),* } { $($access:ident $operand:ident: $ty:ident[$($len:tt)*]),* } [$($check:expr),*]) => {
        $crate::op::row::GroupSpec {
            name: $name,
            fields: &[$($crate::op::row::FieldSpec {
                name: stringify!($field),
                kind: <$kind as $crate::field::Field>::KIND,
                words: <$kind as $crate::field::Field>::WORDS,
            }),*],
            operands: &[$($crate::op::row::OperandSpec {
                name: stringify!($operand),
                ty: $crate::op::row::Type::$ty,
                access: $crate::op::row::Access::$access,
                len: stringify!($($len)*),
            }),*],
            checks: &[$($check),*],
        }
    };
}
