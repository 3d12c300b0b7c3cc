//! Random numbers by a seed, the same on every platform.

use oorandom::Rand32;

/// One part of 2^16 of the mean: the unit of [`exponential`].
const ONE: u64 = 1 << 16;

/// An exponentially distributed time of mean `mean`, in whole numbers: von Neumann's comparison method, which
/// needs no logarithm (Various techniques used in connection with random digits, 1951).
pub(super) fn exponential(dice: &mut Rand32, mean: u64) -> u64 {
    let mut whole = 0_u64;
    loop {
        let first = dice.rand_u32() >> 16;
        let (mut last, mut falls) = (first, 1_u32);
        loop {
            let next = dice.rand_u32() >> 16;
            if next >= last {
                break;
            }
            last = next;
            falls += 1;
        }
        if !falls.is_multiple_of(2) {
            let parts = whole.saturating_mul(ONE).saturating_add(first.into());
            return mean.saturating_mul(parts) / ONE;
        }
        whole += 1;
    }
}

/// One of `shares`, as often as its share says.
pub(super) fn pick(dice: &mut Rand32, shares: &[u64]) -> usize {
    let all: u64 = shares.iter().sum();
    let mut at = u64::from(dice.rand_range(0..u32::try_from(all.max(1)).unwrap_or(u32::MAX)));
    for (place, share) in shares.iter().enumerate() {
        if at < *share {
            return place;
        }
        at -= share;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exponential() {
        let mut dice = Rand32::new(7);
        let times: Vec<u64> = (0..100_000).map(|_| exponential(&mut dice, 1000)).collect();
        let mean = times.iter().sum::<u64>() / 100_000;
        let above = |limit: u64| times.iter().filter(|time| **time > limit).count();
        // Of an exponential of mean 1000, e^-1 and e^-2 lie above 1000 and 2000.
        assert!((985..=1015).contains(&mean), "{mean}");
        assert!((36_300..=37_300).contains(&above(1000)), "{}", above(1000));
        assert!((13_100..=13_950).contains(&above(2000)), "{}", above(2000));
    }

    #[test]
    fn shares_are_kept() {
        let mut dice = Rand32::new(3);
        let mut counts = [0_u32; 3];
        (0..60_000).for_each(|_| counts[pick(&mut dice, &[1, 2, 3])] += 1);
        assert!(
            counts.iter().zip([10_000, 20_000, 30_000]).all(|(n, of)| n.abs_diff(of) < 500),
            "{counts:?}"
        );
    }
}
