//! How far computed memory is from what engines logged, written to `docs/accuracy.md`:
//! `MIGFIT_BLESS=1 cargo test -p migfit --test accuracy`.
//!
//! Every trusted row of the logs is in the table, also those of models that are not known. One module per figure:
//! `weights`; each gives the compared values of a row and the bounds that its errors must keep.
#![allow(clippy::unwrap_used, reason = "a test")]

mod cache;
mod document;
mod logs;
mod setup;
mod weights;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/accuracy.md");

#[test]
fn the_document_says_what_is_computed() {
    let Some(rows) = logs::rows() else { return };
    let document = document::of(&rows);
    if std::env::var_os("MIGFIT_BLESS").is_some() {
        std::fs::write(PATH, &document).unwrap();
    }
    let written = std::fs::read_to_string(PATH).unwrap_or_default();
    assert_eq!(written, document, "docs/accuracy.md is not what is computed: run with MIGFIT_BLESS=1");
}

#[test]
fn weights_stay_as_near_as_they_are() {
    let Some(rows) = logs::rows() else { return };
    let mut errors: Vec<f64> = document::compared(&rows).map(|(_, found)| found.error().abs()).collect();
    assert!(errors.len() >= weights::ROWS, "{} rows compared", errors.len());
    let (median, high) = (document::percentile(&mut errors, 50), document::percentile(&mut errors, 95));
    assert!(median <= weights::MEDIAN, "median {median:.3} %");
    assert!(high <= weights::HIGH, "95th percentile {high:.3} %");
}

#[test]
fn every_row_that_is_far_off_has_a_word_about_it() {
    let Some(rows) = logs::rows() else { return };
    let far = |found: &weights::Compared| found.error().abs() >= document::FAR;
    for (row, found) in document::compared(&rows) {
        let id = row.get("id");
        assert_eq!(far(&found), document::explanation(id).is_some(), "{id}: {:.3} %", found.error());
    }
}

#[test]
fn caches_stay_as_near_as_they_are() {
    let Some(rows) = logs::rows() else { return };
    let [tokens, mut left, mut predicted, _] = cache::errors(&rows);
    assert!(tokens.len() >= 58 && left.len() >= 34 && predicted.len() >= 28, "rows compared");
    let inside = cache::within_bands(&rows);
    assert!(inside >= cache::INSIDE, "{inside} within the stated error");
    let near = tokens.iter().filter(|error| **error <= cache::NEAR).count();
    assert!(near * 100 >= tokens.len() * cache::WITHIN, "{near} of {} within 0.2 %", tokens.len());
    let (left, predicted) = (document::percentile(&mut left, 50), document::percentile(&mut predicted, 50));
    assert!(left <= cache::LEFT && predicted <= cache::AT_ONCE, "medians {left:.2} %, {predicted:.2} %");
}

#[test]
fn every_cache_that_is_far_off_has_a_word_about_it() {
    let Some(rows) = logs::rows() else { return };
    let differ = |(row, found): &(&logs::Row, Result<cache::Compared, String>)| {
        let far = found.as_ref().is_ok_and(cache::Compared::far);
        (far != cache::explanation(row.get("id")).is_some()).then(|| row.get("id").to_owned())
    };
    let differing: Vec<String> = cache::compared(&rows).iter().filter_map(differ).collect();
    assert_eq!(differing, Vec::<String>::new());
}
