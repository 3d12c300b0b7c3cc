//! Thousands of broken requests and settings: each gets an answer, none a trap or an accident.

use serde_json::{Value, json};

use crate::door::{call, create, models, pod_on};

/// How many of each.
const ROUNDS: u64 = 3400;

/// A small generator of numbers (xorshift64*), so that every run breaks the same things.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }
}

fn seed() -> Value {
    let args = ["--model", "ibm-granite/granite-7b-base", "--max-model-len", "2K", "-tp", "1"];
    let mut pod = pod_on("NVIDIA-H100-80GB-HBM3", "nvidia.com/mig-1g.10gb", &args);
    pod["metadata"]["annotations"] = json!({"migfit.io/model": "ibm-granite/granite-7b-base"});
    json!({"settings": models(), "request": create(&pod)})
}

fn odd_value(dice: &mut Dice) -> Value {
    match dice.roll(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(u64::MAX),
        4 => json!(1e300),
        5 => json!(""),
        6 => json!("\u{0}\u{fffd}"),
        7 => json!([]),
        8 => json!({}),
        9 => json!("9".repeat(400)),
        10 => json!([[[[[[[[1]]]]]]]]),
        _ => json!("$(A)$(A)`$@\"'\\"),
    }
}

/// Replaces, removes or doubles one part somewhere in `value`.
fn twist(value: &mut Value, dice: &mut Dice) {
    let inner = match value {
        Value::Object(map) if !map.is_empty() => {
            let key = map.keys().nth(dice.roll(map.len())).unwrap().clone();
            match dice.roll(9) {
                0 => {
                    map.remove(&key);
                    return;
                }
                1 => {
                    let part = map.remove(&key).unwrap();
                    map.insert(format!("{key}x"), part);
                    return;
                }
                _ => map.get_mut(&key).unwrap(),
            }
        }
        Value::Array(list) if !list.is_empty() => {
            let place = dice.roll(list.len());
            if dice.roll(6) == 0 {
                let part = list[place].clone();
                list.push(part);
                return;
            }
            &mut list[place]
        }
        other => {
            *other = odd_value(dice);
            return;
        }
    };
    if dice.roll(6) == 0 { *inner = odd_value(dice) } else { twist(inner, dice) }
}

/// Cuts, flips or repeats bytes.
fn scramble(text: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(text.len().max(2) - 1);
        match dice.roll(4) {
            0 => text.truncate(at),
            1 => text[at] = dice.roll(256) as u8,
            2 => text.insert(at, b"{}[]\",:0-\\"[dice.roll(10)]),
            _ => drop(text.splice(at..at, b"[[[[".repeat(dice.roll(60)))),
        }
        if text.is_empty() {
            return;
        }
    }
}

/// What every answer must be: JSON with a verdict, and a reason where it is a refusal.
fn check(operation: &str, payload: &[u8]) -> bool {
    let answer = call(operation, payload);
    assert_eq!(answer.console, [""; 0], "{}", String::from_utf8_lossy(payload));
    assert!(answer.fuel < 60_000_000, "{} fuel on {}", answer.fuel, String::from_utf8_lossy(payload));
    let answer: Value = serde_json::from_slice(&answer.result.unwrap()).unwrap();
    let verdict = if operation == "validate" { &answer["accepted"] } else { &answer["valid"] };
    let accepted = verdict.as_bool().unwrap();
    assert_eq!(accepted, answer["message"].is_null(), "{answer}");
    accepted
}

#[test]
fn requests_of_the_wrong_shape_are_answered() {
    let mut dice = Dice(1);
    let mut refused = 0;
    for _ in 0..ROUNDS {
        let mut payload = seed();
        for _ in 0..=dice.roll(3) {
            twist(&mut payload, &mut dice);
        }
        refused += u64::from(!check("validate", payload.to_string().as_bytes()));
    }
    assert!(refused > ROUNDS / 2, "{refused} refused");
}

#[test]
fn requests_that_are_hardly_json_are_answered() {
    let mut dice = Dice(2);
    for _ in 0..ROUNDS {
        let mut payload = seed().to_string().into_bytes();
        scramble(&mut payload, &mut dice);
        let readable = serde_json::from_slice::<Value>(&payload).is_ok();
        let accepted = check("validate", &payload);
        assert!(readable || !accepted, "{}", String::from_utf8_lossy(&payload));
    }
}

#[test]
fn broken_settings_are_answered() {
    let mut dice = Dice(3);
    for round in 0..ROUNDS {
        let mut settings = models();
        settings["gpus"] = json!(["H100-80GB"]);
        settings["unknownModel"] = json!("warn");
        twist(&mut settings, &mut dice);
        let mut payload = settings.to_string().into_bytes();
        if round % 2 == 0 {
            scramble(&mut payload, &mut dice);
        }
        check("validate_settings", &payload);
    }
}
