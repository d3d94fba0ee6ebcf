//! LZMA (Igor Pavlov's LZMA SDK, lzma-specification.txt; lc = 3, lp = 0, pb = 2), decoded by a module of its own: it
//! unpacks the core in a fresh process, where JavaScript that has not been warmed up would take ten times as long.
//! Its functions are kept apart and small: a large one that is busy is compiled again by V8's optimizing compiler, for nothing.

#![cfg_attr(target_arch = "wasm32", no_std)]

use core::sync::atomic::AtomicU8;
use core::sync::atomic::Ordering::Relaxed;

const CAPACITY: usize = 1 << 18;
// Atomics because a static that changes is safe as these only; on wasm they are plain bytes.
static DATA: [AtomicU8; CAPACITY] = [const { AtomicU8::new(0) }; CAPACITY];
static OUT: [AtomicU8; CAPACITY] = [const { AtomicU8::new(0) }; CAPACITY];

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

/// Address of the data, which the caller puts there.
// SAFETY: nothing else in the module has this name.
#[unsafe(no_mangle)]
pub extern "C" fn data() -> usize {
    DATA.as_ptr() as usize
}

/// Unpacks `size` bytes; gives their address.
// SAFETY: nothing else in the module has this name.
#[unsafe(no_mangle)]
pub extern "C" fn unpack(size: usize) -> usize {
    let mut from = Bits::new();
    let mut last = [1; 4]; // the distances of the last four copies
    let mut state = 0;
    let mut at = 0;
    while at < size {
        if from.bit(COPY + state * 4 + at % 4) == 0 {
            literal(&mut from, at, (state >= 7).then_some(last[0]));
            state = state.saturating_sub(if state < 10 { 3 } else { 6 });
            at += 1;
        } else {
            let length = copied(&mut from, at % 4, &mut state, &mut last);
            repeat(at, length, last[0]);
            at += length;
        }
    }
    OUT.as_ptr() as usize
}

/// Where the probabilities of each decision stand. A decision by state has 12 of them, by state and place 48.
const COPY: usize = 0;
const AGAIN: usize = COPY + 48;
const NOT_LAST: usize = AGAIN + 12;
const NOT_SECOND: usize = NOT_LAST + 12;
const NOT_THIRD: usize = NOT_SECOND + 12;
const LONG: usize = NOT_THIRD + 12;
const SLOTS: usize = LONG + 48;
const SHORT_REST: usize = SLOTS + 4 * 64;
const LOW_REST: usize = SHORT_REST + 115;
const LENGTHS: usize = LOW_REST + 16;
const LENGTHS_AGAIN: usize = LENGTHS + LENGTH;
const LITERALS: usize = LENGTHS_AGAIN + LENGTH;
const PLACES: usize = LITERALS + 8 * 0x300;
/// Of a length: two decisions, then values of 3, 3 and 8 bits, the first two by place.
const LENGTH: usize = 2 + 4 * 8 + 4 * 8 + 256;

/// An arithmetic decoder of bits, whose probabilities adapt.
struct Bits {
    /// That a bit is 0, of 2048.
    zero: [u16; PLACES],
    range: u32,
    code: u32,
    byte: usize,
}

impl Bits {
    fn new() -> Bits {
        let mut bits = Bits { zero: [1024; PLACES], range: 0, code: 0, byte: 0 };
        for _ in 0..5 {
            bits.shift();
        }
        bits.range = u32::MAX;
        bits
    }

    fn shift(&mut self) {
        self.range <<= 8;
        self.code = self.code << 8 | u32::from(DATA[self.byte].load(Relaxed));
        self.byte += 1;
    }

    #[inline(never)]
    fn bit(&mut self, place: usize) -> usize {
        if self.range < 1 << 24 {
            self.shift();
        }
        let zero = &mut self.zero[place];
        let bound = (self.range >> 11) * u32::from(*zero);
        if self.code < bound {
            self.range = bound;
            *zero += (2048 - *zero) >> 5;
            0
        } else {
            self.range -= bound;
            self.code -= bound;
            *zero -= *zero >> 5;
            1
        }
    }

