//! What goes to the terminal.

use std::io::Write as _;
use std::process::ExitCode;

use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, LineStyle, Table, TableStyle};
use migfit::matching::Verdict;
use migfit::problem::Problem;
use serde::Serialize;

/// Input that could not be used, and where it came from.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    /// The file, `-` for standard input, or the part of the command line.
    pub(crate) file: String,
    /// What is wrong with it.
    pub(crate) problem: Problem,
}

/// Colours as terminals take them; where no colour is wanted they are left out on the way.
const RED: &str = "\x1b[1;31m";
const GREEN: &str = "\x1b[32m";
const PLAIN: &str = "\x1b[0m";

/// Prints an answer. A closed pipe (`migfit ... | head`) is not a failure.
pub(crate) fn print(text: &str) -> ExitCode {
    match anstream::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => ExitCode::from(1),
        Ok(()) | Err(_) => ExitCode::SUCCESS,
    }
}

/// Prints a part of an answer; `false` where nobody reads any further.
pub(crate) fn stream(text: &str) -> bool {
    anstream::stdout().lock().write_all(text.as_bytes()).is_ok()
}

/// Prints every problem and its hint to standard error.
pub(crate) fn fail(failures: &[Failure]) -> ExitCode {
    for Failure { file, problem } in failures {
        anstream::eprintln!("{RED}error:{PLAIN} {file}: {problem}");
        if let Some(hint) = &problem.hint {
            anstream::eprintln!("  {GREEN}hint:{PLAIN} {hint}");
        }
    }
    ExitCode::from(1)
}

/// `value` as indented JSON and a line end.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Vec<Failure>> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| {
        let problem =
            Problem::new("unprintable", "answer", error.to_string(), "an answer that JSON can hold");
        vec![Failure { file: "migfit".to_owned(), problem }]
    })
}

/// Columns, and one line below the header.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table with `header`; the columns of `numbers` are set to the right.
pub(crate) fn table(header: &[&str], numbers: core::ops::Range<usize>) -> Table {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .enforce_styling()
        .set_header(header.iter().copied());
    for column in numbers {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The cells of a row; a verdict has its colour.
pub(crate) fn row<const N: usize>(texts: [String; N]) -> Vec<Cell> {
    let verdicts = [Verdict::Fits, Verdict::Tight, Verdict::No, Verdict::Unknown];
    let cell = |text: String| {
        let verdict = verdicts.into_iter().find(|verdict| verdict.word() == text);
        let cell = Cell::new(text);
        match verdict {
            Some(Verdict::Fits) => cell.fg(Color::Green),
            Some(Verdict::Tight | Verdict::Unknown) => cell.fg(Color::Yellow),
            Some(Verdict::No) => cell.fg(Color::Red),
            None => cell,
        }
    };
    texts.into_iter().map(cell).collect()
}
