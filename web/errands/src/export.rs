//! What was worked out, as a cluster takes it: every kind that the library writes.

use migfit::engine::Serving;
use migfit::exports::{self, Dialect, Fleet, From, KINDS, Machines, Needs, Team, Wish, Workload};
use migfit::gpu::{self, Device, layout::Layout};
use migfit::model;
use migfit::problem::Problem;
use serde::{Deserialize, Serialize};

use crate::Done;
use crate::ask::first;

/// What can be written, and how a device can be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    /// Every kind.
    pub kinds: Vec<Named>,
    /// Ids of the spellings of a device, each with a line about it.
    pub spellings: Vec<(String, String)>,
}

/// A kind of export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its id: `deployment`.
    pub id: String,
    /// What a reader calls it.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// What it is made from.
    pub source: Source,
}

/// What an export is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A model and a device.
    Workload,
    /// Nodes and how their GPUs are cut.
    Nodes,
    /// Nodes, and teams with what each may use.
    Teams,
}

/// What is to be written. Numbers and names as typed; what is empty has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Id of the kind.
    pub kind: String,
    /// The model's id, as its engine is told.
    pub id: String,
    /// Its config.
    pub config: String,
    /// How it is served.
    pub serving: Serving,
    /// The device, by label.
    pub device: String,
    /// How it is asked for.
    pub spelling: String,
    /// Name of the objects.
    pub name: String,
    /// Their namespace.
    pub namespace: String,
    /// Copies of the model.
    pub replicas: String,
    /// Nodes that are alike.
    pub nodes: String,
    /// GPUs of each.
    pub gpus: String,
    /// How each GPU is cut: `3x2g.20gb 1g.10gb`; into as many of the device as it holds where empty.
    pub layout: String,
    /// A team a line: `team-alpha: 1g.10gb=4, gpu=1`.
    pub teams: String,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Name of the file.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// The most GPUs of one node; real ones have up to 16.
const MOST_GPUS: u64 = 64;
/// The most nodes and copies.
const MOST: u64 = 100_000;

/// Every kind and spelling.
pub(crate) fn kinds() -> Done {
    let source = |needs| match needs {
        Needs::Workload => Source::Workload,
        Needs::Nodes => Source::Nodes,
        Needs::Teams => Source::Teams,
    };
    let kinds = KINDS.iter().map(|kind| Named {
        id: kind.id.to_owned(),
        title: kind.title.to_owned(),
        about: kind.about.to_owned(),
        source: source(kind.needs),
    });
    let spellings = Dialect::ALL.map(|dialect| (dialect.id().to_owned(), dialect.about().to_owned()));
    Done::Kinds(Box::new(Kinds { kinds: kinds.collect(), spellings: spellings.to_vec() }))
}

/// Writes `wanted`.
pub(crate) fn export(wanted: &Wanted) -> Result<Done, Problem> {
    let kind = exports::find(&wanted.kind)?;
    let device = gpu::device(&wanted.device)?;
    let all = |problems| first(problems, "export");
    let export = match kind.needs {
        Needs::Workload => {
            let model = model::read(&wanted.config)?;
            let id = if wanted.id.is_empty() { "organisation/name" } else { wanted.id.as_str() };
            let work = Workload::new(id, &model, &wanted.serving, device, wanted.wish()?).map_err(all)?;
            exports::write(kind, From::Workload(&work))
        }
        Needs::Nodes | Needs::Teams => exports::write(kind, From::Fleet(&wanted.fleet(device, kind.needs)?)),
    };
    let export = export.map_err(all)?;
    Ok(Done::Exported(Box::new(Exported { text: export.text()?, file: export.file })))
}

