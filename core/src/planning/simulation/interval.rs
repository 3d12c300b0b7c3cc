//! Means and how far they can be trusted.

use serde::Serialize;

/// A mean of runs and half the width of its 95 % confidence interval, both in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// The mean.
    pub mean: i64,
    /// The true mean lies no further from it, in 95 of 100 such samples; `None` for a single run.
    pub half_width: Option<i64>,
}

/// Student's t for 95 %, both sides, by degrees of freedom from 1, in thousandths (any table of it).
const T: [i64; 30] = [
    12_706, 4_303, 3_182, 2_776, 2_571, 2_447, 2_365, 2_306, 2_262, 2_228, 2_201, 2_179, 2_160, 2_145, 2_131,
    2_120, 2_110, 2_101, 2_093, 2_086, 2_080, 2_074, 2_069, 2_064, 2_060, 2_056, 2_052, 2_048, 2_045, 2_042,
];
/// Beyond the table: that of 30, a little more than needed.
const T_BEYOND: i64 = 2_042;

impl Interval {
    /// Of independent runs.
    #[must_use]
    pub fn of(runs: &[i64]) -> Interval {
        let count = runs.len() as i64;
        let mean = runs.iter().sum::<i64>().checked_div(count).unwrap_or(0);
        if count < 2 {
            return Interval { mean, half_width: None };
        }
        let squares: i128 = runs.iter().map(|run| i128::from(run - mean).pow(2)).sum();
        // t * sqrt(variance / count), under one root.
        let t = runs.len().checked_sub(2).and_then(|at| T.get(at)).copied().unwrap_or(T_BEYOND);
        let inside = squares * i128::from(t * t) / i128::from((count - 1) * count);
        let half = u128::try_from(inside).unwrap_or(0).isqrt() / 1000;
        Interval { mean, half_width: i64::try_from(half).ok() }
    }

    /// Of the differences of two rules on the same seeds.
    #[must_use]
    pub fn of_difference(one: &[i64], other: &[i64]) -> Interval {
        let differences: Vec<i64> = one.iter().zip(other).map(|(one, other)| one - other).collect();
        Interval::of(&differences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_from_a_textbook() {
        // Mean 10, standard deviation 2 (sum of squares 16), n 5: 2.776 * 2 / sqrt(5) = 2.483.
        let runs = [8_000_000, 8_000_000, 10_000_000, 12_000_000, 12_000_000];
        assert_eq!(Interval::of(&runs), Interval { mean: 10_000_000, half_width: Some(2_482_929) });
        assert_eq!(Interval::of(&[7]), Interval { mean: 7, half_width: None });
        assert_eq!(Interval::of_difference(&[5, 7], &[3, 5]).half_width, Some(0));
    }
}
