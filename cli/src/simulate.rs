//! `migfit simulate`: placement rules against each other.

use clap::{Args, ValueEnum};
use migfit::gpu::layout::Set;
use migfit::gpu::{Gpu, ProfileName, find_in};
use migfit::planning::simulation::{Interval, Mix, Outcome, Rule, Simulation, compare};
use migfit::problem::Problem;
use serde::Serialize;

use crate::cards::{Cards, on_command_line};
use crate::plan::watch;
use crate::report::{self, Failure};

/// Placement rules against each other: how much of what arrives each of them accepts.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit simulate --mix llm-mix --gpus 64
  migfit simulate --gpu A100-40GB --shares 1g.5gb=5,3g.20gb=2 --load 130")]
pub(crate) struct Simulate {
    /// The card.
    #[arg(long, value_name = "NAME", default_value = "H100-80GB")]
    gpu: String,
    /// How many of it.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    gpus: u64,
    /// Memory slices that are asked for, in percent of those that there are.
    #[arg(long, value_name = "PERCENT", default_value_t = 115, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    load: u64,
    /// Arrivals that are counted in each run, after those that fill the fleet.
    #[arg(long, value_name = "N", default_value_t = 6000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    arrivals: u64,
    /// Runs of each rule on each mix, each with arrivals of its own.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: u64,
    /// Which sizes are asked for how often [default: every mix]
    #[arg(long, value_enum)]
    mix: Vec<Sizes>,
    /// Sizes of your own in place of a mix: `1g.10gb=5,2g.20gb=3`.
    #[arg(long, value_name = "SHARES", conflicts_with = "mix")]
    shares: Option<String>,
    /// Stop after this long, or at Ctrl-C, with the runs that are done.
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    #[command(flatten)]
    cards: Cards,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sizes {
    /// Every profile alike.
    Uniform,
    /// Small ones most often.
    SkewSmall,
    /// Large ones most often.
    SkewBig,
    /// Small and large ones.
    Bimodal,
    /// As models come.
    LlmMix,
}

/// One mix.
#[derive(Serialize)]
struct Answer {
    mix: String,
    rules: Vec<Row>,
}

/// One rule on it; shares are in millionths.
#[derive(Serialize)]
struct Row {
    rule: Rule,
    accepted: Interval,
    /// What `least-loss` accepts more, on the same arrivals.
    least_loss_gains: Interval,
    runs: Vec<i64>,
}

impl Simulate {
    pub(crate) fn run(&self) -> Result<String, Vec<Failure>> {
        let cards = self.cards.read()?;
        let gpu = find_in(&cards, &self.gpu).map_err(on_command_line)?;
        if !gpu.has_mig() {
            let problem =
                Problem::new("no-mig", gpu.short_name.as_ref(), "a GPU that cannot be cut", "a GPU with MIG");
            return Err(on_command_line(problem));
        }
        let shares = match &self.shares {
            Some(text) => own_shares(gpu, text).map_err(on_command_line)?,
            None => Vec::new(),
        };
        let mut answers = Vec::new();
        for (name, mix) in self.mixes() {
            let simulation = Simulation {
                gpu,
                gpus: usize::try_from(self.gpus).unwrap_or(usize::MAX),
                load_percent: self.load,
                arrivals: self.arrivals,
                mix,
                shares: shares.clone(),
                rules: Rule::ALL.to_vec(),
                seeds: self.seeds,
            };
            let found = watch::watched(self.seconds, |watch| compare(&simulation, watch));
            answers.push(answer(name, &found.outcomes));
        }
        if self.json { report::json(&answers) } else { Ok(self.text(gpu, &answers)) }
    }

    fn mixes(&self) -> Vec<(String, Mix)> {
        if let Some(text) = &self.shares {
            return vec![(text.clone(), Mix::Uniform)];
        }
        let of = |sizes: &Sizes| match sizes {
            Sizes::Uniform => Mix::Uniform,
            Sizes::SkewSmall => Mix::SkewSmall,
            Sizes::SkewBig => Mix::SkewBig,
            Sizes::Bimodal => Mix::Bimodal,
            Sizes::LlmMix => Mix::LlmMix,
        };
        let mixes = if self.mix.is_empty() { Mix::ALL.to_vec() } else { self.mix.iter().map(of).collect() };
        mixes.into_iter().map(|mix| (mix.word().to_owned(), mix)).collect()
    }

    fn text(&self, gpu: &Gpu, answers: &[Answer]) -> String {
        let runs = answers.first().and_then(|answer| answer.rules.first()).map_or(0, |row| row.runs.len());
        let mut out = format!(
            "{} x {}, {} % of their memory slices asked for, {runs} runs of {} arrivals\n\
             accepted memory slices in percent of those asked for, with 95 % intervals\n\n",
            self.gpus, gpu.short_name, self.load, self.arrivals
        );
        let header = ["mix", "rule", "accepted", "least-loss accepts more"];
        let mut table = report::table(&header, 2..4);
        for answer in answers {
            for row in &answer.rules {
                let gain = match row.rule {
                    Rule::LeastLoss => String::new(),
                    _ => percent(row.least_loss_gains),
                };
                table.add_row([answer.mix.clone(), row.rule.word().to_owned(), percent(row.accepted), gain]);
            }
        }
        out.push_str(&format!("{table}\n"));
        out
    }
}

fn answer(mix: String, outcomes: &[Outcome]) -> Answer {
    let own = outcomes.iter().find(|outcome| outcome.rule == Rule::LeastLoss);
    let row = |outcome: &Outcome| Row {
        rule: outcome.rule,
        accepted: Interval::of(&outcome.accepted),
        least_loss_gains: own
            .map_or(Interval::of(&[]), |own| Interval::of_difference(&own.accepted, &outcome.accepted)),
        runs: outcome.accepted.clone(),
    };
    Answer { mix, rules: outcomes.iter().map(row).collect() }
}

/// Millionths as percent with two decimals.
fn percent(interval: Interval) -> String {
    let hundredths = |millionths: i64| {
        let rounded = (millionths.abs() + 50) / 100;
        let sign = if millionths < 0 && rounded > 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", rounded / 100, rounded % 100)
    };
    match interval.half_width {
        Some(half) => format!("{} ± {}", hundredths(interval.mean), hundredths(half)),
        None => hundredths(interval.mean),
    }
}

/// `1g.10gb=5,2g.20gb=3`.
fn own_shares(gpu: &Gpu, text: &str) -> Result<Vec<(ProfileName, u64)>, Problem> {
    let mut shares = Vec::new();
    for part in text.split(',') {
        let bad = || {
            let expected = "a profile, `=` and a whole number up to 1000000, as in `1g.10gb=5`";
            Problem::new("bad-shares", "--shares", format!("`{part}`"), expected)
        };
        let (name, share) = part.split_once('=').ok_or_else(bad)?;
        let profile = gpu.profile(ProfileName::parse(name.trim())?)?;
        let share: u64 = share.trim().parse().map_err(|_| bad())?;
        if share > 1_000_000 || !Set::Plain.has(gpu, profile) {
            return Err(bad());
        }
        shares.push((profile.name, share));
    }
    if shares.iter().all(|(_, share)| *share == 0) {
        return Err(Problem::new("bad-shares", "--shares", "nothing but 0", "a share above 0"));
    }
    Ok(shares)
}
