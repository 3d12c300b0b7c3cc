//! Kubernetes quantities, as far as a number of devices goes.

/// The whole number that `text` writes: `1`, `2k`, `1Ki`, `3000m`, `1e1`, `2.0`. `None` where it is no
/// quantity, not whole, negative or beyond 64 bits.
///
/// Source: `apimachinery/pkg/api/resource/quantity.go`.
pub(super) fn whole(text: &str) -> Option<u64> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (digits, decimals) = number.split_once('.').unwrap_or((number, ""));
    if (digits.is_empty() && decimals.is_empty()) || number.len() > 30 {
        return None;
    }
    let (mut value, mut divisor) = (0_u128, 1_u128);
    for digit in digits.chars().chain(decimals.chars()) {
        value = value.checked_mul(10)?.checked_add(u128::from(digit.to_digit(10)?))?;
    }
    for _ in decimals.chars() {
        divisor = divisor.checked_mul(10)?;
    }
    let (times, by) = scale(suffix)?;
    let (value, divisor) = (value.checked_mul(times)?, divisor.checked_mul(by)?);
    if value.checked_rem(divisor)? != 0 {
        return None;
    }
    u64::try_from(value.checked_div(divisor)?).ok()
}

/// What a suffix multiplies and divides by.
fn scale(suffix: &str) -> Option<(u128, u128)> {
    Some(match suffix {
        "" => (1, 1),
        "n" => (1, 1_000_000_000),
        "u" => (1, 1_000_000),
        "m" => (1, 1000),
        "k" => (1000, 1),
        "M" => (1_000_000, 1),
        "G" => (1_000_000_000, 1),
        "Ki" => (1 << 10, 1),
        "Mi" => (1 << 20, 1),
        "Gi" => (1 << 30, 1),
        exponent => {
            let exponent = exponent.strip_prefix(['e', 'E'])?;
            let (negative, digits) = match exponent.strip_prefix('-') {
                Some(digits) => (true, digits),
                None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
            };
            let power = 10_u128.checked_pow(digits.parse().ok().filter(|power| *power <= 18)?)?;
            if negative { (1, power) } else { (power, 1) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn reads_what_an_api_server_takes_for_a_whole_number() {
        for (text, number) in [
            ("0", 0),
            ("1", 1),
            ("+1", 1),
            ("007", 7),
            ("2.0", 2),
            ("3000m", 3),
            ("1e1", 10),
            ("10e-1", 1),
            ("1.5k", 1500),
            ("1Ki", 1024),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_whole_number() {
        for text in
            ["", ".", "-1", "1.5", "500m", "one", "1 ", "1e", "1e99", "1Qi", "99999999999999999999999", "१"]
        {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
