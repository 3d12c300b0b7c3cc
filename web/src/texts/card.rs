//! Texts of the card.

use crate::outcome::card::Card;

/// Heading of the card.
#[must_use]
pub fn card_title(gpu: &str) -> String {
    format!("{gpu} cut into slices")
}

/// What a cut card comes to.
#[must_use]
pub fn card_sum(card: &Card) -> String {
    let copies = match card.holding {
        1 => "1 instance holds the model".to_owned(),
        number => format!("{number} instances hold the model"),
    };
    let left = &card.leftover;
    let plural = if left.idle_compute == 1 { "" } else { "s" };
    format!(
        "{copies}; {} of {} memory slices free, {} of them stranded ({}), {} compute slice{plural} idle",
        left.free_memory, card.slices, left.stranded_memory, left.stranded, left.idle_compute
    )
}

/// What pressing an instance does.
#[must_use]
pub fn remove(start: u8) -> String {
    format!(", remove it at slice {start}")
}

/// What the buttons of a profile do.
#[must_use]
pub fn place(name: &str) -> String {
    format!("Place {name} at slice")
}

/// What the button of a start does.
#[must_use]
pub fn place_at(name: &str, slice: u8) -> String {
    format!("Place {name} at slice {slice}")
}
