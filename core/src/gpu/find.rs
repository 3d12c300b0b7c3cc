//! Finding a GPU by whatever name a person, a label or a cloud gives it.

use super::card::Gpu;
use super::catalog;
use crate::order;
use crate::problem::Problem;

/// The GPU of the catalog that `text` names: see [`find_in`].
///
/// # Errors
/// As [`find_in`].
pub fn find(text: &str) -> Result<&'static Gpu, Problem> {
    find_in(catalog(), text)
}

/// The GPU among `cards` that `text` names: a product label as it stands, a key, name, short name or
/// cloud accelerator name in any spelling, a PCI device id, or words that only one GPU has.
///
/// # Errors
/// A [`Problem`] of code `ambiguous-gpu` that lists the candidates, or `unknown-gpu` with the
/// nearest names.
pub fn find_in<'a>(cards: &'a [Gpu], text: &str) -> Result<&'a Gpu, Problem> {
    let text = text.trim();
    let labelled = pick(cards, |gpu| gpu.product_labels.iter().any(|label| label == text));
    match labelled.as_slice() {
        [] => {}
        [gpu] => return Ok(gpu),
        several => return Err(ambiguous(text, several)),
    }
    let wanted: Vec<&[u8]> = words(text).collect();
    if wanted.is_empty() {
        return Err(unknown(cards, text, &wanted));
    }
    let id = pci_id(text);
    let board = |gpu: &Gpu| id.is_some_and(|id| gpu.pci.iter().any(|board| board.id == id));
    let exact = pick(cards, |gpu| names(gpu).any(|name| is_named(name, &wanted)) || board(gpu));
    if let [gpu] = exact.as_slice() {
        return Ok(gpu);
    }
    let candidates = if exact.is_empty() {
        pick(cards, |gpu| {
            wanted.iter().all(|word| names(gpu).flat_map(words).any(|known| known.eq_ignore_ascii_case(word)))
        })
    } else {
        exact
    };
    match candidates.as_slice() {
        [gpu] => Ok(gpu),
        [] => Err(unknown(cards, text, &wanted)),
        several => Err(ambiguous(text, several)),
    }
}

fn pick(cards: &[Gpu], is: impl Fn(&Gpu) -> bool) -> Vec<&Gpu> {
    cards.iter().filter(|gpu| is(gpu)).collect()
}

/// Every name but product labels, which stand for one card only as they are written:
/// `NVIDIA-H100` is a 64 or a 94 GB card, and nobody who types `H100` means these.
fn names(gpu: &Gpu) -> impl Iterator<Item = &str> {
    let own = [&gpu.key, &gpu.short_name, &gpu.name];
    own.into_iter().chain(gpu.cloud_names.iter()).map(AsRef::as_ref)
}

/// Words of a name without the maker, to be compared without regard to case: `NVIDIA H100 80GB` is `H100`, `80GB`.
fn words(name: &str) -> impl Iterator<Item = &[u8]> {
    let mute = |word: &[u8]| {
        word.is_empty() || word.eq_ignore_ascii_case(b"nvidia") || word.eq_ignore_ascii_case(b"amd")
    };
    name.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).filter(move |word| !mute(word))
}

/// Whether `name` has these words and no others, in this order.
fn is_named(name: &str, wanted: &[&[u8]]) -> bool {
    // Nearly all names begin with another letter: only those of the makers' words have to be taken apart.
    let letter = |word: &[u8]| word.first().map(u8::to_ascii_lowercase);
    let begins = letter(name.as_bytes());
    let other = begins != wanted.first().and_then(|word| letter(word));
    if other && begins.is_some_and(|letter| letter.is_ascii_alphanumeric() && !matches!(letter, b'n' | b'a'))
    {
        return false;
    }
    let mut own = words(name);
    wanted.iter().all(|word| own.next().is_some_and(|own| own.eq_ignore_ascii_case(word)))
        && own.next().is_none()
}

/// The device id in `0x2330`, `0x233010DE` as in mig-parted's filters, or `10de:2330` as `lspci` prints it.
fn pci_id(text: &str) -> Option<u16> {
    let text = text.to_ascii_lowercase();
    let id = match (text.strip_prefix("0x"), text.strip_prefix("10de:")) {
        (Some(hex), _) => hex.strip_suffix("10de").unwrap_or(hex),
        (None, Some(hex)) => hex,
        (None, None) => return None,
    };
    u16::from_str_radix(id, 16).ok()
}

