//! The figures of `docs/planning.md`: `cargo bench -p migfit --bench planning`.
//!
//! Prints Markdown tables: gaps and times of large plans on each mix, growth with size (also as an SVG file, named
//! by an argument that ends in `.svg`), and the placement rules against each other.
#![allow(clippy::expect_used, clippy::float_arithmetic, reason = "a benchmark of a wrong input must not run")]

use std::fmt::Write as _;
use std::time::Instant;

use migfit::gpu::layout::Set;
use migfit::gpu::{Gpu, Profile, find};
use migfit::planning::simulation::{Interval, Mix, Rule, Simulation, compare};
use migfit::planning::{Fleet, FleetGpu, Node, Only, Plan, Workload, plan, unwatched};

/// GPUs of one node.
const PER_NODE: u64 = 8;

/// `replicas` in the proportions of a mix, each size a workload of its own, on `gpus` GPUs.
fn fleet(card: &'static Gpu, mix: Mix, replicas: u64, gpus: u64) -> Fleet<'static> {
    let plain = |profile: &&Profile| Set::Plain.has(card, profile);
    let profiles: Vec<&Profile> = card.profiles.iter().filter(plain).collect();
    let shares = mix.shares(card, &profiles);
    let all: u64 = shares.iter().sum();
    let mut left = replicas;
    let workloads = profiles.iter().zip(&shares).enumerate().map(|(at, (profile, share))| {
        let own = if at + 1 == profiles.len() { left } else { replicas * share / all };
        left -= own;
        let name = profile.name.to_string();
        // Larger instances would do as well, as they do for a model.
        let only = profiles
            .iter()
            .filter(|other| {
                other.memory_slices >= profile.memory_slices && other.compute_slices >= profile.compute_slices
            })
            .map(|other| Only::Profile(other.name))
            .collect();
        Workload { only, ..Workload::declared(name, profile.memory.floor, own) }
    });
    let workloads: Vec<Workload<'_>> =
        workloads.filter(|own| own.amount != migfit::planning::Amount::Replicas(0)).collect();
    let node = |at: u64| Node {
        name: format!("n{at}"),
        pool: "n".to_owned(),
        gpus: vec![FleetGpu::unused(card); PER_NODE as usize],
        ..Node::default()
    };
    Fleet { nodes: (0..gpus.div_ceil(PER_NODE)).map(node).collect(), workloads, ..Fleet::default() }
}

fn timed<'a>(fleet: &Fleet<'a>) -> (Plan<'a>, u128) {
    let start = Instant::now();
    let found = plan(fleet, &mut unwatched).expect("a fleet that holds together");
    (found, start.elapsed().as_millis())
}

fn row(mix: Mix, replicas: u64, gpus: u64, plan: &Plan<'_>, millis: u128) {
    let percent = 100.0 * plan.gap() as f64 / plan.bound.gpus.max(1) as f64;
    println!(
        "| {} | {replicas} | {gpus} | {} | {} | {} | {percent:.2} % | {} | {} | {} | {millis} |",
        mix.word(),
        plan.score.missing,
        plan.bound.missing,
        plan.score.gpus,
        plan.bound.gpus,
        plan.score.stranded,
        plan.score.idle_compute,
    );
}

const HEADER: &str = "| mix | replicas | GPUs there | missing | at least | GPUs used | at least | above | stranded | idle compute | ms |\n|---|---|---|---|---|---|---|---|---|---|---|";

fn large(card: &'static Gpu) {
    println!("## Large plans\n\n{HEADER}");
    for (replicas, gpus) in [(10_000, 2_000), (4_000, 2_000), (10_000, 8_000)] {
        for mix in Mix::ALL {
            let fleet = fleet(card, mix, replicas, gpus);
            let (plan, millis) = timed(&fleet);
            row(mix, replicas, gpus, &plan, millis);
        }
    }
}

fn growth(card: &'static Gpu) {
    println!("\n## Growth\n\n{HEADER}");
    let mut points = Vec::new();
    for replicas in [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000] {
        let fleet = fleet(card, Mix::LlmMix, replicas, replicas / 2 + 8);
        let (plan, millis) = timed(&fleet);
        row(Mix::LlmMix, replicas, replicas / 2 + 8, &plan, millis);
        points.push((replicas, millis));
    }
    if let Some(file) = std::env::args().find(|argument| argument.ends_with(".svg")) {
        std::fs::write(file, chart(&points)).expect("a file that can be written");
    }
}

/// Time against replicas, both axes logarithmic.
fn chart(points: &[(u64, u128)]) -> String {
    let x = |replicas: f64| 60.0 + (replicas.log10() - 1.0) * 120.0;
    let y = |millis: f64| 220.0 - (millis.max(1.0).log10()) * 50.0;
    let mut out = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 580 260\" font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"580\" height=\"260\" fill=\"#fff\"/>\n",
    );
    for power in 1..=5 {
        let at = x(10_f64.powi(power));
        _ = writeln!(
            out,
            "<path d=\"M{at} 20V220\" stroke=\"#ddd\"/><text x=\"{at}\" y=\"235\" text-anchor=\"middle\">{}</text>",
            10_u64.pow(power as u32)
        );
    }
    for power in 0..=4 {
        let at = y(10_f64.powi(power));
        _ = writeln!(
            out,
            "<path d=\"M60 {at}H540\" stroke=\"#ddd\"/><text x=\"54\" y=\"{}\" text-anchor=\"end\">{} ms</text>",
            at + 4.0,
            10_u64.pow(power as u32)
        );
    }
    let line: Vec<String> = points
        .iter()
        .map(|(replicas, millis)| format!("{:.1},{:.1}", x(*replicas as f64), y(*millis as f64)))
        .collect();
    _ = writeln!(
        out,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#06c\" stroke-width=\"2\"/>",
        line.join(" ")
    );
    _ = writeln!(
        out,
        "<text x=\"300\" y=\"252\" text-anchor=\"middle\">replicas (llm-mix, one GPU for two and eight more)</text>\n</svg>"
    );
    out
}

fn rules(card: &'static Gpu) {
    println!(
        "\n## Rules\n\nAccepted memory slices in percent of those offered, mean and half width of the 95 % interval.\n"
    );
    print!("| mix |");
    Rule::ALL.iter().for_each(|rule| print!(" {} |", rule.word()));
    println!(" gain over the best other |\n|---|{}", "---|".repeat(Rule::ALL.len() + 1));
    for mix in Mix::ALL {
        let simulation = Simulation {
            gpu: card,
            gpus: 64,
            load_percent: 115,
            arrivals: 6000,
            mix,
            shares: Vec::new(),
            rules: Rule::ALL.to_vec(),
            seeds: 20,
        };
        let found = compare(&simulation, &mut unwatched);
        print!("| {} |", mix.word());
        let shown = |interval: Interval| {
            format!(
                "{:.2} ± {:.2}",
                interval.mean as f64 / 1e4,
                interval.half_width.unwrap_or(0) as f64 / 1e4
            )
        };
        for outcome in &found.outcomes {
            print!(" {} |", shown(Interval::of(&outcome.accepted)));
        }
        let own = found.outcomes.last().expect("a rule");
        let gains = found.outcomes.iter().filter(|other| other.rule != own.rule);
        let least = gains
            .map(|other| Interval::of_difference(&own.accepted, &other.accepted))
            .min_by_key(|gain| gain.mean);
        println!(" {} |", shown(least.expect("another rule")));
    }
}

fn main() {
    let card = find("H100-80GB").expect("a card of the catalog");
    large(card);
    growth(card);
    rules(card);
}
