//! One scenario gives one answer through every door.

#![expect(clippy::panic, reason = "a scenario that cannot be asked must fail its test")]

use migfit_tests::admission::{self, Admission};
use migfit_tests::doors::{self, Said};
use migfit_tests::scenario::{self, Scenario};
use migfit_tests::wapc::Policy;

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

#[test]
fn the_package_answers_as_written() {
    every_scenario("package", doors::package);
}

/// A manifest says how a model is served, not how many sequences a team wants at once: the policy asks for one.
#[test]
fn the_policy_admits_what_is_written_to_fit() {
    let policy = Policy::load().unwrap_or_else(|why| panic!("{why}"));
    let single: Vec<_> =
        scenario::all().into_iter().filter(|(_, told)| told.serving.sequences == 1).collect();
    assert!(single.len() >= 2, "only {} scenarios are of one sequence", single.len());
    for (name, scenario) in single {
        let said = admission::ask(&policy, &scenario).unwrap_or_else(|why| panic!("{name}: {why}"));
        for (device, answer) in &scenario.answers {
            let figures = (answer.verdict.clone(), answer.need, answer.usable);
            let expected = Admission { accepted: answer.admits(), figures };
            assert_eq!(said.get(device), Some(&expected), "policy, {name}, {device}");
        }
    }
}

#[test]
fn the_page_answers_as_written() {
    every_scenario("page", doors::page);
}
