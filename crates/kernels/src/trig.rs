//! Sine and cosine of one float: an exact reduction in integers, a polynomial in f64.

/// 2/pi in binary, 32 bits a word, behind a word of zeros.
const TWO_OVER_PI: [u32; 8] =
    [0, 0xa2f9_836e, 0x4e44_1529, 0xfc27_57d1, 0xf534_ddc0, 0xdb62_9599, 0x3c43_9041, 0xfe51_63ab];

/// (q, r) with x = (4 k + q) pi/2 + r, |r| <= pi/4, for finite x (Payne & Hanek 1983).
///
/// x = m 2^e with a whole m. Of 2/pi only the 96 bits below weight 2^(2-e) matter: those above make
/// whole turns, those after them less than 2^-64 of a turn.
fn quarter(x: f32) -> (u32, f64) {
    if x.abs() < core::f32::consts::FRAC_PI_4 {
        return (0, f64::from(x));
    }
    let bits = x.to_bits();
    let m = u64::from(bits & 0x7f_ffff | 0x80_0000);
    let e = (bits >> 23 & 0xff) as i32 - 150; // -24 ..= 104
    let from = (e + 30) as usize;
    let word = |i: usize| {
        let pair = |i: usize| u64::from(*TWO_OVER_PI.get(i).unwrap_or(&0));
        let both = pair(from / 32 + i) << 32 | pair(from / 32 + i + 1);
        both << (from % 32) >> 32
    };
    // Quarters of a turn modulo 4, scaled by 2^62.
    let high = word(0) << 32 | word(1);
    let turns = m.wrapping_mul(high).wrapping_add((m * word(2)) >> 32);
    let q = turns.wrapping_add(1 << 61) >> 62;
    let rest = turns.wrapping_sub(q << 62) as i64;
    let r = rest as f64 * (core::f64::consts::FRAC_PI_2 / (1u64 << 62) as f64);
    if x < 0.0 { ((4 - q as u32) & 3, -r) } else { (q as u32, r) }
}

/// sin(x + turn pi/2); NaN for NaN and the infinities.
#[inline(never)]
fn wave(x: f32, turn: u32) -> f32 {
    if !x.is_finite() {
        return f32::NAN;
    }
    let (q, r) = quarter(x);
    let q = q + turn;
    let s = r * r;
    let y = if q & 1 == 0 {
        r + r * s * (-1.0 / 6.0 + s * (1.0 / 120.0 + s * (-1.0 / 5040.0 + s * (1.0 / 362_880.0))))
    } else {
        1.0 + s
            * (-0.5
                + s * (1.0 / 24.0 + s * (-1.0 / 720.0 + s * (1.0 / 40_320.0 - s / 3_628_800.0))))
    };
    (if q & 2 == 0 { y } else { -y }) as f32
}

/// sin x of an angle in radians, within 1 ULP for every float.
pub fn sin(x: f32) -> f32 {
    // The sums of `wave` lose the sign of -0.
    if x == 0.0 { x } else { wave(x, 0) }
}

/// cos x of an angle in radians, within 1 ULP for every float.
pub fn cos(x: f32) -> f32 {
    wave(x, 1)
}
