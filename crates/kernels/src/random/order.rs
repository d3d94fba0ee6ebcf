//! Random orders.

use super::Stream;

/// The words of a stream, one after the other.
struct Words<'a> {
    stream: &'a Stream,
    next: usize,
    block: [u32; 4],
}

impl Words<'_> {
    fn word(&mut self) -> u32 {
        let lane = self.next % 4;
        if lane == 0 {
            self.block = self.stream.block(self.next / 4);
        }
        self.next += 1;
        self.block[lane]
    }

    /// A uniform integer in 0..n; words that would favor the low values are drawn again.
    fn below(&mut self, n: u32) -> u32 {
        loop {
            let word = self.word();
            // Only words of the last n can be among them: nearly all are spared a second division.
            if word <= n.wrapping_neg() || word <= u32::MAX - n.wrapping_neg() % n {
                return word % n;
            }
        }
    }
}

/// Makes a random order of 0..n, by Fisher and Yates: the one that `permutation` of TypeScript gives.
pub fn shuffle(order: &mut [u32], stream: &Stream) {
    for (i, place) in order.iter_mut().enumerate() {
        *place = i as u32;
    }
    let mut words = Words { stream, next: 0, block: [0; 4] };
    for i in (1..order.len()).rev() {
        let j = words.below(i as u32 + 1);
        order.swap(i, j as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `permutation(10, 7, 1, 3)` has them.
    #[test]
    fn orders_are_those_of_permutation() {
        let mut order = [0; 10];
        shuffle(&mut order, &Stream { seed: [7, 0], stream: 1, step: 3 });
        assert_eq!(order, [1, 4, 2, 7, 3, 6, 0, 8, 5, 9]);
        shuffle(&mut order[..1], &Stream { seed: [7, 0], stream: 1, step: 3 });
        assert_eq!(order[0], 0);
    }
}
