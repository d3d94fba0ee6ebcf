//! The counter-based generator philox4x32-10 (Salmon et al., "Parallel random numbers: as easy
//! as 1, 2, 3", 2011).

/// Ten rounds of philox4x32.
#[inline(always)]
pub fn philox4x32(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let ([mut c0, mut c1, mut c2, mut c3], [mut k0, mut k1]) = (counter, key);
    for _ in 0..10 {
        let p0 = u64::from(c0) * 0xd251_1f53;
        let p1 = u64::from(c2) * 0xcd9e_8d57;
        (c0, c1, c2, c3) =
            ((p1 >> 32) as u32 ^ c1 ^ k0, p1 as u32, (p0 >> 32) as u32 ^ c3 ^ k1, p0 as u32);
        k0 = k0.wrapping_add(0x9e37_79b9);
        k1 = k1.wrapping_add(0xbb67_ae85);
    }
    [c0, c1, c2, c3]
}

/// The word of element e is `philox4x32([e / 4, 0, step, stream], seed)[e % 4]`.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    /// The generator's key.
    pub seed: [u32; 2],
    pub stream: u32,
    pub step: u32,
}

impl Stream {
    /// Words of the elements 4 block .. 4 block + 4
    #[inline(never)]
    pub(super) fn block(&self, block: usize) -> [u32; 4] {
        philox4x32([block as u32, (block as u64 >> 32) as u32, self.step, self.stream], self.seed)
    }

    /// Calls `f(i, block)` for every block of four elements that meets first..first + len,
    /// where i is the position of the block's first element relative to `first`.
    #[inline(always)]
    pub(super) fn for_blocks(&self, first: usize, len: usize, mut f: impl FnMut(isize, [u32; 4])) {
        for block in first / 4..(first + len).div_ceil(4) {
            f((block * 4) as isize - first as isize, self.block(block));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: Stream = Stream { seed: [1, 2], stream: 3, step: 4 };

    /// The answers published with Random123.
    #[test]
    fn philox_known_answers() {
        let ones = u32::MAX;
        assert_eq!(
            philox4x32([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox4x32([ones; 4], [ones; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox4x32(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn streams_steps_and_seeds_differ() {
        let base = STREAM.block(0);
        for other in [
            Stream { seed: [2, 2], ..STREAM },
            Stream { seed: [1, 3], ..STREAM },
            Stream { stream: 4, ..STREAM },
            Stream { step: 5, ..STREAM },
        ] {
            assert_ne!(base, other.block(0));
        }
    }
}
