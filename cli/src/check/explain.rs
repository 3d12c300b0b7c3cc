//! One section of `docs/lints.md`.

use migfit::problem::Problem;
use migfit::review::Lint;

use crate::report::Failure;

/// The page that tells of every finding.
const PAGE: &str = include_str!("../../../docs/lints.md");

/// The section about the finding `id`.
pub(super) fn explain(id: &str) -> Result<String, Failure> {
    match section(id) {
        Some(section) => Ok(format!("{}\n", section.trim())),
        None => {
            let ids: Vec<&str> = Lint::all().map(Lint::id).collect();
            let problem =
                Problem::new("unknown-finding", "--explain", format!("{id:?}"), "the id of a finding")
                    .hint(format!("one of {}", ids.join(", ")))
                    .nearest(id, ids);
            Err(Failure { file: "command line".to_owned(), problem })
        }
    }
}

fn section(id: &str) -> Option<&'static str> {
    Lint::find(id)?;
    PAGE.split("\n## ").skip(1).find(|section| section.lines().next() == Some(id))
}

/// The text of a section between `**<part>.**` and the next line.
pub(super) fn part(id: &str, part: &str) -> Option<&'static str> {
    let (_, after) = section(id)?.split_once(&format!("**{part}.** "))?;
    after.lines().next()
}
