//! Quantities as Kubernetes writes them: `40448Mi`, `42412802048`, `1.5Gi`, `80G`.

use crate::problem::Problem;

/// Unit suffixes and what they multiply by.
const UNITS: [(&str, u64); 11] = [
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
    ("Pi", 1 << 50),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("P", 1_000_000_000_000_000),
    ("", 1),
];

/// The number that a quantity stands for, rounded down.
///
/// # Errors
/// A [`Problem`] of code `quantity` for what is not one, or is negative.
pub fn quantity(text: &str) -> Result<u64, Problem> {
    let text = text.trim();
    let wrong = || {
        Problem::new("quantity", "quantity", format!("`{text}`"), "a number with a unit, such as `40448Mi`")
    };
    let (number, unit) = UNITS
        .iter()
        .find_map(|(suffix, unit)| text.strip_suffix(suffix).map(|number| (number, *unit)))
        .ok_or_else(wrong)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 9 {
        return Err(wrong());
    }
    let whole: u128 = whole.parse().map_err(|_| wrong())?;
    let scale = 10_u128.pow(u32::try_from(part.len()).unwrap_or(0));
    let part: u128 = if part.is_empty() { 0 } else { part.parse().map_err(|_| wrong())? };
    let total = whole
        .checked_mul(scale)
        .and_then(|scaled| scaled.checked_add(part))
        .and_then(|scaled| scaled.checked_mul(u128::from(unit)));
    total.map(|total| total / scale).and_then(|total| u64::try_from(total).ok()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_kubernetes_writes() {
        for (text, value) in [
            ("0", 0),
            ("7", 7),
            ("40448Mi", 40_448 << 20),
            ("4.75Gi", 4_864 << 20),
            ("80G", 80_000_000_000),
            (" 1k ", 1_000),
        ] {
            assert_eq!(quantity(text), Ok(value), "{text}");
        }
        for text in ["", "Mi", "-1", "1.", "1.0000000001", "1e3", "99999999999999999999", "4 Gi"] {
            assert_eq!(quantity(text).is_ok(), text == "1.", "{text}");
        }
        assert_eq!(
            quantity("lots").unwrap_err().to_string(),
            "quantity: found `lots`, expected a number with a unit, such as `40448Mi`"
        );
    }
}
