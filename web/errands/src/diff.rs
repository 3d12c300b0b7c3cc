//! What was changed between two texts, line by line, with the lines around each change.

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

/// Lines that are kept above and below a change.
const AROUND: usize = 3;

/// Which of the two texts has a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Both.
    Both,
    /// The one before.
    Before,
    /// The one after.
    After,
    /// Lines are left out here.
    Gap,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which text has it.
    pub side: Side,
    /// The line, without its end.
    pub text: String,
}

/// The lines that differ, with those around them; nothing where both are the same.
pub(crate) fn lines(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (place, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if place > 0 {
            lines.push(Line { side: Side::Gap, text: String::new() });
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let side = match change.tag() {
                ChangeTag::Equal => Side::Both,
                ChangeTag::Delete => Side::Before,
                ChangeTag::Insert => Side::After,
            };
            lines.push(Line { side, text: change.value().trim_end_matches('\n').to_owned() });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let sign = |line: &Line| match line.side {
            Side::Both => ' ',
            Side::Before => '-',
            Side::After => '+',
            Side::Gap => '@',
        };
        lines(before, after).iter().map(|line| format!("{}{}\n", sign(line), line.text)).collect()
    }

    #[test]
    fn changes_stand_with_the_lines_around_them() {
        let before: String = (0..20).map(|line| format!("{line}\n")).collect();
        let after = before.replace("2\n3\n", "2\nthree\n").replace("17\n", "");
        assert_eq!(
            told(&before, &after),
            " 0\n 1\n 2\n-3\n+three\n 4\n 5\n 6\n@\n 14\n 15\n 16\n-17\n 18\n 19\n"
        );
        assert_eq!(told(&before, &before), "");
    }
}