    /// A number of bits that are 0 as often as 1, the highest first.
    #[inline(never)]
    fn even(&mut self, count: usize) -> usize {
        let mut value = 0;
        for _ in 0..count {
            if self.range < 1 << 24 {
                self.shift();
            }
            self.range >>= 1;
            let one = self.code >= self.range;
            if one {
                self.code -= self.range;
            }
            value = value << 1 | usize::from(one);
        }
        value
    }

    /// A number of so many bits, the highest first; each has a probability by those before it.
    #[inline(never)]
    fn number(&mut self, places: usize, count: usize) -> usize {
        let mut value = 1;
        for _ in 0..count {
            value = value << 1 | self.bit(places + value);
        }
        value - (1 << count)
    }

    /// The same, the lowest bit first.
    #[inline(never)]
    fn reversed(&mut self, places: usize, count: usize) -> usize {
        let (mut before, mut value) = (1, 0);
        for i in 0..count {
            let bit = self.bit(places + before);
            before = before << 1 | bit;
            value |= bit << i;
        }
        value
    }

    /// The length of a copy: 2 to 273.
    #[inline(never)]
    fn length(&mut self, places: usize, place: usize) -> usize {
        if self.bit(places) == 0 {
            return 2 + self.number(places + 2 + place * 8, 3);
        }
        if self.bit(places + 1) == 0 {
            return 10 + self.number(places + 34 + place * 8, 3);
        }
        18 + self.number(places + 66, 8)
    }

    /// The distance of a copy: its two highest bits and how many follow are a slot.
    #[inline(never)]
    fn distance(&mut self, length: usize) -> usize {
        let slot = self.number(SLOTS + (length - 2).min(3) * 64, 6);
        if slot < 4 {
            return 1 + slot;
        }
        let count = slot / 2 - 1;
        let high = (2 | (slot % 2)) << count;
        if slot < 14 {
            return 1 + high + self.reversed(SHORT_REST + high - slot, count);
        }
        1 + high + (self.even(count - 4) << 4) + self.reversed(LOW_REST, 4)
    }
}

/// A byte, by the three highest bits of the one before it; after a copy also by the byte that would have come next in it.
#[inline(never)]
fn literal(from: &mut Bits, at: usize, distance: Option<usize>) {
    let before = if at == 0 { 0 } else { OUT[at - 1].load(Relaxed) };
    let places = LITERALS + usize::from(before >> 5) * 0x300;
    let mut value = 1;
    if let Some(distance) = distance {
        let mut like = usize::from(OUT[at - distance].load(Relaxed)) | 0x100;
        while value < 0x100 && like >> 8 == value {
            like <<= 1;
            let expected = like >> 8 & 1;
            value = value << 1 | from.bit(places + (0x100 << expected) + value);
        }
    }
    while value < 0x100 {
        value = value << 1 | from.bit(places + value);
    }
    OUT[at].store(value as u8, Relaxed);
}

/// A copy: gives its length, and puts its distance first among the last ones.
#[inline(never)]
fn copied(from: &mut Bits, place: usize, state: &mut usize, last: &mut [usize; 4]) -> usize {
    let now = *state;
    let after = |literal, copy| if now < 7 { literal } else { copy };
    let [a, b, c, d] = *last;
    if from.bit(AGAIN + now) == 0 {
        *state = after(7, 10);
        let length = from.length(LENGTHS, place);
        *last = [from.distance(length), a, b, c];
        return length;
    }
    if from.bit(NOT_LAST + now) == 0 {
        if from.bit(LONG + now * 4 + place) == 0 {
            *state = after(9, 11);
            return 1;
        }
    } else if from.bit(NOT_SECOND + now) == 0 {
        *last = [b, a, c, d];
    } else if from.bit(NOT_THIRD + now) == 0 {
        *last = [c, a, b, d];
    } else {
        *last = [d, a, b, c];
    }
    *state = after(8, 11);
    from.length(LENGTHS_AGAIN, place)
}

/// Copies bytes that were written so far before.
#[inline(never)]
fn repeat(at: usize, length: usize, distance: usize) {
    for to in at..at + length {
        OUT[to].store(OUT[to - distance].load(Relaxed), Relaxed);
    }
}
