//! The answer as a table.

use std::fmt::Write as _;

use migfit::matching::pools::{ChoiceReport, PoolReport, Room, Severity, Told};
use migfit::problem::Problem;
use migfit::units::grouped;
use migfit::workloads::Asked;

use super::{Answer, One};
use crate::report;

pub(super) fn text(answer: &Answer, asked: &[(String, Asked)]) -> String {
    let mut out = String::new();
    for (one, (_, asked)) in answer.workloads.iter().zip(asked) {
        write_one(&mut out, one, asked);
    }
    let contradictions = answer.workloads.first().into_iter().flat_map(|one| &one.report.pools);
    let mut problems: Vec<&Problem> = contradictions.flat_map(|pool| &pool.contradictions).collect();
    problems.sort_by(|a, b| a.subject.cmp(&b.subject));
    for problem in answer.problems.iter().chain(problems) {
        _ = writeln!(out, "note: {problem}");
        if let Some(hint) = &problem.hint {
            _ = writeln!(out, "  hint: {hint}");
        }
    }
    out
}

fn write_one(out: &mut String, one: &One, asked: &Asked) {
    let report = &one.report;
    let plural = if report.replicas == 1 { "replica" } else { "replicas" };
    let units = report.topology.units();
    let each = if units == 1 { "1 unit".to_owned() } else { format!("{} units", grouped(units)) };
    _ = writeln!(
        out,
        "{}: {} {plural} of {each}{}",
        report.workload,
        grouped(report.replicas),
        served(asked)
    );
    _ = writeln!(out, "{}", best(report.pools.first()));
    let header = [
        "pool", "unit", "verdict", "need", "memory", "SMs", "stranded", "idle", "units", "replicas",
        "ask for", "why",
    ];
    let mut table = report::table(&header, 3..10);
    for pool in &report.pools {
        for row in rows(pool) {
            table.add_row(report::row(row));
        }
    }
    _ = writeln!(out, "{table}");
    for share in one.placed.iter().flatten() {
        _ = writeln!(out, "placed: {} in {} on {}", grouped(share.replicas), share.pool, share.device);
    }
    out.push('\n');
}

/// What is served, behind what is asked for.
fn served(asked: &Asked) -> String {
    asked.served().map_or_else(String::new, |served| format!(": {served}"))
}

fn best(pool: Option<&PoolReport>) -> String {
    let held = |pool: &&PoolReport| pool.units.first().is_some_and(|unit| unit.verdict == pool.verdict);
    let Some(pool) = pool.filter(held) else { return "No pool holds it.".to_owned() };
    let Some(unit) = pool.units.first() else { return "No pool holds it.".to_owned() };
    let name = name(pool);
    let room = match pool.room {
        Room::Now => "",
        Room::AfterScaling => ", after nodes are added",
        Room::Partly => ", some of the replicas",
        Room::Never => ", without room",
    };
    match pool.verdict {
        migfit::matching::Verdict::Fits => {
            format!("Best: {name} on {}{room}, ask for {}", unit.device, asked_for(unit))
        }
        migfit::matching::Verdict::Tight => {
            format!("Best, by little: {name} on {}{room}, ask for {}", unit.device, asked_for(unit))
        }
        migfit::matching::Verdict::Unknown => {
            format!("Nothing can be promised; nearest: {name} on {}", unit.device)
        }
        migfit::matching::Verdict::No => "No pool holds it.".to_owned(),
    }
}

fn name(pool: &PoolReport) -> String {
    match &pool.cluster {
        Some(cluster) => format!("{cluster}/{}", pool.pool),
        None => pool.pool.clone(),
    }
}

fn rows(pool: &PoolReport) -> Vec<[String; 12]> {
    if pool.units.is_empty() {
        let mut row = <[String; 12]>::default();
        row[0] = name(pool);
        row[2] = pool.verdict.word().to_owned();
        row[11] = words(&pool.reasons);
        return vec![row];
    }
    let mut rows: Vec<[String; 12]> = pool.units.iter().map(|unit| row(unit, &pool.reasons)).collect();
    if let Some([first, ..]) = rows.first_mut() {
        *first = name(pool);
    }
    rows
}

fn row(unit: &ChoiceReport, shared: &[Told]) -> [String; 12] {
    let why = [words(&unit.reasons), words(shared)];
    [
        String::new(),
        unit.device.clone(),
        unit.verdict.word().to_owned(),
        unit.need.map_or_else(|| "not said".to_owned(), |need| need.to_string()),
        unit.memory.to_string(),
        unit.sms.map_or_else(|| "?".to_owned(), |sms| sms.to_string()),
        unit.stranded.to_string(),
        unit.idle_compute_ten_thousandths.map_or_else(|| "?".to_owned(), percent),
        format!("{}/{}", grouped(unit.units_now), grouped(unit.units_most)),
        format!("{}/{}", grouped(unit.replicas_now), grouped(unit.replicas_most)),
        asked_for(unit),
        why.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; "),
    ]
}

/// What a container asks for, and the labels that its pod selects.
fn asked_for(unit: &ChoiceReport) -> String {
    let labels = unit.node_selector.iter().map(|(key, value)| format!(" with {key}={value}"));
    std::iter::once(unit.resource.clone()).chain(labels).collect()
}

fn percent(ten_thousandths: u64) -> String {
    format!("{}%", (ten_thousandths + 50) / 100)
}

/// Notes are told last, after everything that decides.
fn words(reasons: &[Told]) -> String {
    let mark = |told: &Told| match told.severity {
        Severity::Note => format!("note: {}", told.text),
        Severity::Tight | Severity::Unsure | Severity::Refuses => told.text.clone(),
    };
    reasons.iter().map(mark).collect::<Vec<_>>().join("; ")
}
