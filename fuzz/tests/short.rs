//! Each target with its seeds and some thousands of broken copies of them, on every change.

use migfit_fuzz::breaker::Dice;
use migfit_fuzz::{TARGETS, Target};

/// Broken copies for each target.
const ROUNDS: usize = 3000;

fn run(target: &Target) {
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{} has no seeds", target.name);
    let mut dice = Dice::new(0x6d69_6766_6974);
    for _ in 0..ROUNDS {
        let seed = &seeds[dice.roll(seeds.len())];
        let broken = dice.broken(seed);
        // A failure shows which bytes caused it.
        let outcome = std::panic::catch_unwind(|| (target.run)(&broken));
        assert!(outcome.is_ok(), "{}: {:?}", target.name, String::from_utf8_lossy(&broken));
    }
}

/// A seed that is refused would try its reader with nothing but noise.
#[test]
fn every_seed_is_understood() {
    let refused: Vec<String> = TARGETS
        .iter()
        .flat_map(|target| (target.seeds)().into_iter().map(move |seed| (target, seed)))
        .filter(|(target, seed)| !(target.run)(seed))
        .map(|(target, seed)| format!("{}: {}", target.name, String::from_utf8_lossy(&seed)))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn no_reader_stumbles() {
    std::thread::scope(|scope| {
        for half in TARGETS.chunks(TARGETS.len().div_ceil(2)) {
            scope.spawn(|| half.iter().for_each(run));
        }
    });
}

#[test]
fn every_target_is_a_program_of_cargo_fuzz() {
    let manifest = include_str!("../Cargo.toml");
    for target in TARGETS {
        assert!(manifest.contains(&format!("name = \"{}\"", target.name)), "{} is missing", target.name);
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len(), "a program has no target");
}