fn ambiguous(text: &str, several: &[&Gpu]) -> Problem {
    let names: Vec<&str> = several.iter().map(|gpu| gpu.short_name.as_ref()).collect();
    Problem::new(
        "ambiguous-gpu",
        "GPU",
        format!("`{text}`, which names {} cards", several.len()),
        format!("one of {}", names.join(", ")),
    )
    .hint("the node label `nvidia.com/gpu.product` tells the cards apart")
}

/// The longest name for which near ones are looked for: what is longer is no mistyped name, and comparing it with
/// every card would take long.
const MOST_LETTERS: usize = 64;

fn unknown(cards: &[Gpu], text: &str, wanted: &[&[u8]]) -> Problem {
    let expected = "a key, name, product label, PCI id or cloud accelerator name of the catalog";
    if text.len() > MOST_LETTERS {
        return Problem::new("unknown-gpu", "GPU", format!("a name of {} bytes", text.len()), expected);
    }
    let mut near: Vec<(usize, &str)> =
        cards.iter().map(|gpu| (distance_of(gpu, wanted), gpu.short_name.as_ref())).collect();
    order::sort(&mut near);
    let nearest: Vec<&str> = near.iter().take(3).map(|(_, name)| *name).collect();
    let found = if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
    Problem::new("unknown-gpu", "GPU", found, expected).hint(format!("nearest names: {}", nearest.join(", ")))
}

/// How far the nearest name of `gpu` is from the wanted words.
fn distance_of(gpu: &Gpu, wanted: &[&[u8]]) -> usize {
    let joined = |words: &[&[u8]]| String::from_utf8_lossy(&words.join(&b'-')).to_ascii_lowercase();
    let wanted = joined(wanted);
    let distance = |name| strsim::levenshtein(&joined(&words(name).collect::<Vec<_>>()), &wanted);
    names(gpu).map(distance).min().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_card_by_each_kind_of_name() {
        for (text, key) in [
            ("h100-80gb-sxm", "h100-80gb-sxm"),
            ("NVIDIA H100 80GB SXM5", "h100-80gb-sxm"),
            ("H100-80GB", "h100-80gb-sxm"),
            ("NVIDIA-H100-80GB-HBM3", "h100-80gb-sxm"),
            ("NVIDIA-H100-NVL", "h100-94gb-nvl"),
            ("L4", "l4-24gb"),
            ("A10", "a10-24gb"),
            ("MI300X", "mi300x-192gb"),
            ("rtx 4090", "rtx-4090-24gb"),
            ("0x2330", "h100-80gb-sxm"),
            ("0x233010DE", "h100-80gb-sxm"),
            ("10de:2330", "h100-80gb-sxm"),
            ("0x10de", "none"),
            ("nvidia-h100-80gb", "h100-80gb-sxm"),
            ("nvidia-tesla-a100", "a100-40gb"),
            (" h200 ", "h200-141gb"),
            ("NVIDIA A100 40GB", "a100-40gb"),
            ("a30", "a30-24gb"),
        ] {
            let found = find(text).map_or("none", |gpu| gpu.key.as_ref());
            assert_eq!(found, key, "{text}");
        }
    }

    #[test]
    fn a_name_of_several_cards_lists_them() {
        let problem = find("A100").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "GPU: found `A100`, which names 2 cards, expected one of A100-40GB, A100-80GB"
        );
        assert_eq!(find("h100").unwrap_err().code, "ambiguous-gpu");
        assert_eq!(
            find("NVIDIA-H100").unwrap_err().to_string(),
            "GPU: found `NVIDIA-H100`, which names 2 cards, expected one of H100-94GB, H100-64GB"
        );
    }

    #[test]
    fn an_unknown_name_gets_the_nearest_ones() {
        let problem = find("H100-08GB").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "GPU: found `H100-08GB`, expected a key, name, product label, PCI id or cloud accelerator name of the catalog"
        );
        assert_eq!(problem.hint.as_deref(), Some("nearest names: H100-64GB, H100-80GB, H100-94GB"));
        assert_eq!(
            find(&"9".repeat(400)).unwrap_err().to_string(),
            "GPU: found a name of 400 bytes, expected a key, name, product label, PCI id or cloud accelerator name of the catalog"
        );
        assert_eq!(
            find("").unwrap_err().to_string(),
            "GPU: found nothing, expected a key, name, product label, PCI id or cloud accelerator name of the catalog"
        );
    }
}
