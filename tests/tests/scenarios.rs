//! One scenario gives one answer through every door.

#![expect(clippy::panic, reason = "a scenario that cannot be asked must fail its test")]

use migfit_tests::doors::{self, Said};
use migfit_tests::scenario::{self, Scenario};

fn every_scenario(door: &str, ask: impl Fn(&Scenario) -> Said) {
    let all = scenario::all();
    assert!(all.len() >= 4, "only {} scenarios were found", all.len());
    for (name, scenario) in all {
        let said = ask(&scenario).unwrap_or_else(|why| panic!("{door}, {name} ({}): {why}", scenario.about));
        let expected = &scenario.answers;
        assert_eq!(
            &said,
            expected,
            "{door}, {name}: {}",
            serde_json::to_string_pretty(&said).unwrap_or_default()
        );
    }
}

#[test]
fn the_library_answers_as_written() {
    every_scenario("library", doors::library);
}

#[test]
fn the_terminal_answers_as_written() {
    every_scenario("terminal", doors::terminal);
}