impl Wanted {
    fn wish(&self) -> Result<Wish, Problem> {
        let dialect = Dialect::ALL.into_iter().find(|dialect| dialect.id() == self.spelling);
        let some = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Wish {
            name: some(&self.name),
            namespace: some(&self.namespace),
            replicas: number("replicas", &self.replicas, MOST)?,
            dialect: dialect.unwrap_or(Dialect::Mixed),
            ..Wish::default()
        })
    }

    fn fleet<'a>(&self, device: Device<'a>, needs: Needs) -> Result<Fleet<'a>, Problem> {
        let gpus = number("GPUs of one node", &self.gpus, MOST_GPUS)?;
        let layout = match self.layout.trim() {
            "" => filled(device),
            "whole" | "nothing" => Layout::empty(device.gpu),
            layout => exports::read_layout(device.gpu, layout)?,
        };
        let teams = if needs == Needs::Teams { self.teams.as_str() } else { "" };
        let lines = teams.lines().map(str::trim).filter(|line| !line.is_empty());
        Ok(Fleet {
            machines: vec![Machines {
                name: "sliced".to_owned(),
                gpu: device.gpu,
                nodes: number("nodes", &self.nodes, MOST)?,
                names: Vec::new(),
                labels: std::collections::BTreeMap::new(),
                layouts: (0..gpus).map(|_| layout.clone()).collect(),
                instance_type: None,
            }],
            teams: lines.map(|line| Team::read(line, None)).collect::<Result<_, _>>()?,
        })
    }
}

/// As many instances of the device as its GPU holds.
fn filled<'a>(device: Device<'a>) -> Layout<'a> {
    let mut layout = Layout::empty(device.gpu);
    while let Some(next) = device.profile.and_then(|profile| layout.create(profile)) {
        layout = next;
    }
    layout
}

fn number(subject: &str, typed: &str, most: u64) -> Result<u64, Problem> {
    let typed = typed.trim();
    let read = if typed.is_empty() { Some(1) } else { typed.parse().ok() };
    read.filter(|number| (1..=most).contains(number)).ok_or_else(|| {
        Problem::new("bad-setting", subject, format!("{typed:?}"), format!("a whole number from 1 to {most}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::GRANITE;

    fn wanted(kind: &str) -> Wanted {
        Wanted {
            kind: kind.to_owned(),
            id: "ibm-granite/granite-7b-base".to_owned(),
            config: GRANITE.to_owned(),
            device: "H100-80GB 2g.20gb".to_owned(),
            gpus: "8".to_owned(),
            teams: "team-alpha: 2g.20gb=2".to_owned(),
            ..Wanted::default()
        }
    }

    fn written(wanted: &Wanted) -> Result<Exported, Problem> {
        match export(wanted)? {
            Done::Exported(exported) => Ok(*exported),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_kind_is_listed_and_written_or_says_why_not() {
        let Done::Kinds(kinds) = kinds() else { panic!("no kinds") };
        assert_eq!((kinds.kinds.len(), kinds.spellings.len()), (KINDS.len(), Dialect::ALL.len()));
        let refused: Vec<String> = kinds
            .kinds
            .iter()
            .filter_map(|kind| Some(format!("{}: {}", kind.id, written(&wanted(&kind.id)).err()?)))
            .collect();
        assert_eq!(refused, Vec::<String>::new());
    }

    #[test]
    fn a_slice_is_asked_for_and_cut() {
        let pod = written(&wanted("deployment")).unwrap();
        assert_eq!(pod.file, "deployment.yaml");
        assert!(
            pod.text.contains("nvidia.com/mig-2g.20gb: \"1\"")
                || pod.text.contains("nvidia.com/mig-2g.20gb: 1"),
            "{}",
            pod.text
        );
        let cut = written(&Wanted { gpus: "2".to_owned(), ..wanted("nvidia-smi") }).unwrap();
        assert!(cut.text.contains("-i 1"), "{}", cut.text);
        let cut = written(&Wanted { layout: "1g.10gb@0".to_owned(), ..wanted("mig-parted") }).unwrap();
        assert!(cut.text.contains("1g.10gb: 1") || cut.text.contains("\"1g.10gb\": 1"), "{}", cut.text);
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        let said = |wanted: Wanted| written(&wanted).unwrap_err().to_string();
        let many = Wanted { replicas: "0".to_owned(), ..wanted("pod") };
        assert_eq!(said(many), "replicas: found \"0\", expected a whole number from 1 to 100000");
        let small = Wanted { device: "H100-80GB 1g.10gb".to_owned(), ..wanted("pod") };
        assert!(said(small).ends_with("expected a model that fits H100-80GB 1g.10gb"));
    }
}
