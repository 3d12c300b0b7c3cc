//! Money per hour, in whole millionths of a currency that nobody needs to name.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const ONE: u64 = 1_000_000;

/// The price of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub struct Price(u64);

impl Price {
    /// `millionths / 1,000,000`.
    #[must_use]
    pub const fn from_millionths(millionths: u64) -> Price {
        Price(millionths)
    }

    /// The number of millionths.
    #[must_use]
    pub const fn millionths(self) -> u64 {
        self.0
    }

    /// The price of `count`.
    #[must_use]
    pub const fn times(self, count: u64) -> Price {
        Price(self.0.saturating_mul(count))
    }

    /// `part / whole` of it, rounded up; itself where `whole` is 0.
    #[must_use]
    pub const fn share(self, part: u64, whole: u64) -> Price {
        match whole {
            0 => self,
            whole => {
                let share = (self.0 as u128 * part as u128).div_ceil(whole as u128);
                if share > u64::MAX as u128 { Price(u64::MAX) } else { Price(share as u64) }
            }
        }
    }

    fn parse(text: &str) -> Option<Price> {
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 6 {
            return None;
        }
        let part: u64 = format!("{part:0<6}").parse().ok()?;
        whole.parse::<u64>().ok()?.checked_mul(ONE)?.checked_add(part).map(Price)
    }
}

/// `3.5`, `98.32`, `2`.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / ONE, self.0 % ONE);
        if part == 0 {
            return f.pad(&whole.to_string());
        }
        f.pad(format!("{whole}.{part:06}").trim_end_matches('0'))
    }
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

/// Reads a number or a text, so that `2.5` and `"2.5"` are one price.
impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Price, D::Error> {
        let text = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        Price::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("price `{text}`, a number of at most six decimals is expected"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_it_reads() {
        for text in ["0", "2", "3.5", "98.32", "0.000001"] {
            assert_eq!(Price::parse(text).unwrap().to_string(), text);
        }
        for text in ["", ".", "-1", "1.0000001", "1e3", "1,5", "99999999999999999999"] {
            assert_eq!(Price::parse(text), None, "{text}");
        }
    }

    #[test]
    fn shares_are_rounded_up() {
        assert_eq!(Price(10).share(1, 3), Price(4));
        assert_eq!(Price(10).share(1, 0), Price(10));
        assert_eq!(Price(u64::MAX).share(2, 1), Price(u64::MAX));
    }
}
