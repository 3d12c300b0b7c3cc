//! Command lines that are made to take long: each would take minutes, or gigabytes, if it were read to its end.

use super::{LIMIT, Word, expand, of_texts};
use crate::kubernetes::Variables;

/// The words of `sh -c script name argument...`, with one variable `A`.
fn script(script: String, value: String, arguments: usize) -> Vec<Vec<Word>> {
    let mut texts = vec!["sh".to_owned(), "-c".to_owned(), script, "name".to_owned()];
    texts.resize(texts.len() + arguments, String::new());
    of_texts(texts.iter(), &Variables::of(vec![("A", Some(&value))]))
}

/// Bytes of all words, each a byte more.
fn weight(commands: &[Vec<Word>]) -> usize {
    commands.iter().flatten().map(|word| word.text.len() + 1).sum()
}

/// Whether each command says that something is missing.
fn told(commands: &[Vec<Word>]) -> bool {
    !commands.is_empty() && commands.iter().all(|words| words.iter().any(|word| word.open))
}

#[test]
fn brackets_that_nobody_closes_are_text() {
    let env = Variables::default();
    assert_eq!(expand("$(a $(b $$(c", &env), Word::known("$(a $(b $(c"));
    assert_eq!(expand("$(a $(b) $(c", &env).text, "$(a $(b) $(c");
    let long = expand(&"$(".repeat(4 << 20), &env);
    assert_eq!((long.text.len(), long.open), (LIMIT + 1, true));
}

#[test]
fn scripts_in_scripts_share_their_room() {
    let commands = script("sh -c '$A'\n".repeat(10_000), "x".repeat(250_000), 0);
    assert!(told(&commands) && weight(&commands) < 2 * LIMIT, "{}", weight(&commands));
    let nested = script("sh -c 'sh -c \"eval $A\"'\n".repeat(8_000), "x ".repeat(100_000), 0);
    assert!(told(&nested) && weight(&nested) < 2 * LIMIT, "{}", weight(&nested));
}

#[test]
fn a_variable_is_put_in_place_while_there_is_room() {
    let blank = script("$A".repeat(100_000), " ".repeat(250_000), 0);
    assert_eq!(weight(&blank), 0);
    let full = script("vllm serve $A".repeat(10_000), "x".repeat(250_000), 0);
    assert!(told(&full) && weight(&full) < 2 * LIMIT, "{}", weight(&full));
}

#[test]
fn arguments_without_text_are_counted_as_well() {
    let commands = script("$@ ".repeat(10_000), String::new(), 100_000);
    assert!(told(&commands) && weight(&commands) < 2 * LIMIT, "{}", weight(&commands));
    let many = of_texts(vec![String::new(); 1_000_000].iter(), &Variables::default());
    assert!(told(&many));
    assert_eq!(many.iter().map(Vec::len).sum::<usize>(), LIMIT + 1);
}

#[test]
fn documents_in_a_script_have_the_variables_so_far_while_there_is_room() {
    let set: String = (0..10_000).map(|number| format!("a{number}=1 ")).collect();
    let commands = script(format!("{set}\n{}", "sh <<E\nvllm\nE\n".repeat(5_000)), String::new(), 0);
    assert!(told(&commands));
    let inner = commands.iter().filter(|words| words.first().is_some_and(|word| word.text == "vllm")).count();
    assert!((1..20).contains(&inner), "{inner}");
}
