//! Raw deflate (RFC 1951), decoded by a module of its own: it unpacks the core in a fresh process,
//! where JavaScript that has not been warmed up would take ten times as long. Its functions are kept
//! apart and small: a large one that is busy is compiled again by V8's optimizing compiler, for nothing.

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

/// Address of what the data inflate to.
// SAFETY: nothing else in the module has this name.
#[unsafe(no_mangle)]
pub extern "C" fn inflate() -> usize {
    let mut from = Bits::default();
    let mut literals = Code::new();
    let mut distances = Code::new();
    let mut at = 0;
    loop {
        let last = from.take(1);
        let kind = from.take(2);
        if kind == 0 {
            at = stored(&mut from, at);
        } else {
            codes(kind, &mut from, &mut literals, &mut distances);
            at = block(&mut from, &literals, &distances, at);
        }
        if last == 1 {
            return OUT.as_ptr() as usize;
        }
    }
}

/// Reads the data bit by bit, the lowest bit of a byte first.
#[derive(Default)]
struct Bits {
    bits: u32,
    count: u32,
    byte: usize,
}

impl Bits {
    /// The next 16 bits.
    fn peek(&mut self) -> usize {
        while self.count < 16 {
            self.bits |= u32::from(DATA[self.byte].load(Relaxed)) << self.count;
            self.byte += 1;
            self.count += 8;
        }
        (self.bits & 0xffff) as usize
    }

    fn skip(&mut self, count: usize) {
        self.bits >>= count;
        self.count -= count as u32;
    }

    #[inline(never)]
    fn take(&mut self, count: usize) -> usize {
        let value = self.peek() & ((1 << count) - 1);
        self.skip(count);
        value
    }

    #[inline(never)]
    fn symbol(&mut self, code: &Code) -> usize {
        let entry = usize::from(code.0[self.peek() & 0x7fff]);
        self.skip(entry & 15);
        entry >> 4
    }
}

/// By the next 15 bits: a symbol, and in the last 4 bits the length of its code.
struct Code([u16; 1 << 15]);

impl Code {
    fn new() -> Code {
        Code([0; 1 << 15])
    }

    /// Codes of one length are consecutive numbers, their highest bit first.
    #[inline(never)]
    fn set(&mut self, lengths: &[u8]) {
        let mut next = 0u32; // its first bit highest
        for length in 1..16 {
            let size = 1 << (length - 1);
            self.0.copy_within(..size, size); // a code that has ended, before any further bits
            for (symbol, _) in lengths.iter().enumerate().filter(|&(_, l)| *l == length) {
                self.0[next.reverse_bits() as usize & 0x7fff] =
                    (symbol as u16) << 4 | u16::from(length);
                next = next.wrapping_add(1 << (32 - u32::from(length)));
            }
        }
    }
}

/// Order in which the lengths of the code of lengths are written.
const ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Sets the two codes of a block.
#[inline(never)]
fn codes(kind: usize, from: &mut Bits, literals: &mut Code, distances: &mut Code) {
    let mut lengths = [0; 320];
    if kind == 1 {
        lengths[..144].fill(8);
        lengths[144..256].fill(9);
        lengths[256..280].fill(7);
        lengths[280..288].fill(8);
        lengths[288..].fill(5);
        literals.set(&lengths[..288]);
        distances.set(&lengths[288..]);
        return;
    }
    let split = from.take(5) + 257;
    let end = split + from.take(5) + 1;
    let count = from.take(4) + 4;
    for &place in &ORDER[..count] {
        lengths[usize::from(place)] = from.take(3) as u8;
    }
    literals.set(&lengths[..19]);
    let mut at = 0;
    let mut last = 0;
    while at < end {
        let symbol = from.symbol(literals);
        if symbol != 16 {
            last = if symbol < 16 { symbol as u8 } else { 0 };
        }
        let repeat = match symbol {
            16 => 3 + from.take(2),
            17 => 3 + from.take(3),
            18 => 11 + from.take(7),
            _ => 1,
        };
        lengths[at..at + repeat].fill(last);
        at += repeat;
    }
    literals.set(&lengths[..split]);
    distances.set(&lengths[split..end]);
}

/// Literals, and copies of what came before. Gives where it ends.
#[inline(never)]
fn block(from: &mut Bits, literals: &Code, distances: &Code, mut at: usize) -> usize {
    loop {
        let symbol = from.symbol(literals);
        match symbol {
            0..256 => {
                OUT[at].store(symbol as u8, Relaxed);
                at += 1;
            }
            256 => return at,
            _ => {
                let length = if symbol == 285 { 258 } else { 3 + ranged(from, symbol - 257, 2) };
                let distance = from.symbol(distances);
                repeat(at, length, 1 + ranged(from, distance, 1));
                at += length;
            }
        }
    }
}

/// Copies bytes that were written so far before.
#[inline(never)]
fn repeat(at: usize, length: usize, distance: usize) {
    for to in at..at + length {
        OUT[to].store(OUT[to - distance].load(Relaxed), Relaxed);
    }
}

/// A value by its code: after the first 2^(log + 1) codes, each 2^log codes have one extra bit more.
#[inline(never)]
fn ranged(from: &mut Bits, code: usize, log: usize) -> usize {
    let extra = (code >> log).saturating_sub(1);
    if extra == 0 {
        return code;
    }
    let step = 1 << log;
    ((step + (code & (step - 1))) << extra) + from.take(extra)
}

/// A stored block: its length, the same inverted, its bytes. Gives where it ends.
#[inline(never)]
fn stored(from: &mut Bits, at: usize) -> usize {
    let byte = from.byte - from.count as usize / 8;
    let get = |i: usize| DATA[i].load(Relaxed);
    let length = usize::from(get(byte)) | usize::from(get(byte + 1)) << 8;
    for i in 0..length {
        OUT[at + i].store(get(byte + 4 + i), Relaxed);
    }
    *from = Bits { byte: byte + 4 + length, ..Bits::default() };
    at + length
}
