//! Nodes out of a file of pools, or out of the plan for a fleet.

use std::path::Path;

use migfit::exports::Fleet;
use migfit::fleet::pools;
use migfit::gpu::Gpu;
use migfit::planning::{Plan, plan};
use migfit::problem::Problem;

use super::{failures, fleet::FleetFlags};
use crate::r#match;
use crate::plan::{self, watch::watched};
use crate::report::Failure;

impl FleetFlags {
    /// The file that names the nodes, where flags do not.
    pub(super) fn file(&self) -> Option<&Path> {
        self.pools.as_deref().or(self.plan.as_deref())
    }

    /// The nodes of a file, with the teams of the flags; `None` where flags name the nodes.
    pub(super) fn with_file<T>(
        &self,
        cards: &[Gpu],
        then: impl FnOnce(&Fleet<'_>) -> T,
    ) -> Option<Result<T, Vec<Failure>>> {
        let then = |mut fleet: Fleet<'_>| {
            fleet.teams = self.teams().map_err(failures)?;
            Ok(then(&fleet))
        };
        if let Some(file) = &self.pools {
            return Some(of_pools(file, cards).and_then(then));
        }
        self.plan.as_ref().map(|file| with_plan(file, cards, then))
    }
}

fn of_pools<'a>(file: &Path, cards: &'a [Gpu]) -> Result<Fleet<'a>, Vec<Failure>> {
    let found = pools::read(cards, &r#match::documents(file)?);
    if found.pools.is_empty() && found.problems.is_empty() {
        let problem = Problem::new("no-pools", "pools", "none", "at least one pool");
        return Err(of(file, vec![problem]));
    }
    Fleet::of_pools(cards, &found).map_err(|problems| of(file, problems))
}

fn with_plan<T>(
    file: &Path,
    cards: &[Gpu],
    then: impl FnOnce(Fleet<'_>) -> Result<T, Vec<Failure>>,
) -> Result<T, Vec<Failure>> {
    let document = plan::read(file)?;
    let models = plan::models(&document, file)?;
    let fleet = document.fleet(cards, &models).map_err(|problems| of(file, problems))?;
    let made = watched(None, |watch| plan(&fleet, watch)).map_err(|problems| of(file, problems))?;
    let missing = without_a_place(&made);
    if !missing.is_empty() {
        return Err(of(file, missing));
    }
    then(Fleet::of_plan(&made).map_err(|problems| of(file, problems))?)
}

/// Who would be left out, were the fleet cut so.
fn without_a_place(plan: &Plan<'_>) -> Vec<Problem> {
    let missing = plan.unplaced.iter().map(|unplaced| {
        let subject = format!("workload `{}`", unplaced.workload);
        Problem::new("no-place", subject, format!("{} without a place", unplaced.missing), "a place for all")
            .hint("`migfit plan` gives the reasons")
    });
    missing.collect()
}

fn of(file: &Path, problems: Vec<Problem>) -> Vec<Failure> {
    let failure = |problem| Failure { file: file.display().to_string(), problem };
    problems.into_iter().map(failure).collect()
}
