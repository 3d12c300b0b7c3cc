//! A share between 0 and 1, kept as whole ten-thousandths so that every platform rounds alike.

use core::fmt;
use core::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::problem::Problem;
use crate::units::Bytes;

const ONE: u32 = 10_000;

/// A share of something, from 0.0001 to 1 in steps of 0.0001.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub struct Ratio(u32);

impl Ratio {
    /// `ten_thousandths / 10,000`; `None` outside 1 to 10,000.
    #[must_use]
    pub const fn new(ten_thousandths: u32) -> Option<Ratio> {
        if ten_thousandths == 0 || ten_thousandths > ONE { None } else { Some(Ratio(ten_thousandths)) }
    }

    /// `percent / 100`, cut to between 1 and 100 percent.
    #[must_use]
    pub const fn percent(percent: u32) -> Ratio {
        match percent {
            0 => Ratio(100),
            1..=100 => Ratio(percent * 100),
            _ => Ratio(ONE),
        }
    }

    /// The share of `whole`, rounded up as engines do.
    #[must_use]
    pub const fn of_up(self, whole: Bytes) -> Bytes {
        whole.share_up(self.0 as u64, ONE as u64)
    }

    /// The share of `whole`, rounded down.
    #[must_use]
    pub const fn of(self, whole: Bytes) -> Bytes {
        whole.share(self.0 as u64, ONE as u64)
    }

    /// The smallest amount whose share is at least `part`.
    #[must_use]
    pub const fn whole_for(self, part: Bytes) -> Bytes {
        part.share_up(ONE as u64, self.0 as u64)
    }
}

/// `0.92`, `1`, `0.875`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == ONE {
            return f.pad("1");
        }
        let digits = format!("{:04}", self.0);
        f.pad(&format!("0.{:0<2}", digits.trim_end_matches('0')))
    }
}

impl FromStr for Ratio {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Ratio, Problem> {
        let bad = || {
            Problem::new(
                "bad-ratio",
                "ratio",
                format!("{text:?}"),
                "a number above 0 and at most 1, such as 0.92",
            )
        };
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let whole: u32 =
            if whole.is_empty() && !part.is_empty() { 0 } else { whole.parse().map_err(|_| bad())? };
        let kept: String = part.chars().chain("0000".chars()).take(4).collect();
        let part: u32 = kept.parse().map_err(|_| bad())?;
        whole.checked_mul(ONE).and_then(|n| n.checked_add(part)).and_then(Ratio::new).ok_or_else(bad)
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

/// Reads a number or a text, so that `0.9` and `"0.9"` are one setting; from formats that nobody writes by hand what it
/// was written as.
impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ratio, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(Written)
        } else {
            deserializer.deserialize_str(Written)
        }
    }
}

/// What a person writes where a ratio is meant.
struct Written;

impl Visitor<'_> for Written {
    type Value = Ratio;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number above 0 and at most 1")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Ratio, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Ratio, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Ratio, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Ratio, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E: Error>(self, word: bool) -> Result<Ratio, E> {
        self.visit_str(&word.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<Ratio, E> {
        self.visit_str("null")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_what_a_person_writes() {
        for text in ["0.92", "0.90", "1", "0.875", "0.0001", "0.05"] {
            assert_eq!(text.parse::<Ratio>().unwrap().to_string(), text);
        }
        assert_eq!(".9".parse(), Ratio::new(9000).ok_or(Problem::new("", "", "", "")));
        for text in ["", "0", "1.1", "-0.5", "92%", "0.0", "."] {
            assert_eq!(text.parse::<Ratio>().unwrap_err().code, "bad-ratio", "{text}");
        }
        assert_eq!(
            "2".parse::<Ratio>().unwrap_err().to_string(),
            "ratio: found \"2\", expected a number above 0 and at most 1, such as 0.92"
        );
    }

    #[test]
    fn a_number_and_a_text_are_one_setting() {
        for text in ["0.92", "\"0.92\"", "9.2e-1"] {
            assert_eq!(serde_json::from_str::<Ratio>(text).unwrap(), Ratio(9200), "{text}");
        }
        let why = |text: &str| serde_json::from_str::<Ratio>(text).unwrap_err().to_string();
        for (text, found) in
            [("92", "92"), ("-1", "-1"), ("1e-9", "0.000000001"), ("true", "true"), ("null", "null")]
        {
            let found =
                format!("ratio: found {found:?}, expected a number above 0 and at most 1, such as 0.92");
            assert!(why(text).starts_with(&found), "{}", why(text));
        }
        assert!(
            why("[]").starts_with("invalid type: sequence, expected a number above 0 and at most 1"),
            "{}",
            why("[]")
        );
    }

    #[test]
    fn percent_are_cut_to_what_a_ratio_can_be() {
        assert_eq!([0, 1, 100, 101].map(Ratio::percent), [100, 100, 10_000, 10_000].map(Ratio));
    }

    #[test]
    fn a_share_and_its_whole_agree() {
        let ratio = Ratio::percent(92);
        let whole = ratio.whole_for(Bytes::from_gib(10));
        assert!(ratio.of(whole) >= Bytes::from_gib(10));
        assert!(ratio.of(whole.minus(Bytes::new(1))) < Bytes::from_gib(10));
        assert_eq!(ratio.of_up(Bytes::from_mib(9984)), Bytes::new(9_631_464_162));
    }
}
