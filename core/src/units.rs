//! The one stored unit of memory: whole bytes. GiB and MiB exist only at the edges.

use core::fmt;
use core::iter::Sum;
use core::ops::Add;

use serde::{Deserialize, Serialize};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// An amount of memory in bytes (2^30 bytes are one GiB, 2^20 one MiB).
///
/// Sums saturate: an amount that large is a misfit on every device, never a wrapped small one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Bytes(u64);

impl Bytes {
    /// No memory at all.
    pub const ZERO: Bytes = Bytes(0);
    /// The largest amount that can be stored, 2^64 - 1 bytes.
    pub const MAX: Bytes = Bytes(u64::MAX);

    /// `bytes` bytes.
    #[must_use]
    pub const fn new(bytes: u64) -> Bytes {
        Bytes(bytes)
    }

    /// `mib` times 2^20 bytes, the unit in which drivers report device memory.
    #[must_use]
    pub const fn from_mib(mib: u64) -> Bytes {
        Bytes(mib.saturating_mul(MIB))
    }

    /// `gib` times 2^30 bytes.
    #[must_use]
    pub const fn from_gib(gib: u64) -> Bytes {
        Bytes(gib.saturating_mul(GIB))
    }

    /// `bytes` bytes, or [`Bytes::MAX`] where that does not fit 64 bits.
    #[must_use]
    pub const fn saturating(bytes: u128) -> Bytes {
        if bytes > u64::MAX as u128 { Bytes::MAX } else { Bytes(bytes as u64) }
    }

    /// The number of bytes.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whole MiB, rounded down.
    #[must_use]
    pub const fn whole_mib(self) -> u64 {
        self.0 / MIB
    }

    /// `self` times `count`.
    #[must_use]
    pub const fn times(self, count: u64) -> Bytes {
        Bytes(self.0.saturating_mul(count))
    }

    /// What is left of `self` after `other` is taken away, or nothing where `other` is larger.
    #[must_use]
    pub const fn minus(self, other: Bytes) -> Bytes {
        Bytes(self.0.saturating_sub(other.0))
    }

    /// How many whole `other` fit into `self`; `None` where `other` is nothing.
    #[must_use]
    pub const fn holds(self, other: Bytes) -> Option<u64> {
        self.0.checked_div(other.0)
    }

    /// `self` times `numerator / denominator`, rounded down; `self` where `denominator` is 0.
    #[must_use]
    pub const fn share(self, numerator: u64, denominator: u64) -> Bytes {
        match (self.0 as u128 * numerator as u128).checked_div(denominator as u128) {
            Some(bytes) => Bytes::saturating(bytes),
            None => self,
        }
    }

    /// As [`Bytes::share`], rounded up.
    #[must_use]
    pub const fn share_up(self, numerator: u64, denominator: u64) -> Bytes {
        if denominator == 0 {
            return self;
        }
        Bytes::saturating((self.0 as u128 * numerator as u128).div_ceil(denominator as u128))
    }

    /// In GiB with `decimals` decimals, rounded half away from zero, without the unit.
    #[must_use]
    pub fn in_gib(self, decimals: u32) -> String {
        decimal(self.0, GIB, decimals)
    }

    /// In MiB with `decimals` decimals, rounded half away from zero, without the unit.
    #[must_use]
    pub fn in_mib(self, decimals: u32) -> String {
        decimal(self.0, MIB, decimals)
    }
}

/// `value / unit` as a decimal number. Integers only, so that every platform prints the same digits.
fn decimal(value: u64, unit: u64, decimals: u32) -> String {
    let scale = 10_u128.pow(decimals.min(9));
    let scaled = (u128::from(value) * scale + u128::from(unit) / 2) / u128::from(unit);
    let (whole, part) = (scaled / scale, scaled % scale);
    if decimals == 0 {
        format!("{whole}")
    } else {
        format!("{whole}.{part:0width$}", width = decimals.min(9) as usize)
    }
}

/// GiB with one decimal from 1 GiB on, MiB with one decimal from 1 MiB on, else bytes.
impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 >= GIB {
            f.pad(&format!("{} GiB", self.in_gib(1)))
        } else if self.0 >= MIB {
            f.pad(&format!("{} MiB", self.in_mib(1)))
        } else {
            f.pad(&format!("{} B", self.0))
        }
    }
}

impl Add for Bytes {
    type Output = Bytes;
    fn add(self, other: Bytes) -> Bytes {
        Bytes(self.0.saturating_add(other.0))
    }
}

impl Sum for Bytes {
    fn sum<I: Iterator<Item = Bytes>>(parts: I) -> Bytes {
        parts.fold(Bytes::ZERO, Add::add)
    }
}

/// `number` with commas between groups of three digits: `6,738,415,616`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_in_the_unit_a_reader_expects() {
        assert_eq!(Bytes::new(13_476_831_232).to_string(), "12.6 GiB");
        assert_eq!(Bytes::from_mib(4864).to_string(), "4.8 GiB");
        assert_eq!(Bytes::from_mib(389).to_string(), "389.0 MiB");
        assert_eq!(Bytes::new(1023).to_string(), "1023 B");
        assert_eq!(Bytes::from_mib(81_559).in_gib(2), "79.65");
        assert_eq!(Bytes::from_mib(4864).in_gib(3), "4.750");
        assert_eq!(format!("{:>9}|", Bytes::from_gib(2)), "  2.0 GiB|");
    }

    #[test]
    fn arithmetic_saturates_instead_of_wrapping() {
        assert_eq!(Bytes::MAX + Bytes::new(1), Bytes::MAX);
        assert_eq!(Bytes::new(1).minus(Bytes::new(2)), Bytes::ZERO);
        assert_eq!(Bytes::MAX.times(2), Bytes::MAX);
        assert_eq!(Bytes::from_gib(10).share(92, 100), Bytes::new(9_878_424_780));
        assert_eq!(Bytes::from_gib(10).share_up(92, 100), Bytes::new(9_878_424_781));
        assert_eq!(Bytes::new(7).holds(Bytes::ZERO), None);
    }

    #[test]
    fn groups_digits_in_threes() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(6_738_415_616), "6,738,415,616");
    }
}
