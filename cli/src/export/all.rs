//! Every kind at once, and writing to files.

use std::fmt::Write as _;
use std::path::Path;

use migfit::exports::{self, Export, From, KINDS, Kind, Needs};
use migfit::gpu::Gpu;
use migfit::problem::Problem;

use super::ExportOf;
use crate::cards::on_command_line;
use crate::report::Failure;

impl ExportOf {
    /// Every kind into its own file; one that cannot say it, or of which nothing was given, is named instead.
    pub(super) fn every(&self, cards: &[Gpu]) -> Result<String, Vec<Failure>> {
        // With --all the first word is the model.
        let name = self.kind.as_deref().map(Path::new);
        let mut written: Vec<(&Kind, Result<Export, Vec<Problem>>)> = Vec::new();
        if let Some(name) = name {
            let kinds = || KINDS.iter().filter(|kind| kind.needs == Needs::Workload);
            written.extend(self.with_workload(name, cards, |work| {
                kinds().map(|kind| (kind, exports::write(kind, From::Workload(work)))).collect::<Vec<_>>()
            })?);
        }
        if self.gpu.is_some() || self.fleet.file().is_some() {
            let kinds = || KINDS.iter().filter(|kind| kind.needs != Needs::Workload);
            written.extend(self.with_fleet(cards, |fleet| {
                kinds().map(|kind| (kind, exports::write(kind, From::Fleet(fleet)))).collect::<Vec<_>>()
            })?);
        }
        if written.is_empty() {
            return Err(on_command_line(Problem::new(
                "no-model",
                "MODEL",
                "nothing",
                "a model, or nodes by --gpu, --pools or --plan",
            )));
        }
        let folder = self.output.as_deref().unwrap_or(Path::new("."));
        let mut said = String::new();
        for (kind, export) in written {
            match export {
                Ok(export) => {
                    let file = if self.json { format!("{}.json", kind.id) } else { export.file.clone() };
                    let path = folder.join(file);
                    write(&path, &self.print(&export)?)?;
                    _ = writeln!(said, "{}", path.display());
                }
                Err(problems) => {
                    for problem in problems {
                        _ = writeln!(said, "left out: {}: {problem}", kind.id);
                    }
                }
            }
        }
        Ok(said)
    }
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Vec<Failure>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(path, text)).map_err(|error| {
        let problem =
            Problem::new("unwritable", "file", error.to_string(), "a place where files can be written");
        vec![Failure { file: path.display().to_string(), problem }]
    })
}
