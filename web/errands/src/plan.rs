//! A fleet cut for many models: the plan of `migfit plan`, as cells to draw.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use migfit::model::Model;
use migfit::planning::{self, Content, Document, Holder, Mode, PlannedGpu, Served, Stage};
use migfit::problem::Problem;
use migfit::{catalog, gpu, model, yaml};

use crate::ask::first;
use crate::otherwise::Otherwise;
use crate::planned::{Cell, Drawn, Got, Holds, Missing, Planned};
use crate::review::known;
use crate::{Done, Progress};

/// The plan of the fleet that `text` describes, with `models` that a reader brings along; and, where something is asked
/// `otherwise`, the plan were it so.
pub(crate) fn plan(
    (text, models): (&str, &str),
    otherwise: &Otherwise,
    tell: &mut dyn FnMut(Progress),
) -> Result<Done, Problem> {
    tell(Progress { done: 0, total: 100, what: "judging the models".to_owned() });
    let documents = yaml::documents("fleet", text)?;
    let [document] = documents.as_slice() else {
        let found = format!("{} documents", documents.len());
        return Err(Problem::new("bad-fleet", "fleet", found, "one document"));
    };
    let document = Document::read(document).map_err(all)?;
    let models = known_models(&document, models)?;
    let question = otherwise.read()?;
    let mut planned = of_document(&document, &models, tell)?;
    if let Some((words, question)) = question {
        let other = of_document(&document.what_if(&question), &models, tell)?;
        planned.otherwise = Some((words, Box::new(other)));
    }
    Ok(Done::Planned(Box::new(planned)))
}

fn all(problems: Vec<Problem>) -> Problem {
    first(problems, "fleet")
}

/// The models that a fleet names: those of the reader, else of the catalog.
fn known_models(document: &Document, own: &str) -> Result<BTreeMap<String, Model>, Problem> {
    let own = known(own)?;
    let mut models = BTreeMap::new();
    for name in document.models() {
        let model = match own.iter().find(|(id, _)| id == name) {
            Some((_, config)) => model::read(&config.to_string())?,
            None => catalog::find(name)
                .map_err(|problem| problem.hint("bring its config.json along in the field of known models"))?
                .model()?,
        };
        models.insert(name.to_owned(), model);
    }
    Ok(models)
}

fn of_document(
    document: &Document,
    models: &BTreeMap<String, Model>,
    tell: &mut dyn FnMut(Progress),
) -> Result<Planned, Problem> {
    let fleet = document.fleet(gpu::catalog(), models).map_err(all)?;
    let mut told = 0;
    let plan = planning::plan(&fleet, &mut |now| {
        let done = (100 * now.done).checked_div(now.of).unwrap_or(0);
        // The planner reports far more often than a reader can read.
        if done != told {
            told = done;
            tell(Progress { done, total: 100, what: doing(now) });
        }
        ControlFlow::Continue(())
    });
    let plan = plan.map_err(all)?;
    let steps = planning::change(&fleet, &plan).text();
    Ok(Planned {
        used: plan.score.gpus,
        there: plan.gpus.len() as u64,
        least: plan.bound.gpus,
        proved: plan.bound.proved,
        stranded: plan.score.stranded.to_string(),
        idle_compute: plan.score.idle_compute,
        price: plan.price.filter(|price| price.millionths() > 0).map(|price| price.to_string()),
        got: plan.served.iter().map(got).collect(),
        missing: plan
            .unplaced
            .into_iter()
            .map(|own| Missing { workload: own.workload, number: own.missing, reasons: own.reasons })
            .collect(),
        drawn: drawn(&plan.gpus),
        steps,
        otherwise: None,
    })
}

fn doing(now: &planning::Progress) -> String {
    let what = match now.stage {
        Stage::Improving => "improving",
        Stage::Proving => "looking for something better",
        Stage::Simulating => "simulating",
    };
    format!("{what}, best so far {} GPUs", now.best.gpus)
}

fn got(own: &Served<'_>) -> Got {
    let times = if own.devices > 1 { format!(" x {}", own.devices) } else { String::new() };
    let on = own.replicas.iter();
    let on = on.map(|(device, number)| {
        (format!("{number} on {}{times}", device.0.label()), device.0.resource_name())
    });
    Got { workload: own.workload.clone(), on: on.collect() }
}

/// In the order of the fleet.
fn drawn(gpus: &[PlannedGpu<'_>]) -> Vec<Drawn> {
    let mut drawn: Vec<Drawn> = Vec::new();
    let mut known = HashMap::new();
    for gpu in gpus.iter().filter(|gpu| gpu.mode != Mode::Unused) {
        let who: Vec<String> = gpu.seats.iter().map(|seat| workload(&seat.holder)).collect();
        let key = (gpu.gpu.key.to_string(), gpu.layout.to_string(), who);
        let at = *known.entry(key).or_insert(drawn.len());
        let name = format!("{}:{}", gpu.node, gpu.index);
        match drawn.get_mut(at) {
            Some(alike) => alike.names.push(name),
            None => drawn.push(Drawn {
                names: vec![name],
                gpu: gpu.gpu.short_name.to_string(),
                cells: cells(gpu),
                stranded: gpu.leftover.map(|left| left.stranded_memory),
            }),
        }
    }
    drawn
}

fn cells(gpu: &PlannedGpu<'_>) -> Vec<Cell> {
    let holds = |content| match content {
        Content::Seat(at) => gpu.seats.get(at).map_or(Holds::Free, |seat| {
            let what = seat.device.profile.map_or("whole".to_owned(), |profile| profile.name.to_string());
            Holds::Seat(what, holder(&seat.holder))
        }),
        Content::Free => Holds::Free,
        Content::Stranded => Holds::Stranded,
    };
    gpu.cells().iter().map(|cell| Cell { slices: cell.size, holds: holds(cell.content) }).collect()
}

fn workload(holder: &Holder) -> String {
    match holder {
        Holder::Replica { workload, .. } => workload.clone(),
        Holder::Stranger(name) => format!("({name})"),
        Holder::Nobody => String::new(),
    }
}

/// `chat #0`, and `chat #0.1` for the second device of a replica.
fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Replica { workload, number, rank: 0 } => format!("{workload} #{number}"),
        Holder::Replica { workload, number, rank } => format!("{workload} #{number}.{rank}"),
        Holder::Stranger(name) => format!("({name})"),
        Holder::Nobody => "idle".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(text: &str) -> Result<Planned, Problem> {
        match plan((text, ""), &Otherwise::default(), &mut |_| ())? {
            Done::Planned(planned) => Ok(*planned),
            other => panic!("{other:?}"),
        }
    }

    const FLEET: &str = "nodes: [{name: a, gpu: A100-40GB, gpus: 2}]
workloads: [{name: big, memory: 18Gi, replicas: 2}, {name: small, memory: 4Gi, replicas: 1}]
";

    #[test]
    fn a_plan_is_drawn_with_what_is_left() {
        let planned = planned(FLEET).unwrap();
        assert_eq!((planned.used, planned.there, planned.least, planned.proved), (2, 2, 2, true));
        assert_eq!(planned.missing, []);
        assert_eq!(planned.got[0].workload, "big");
        assert_eq!(
            planned.got[0].on,
            [("2 on A100-40GB 4g.20gb".to_owned(), "nvidia.com/mig-4g.20gb".to_owned())]
        );
        for gpu in &planned.drawn {
            assert_eq!(gpu.cells.iter().map(|cell| cell.slices).sum::<u8>(), 8, "{gpu:?}");
        }
        let seats = planned.drawn.iter().flat_map(|gpu| &gpu.cells);
        let who: Vec<&str> = seats
            .filter_map(|cell| match &cell.holds {
                Holds::Seat(_, who) => Some(who.as_str()),
                Holds::Free | Holds::Stranded => None,
            })
            .collect();
        assert_eq!(who.len(), 3, "{who:?}");
    }

    #[test]
    fn own_models_are_planned_and_what_would_be_otherwise() {
        let fleet = "nodes: [{name: a, gpu: H100-80GB, gpus: 2}]\nworkloads: [{name: own, model: org/own, replicas: 2}]\n";
        let otherwise = Otherwise { gpu: "A100-40GB".to_owned(), ..Otherwise::default() };
        let known = format!("{{\"org/own\": {}}}", crate::tests::GRANITE);
        let Ok(Done::Planned(planned)) = plan((fleet, &known), &otherwise, &mut |_| ()) else {
            panic!("no plan")
        };
        assert_eq!(planned.got[0].on[0].1, "nvidia.com/mig-2g.20gb");
        assert!(planned.steps.starts_with("from today to the plan: 0 of 0 devices"), "{}", planned.steps);
        assert!(planned.steps.contains("nvidia-smi mig -i 0 -cgi"), "{}", planned.steps);
        let (words, other) = planned.otherwise.unwrap();
        assert_eq!(words, "GPU A100-40GB");
        assert_eq!(other.drawn[0].gpu, "A100-40GB");
        let problem = plan((fleet, ""), &Otherwise::default(), &mut |_| ()).unwrap_err();
        assert!(problem.to_string().contains("org/own"), "{problem}");
    }

    #[test]
    fn what_finds_no_place_says_why() {
        let planned = planned(&FLEET.replace("18Gi", "400Gi")).unwrap();
        assert_eq!((planned.missing[0].workload.as_str(), planned.missing[0].number), ("big", 2));
        assert!(!planned.missing[0].reasons.is_empty());
    }

    #[test]
    fn what_is_no_fleet_is_said() {
        let said = |text: &str| planned(text).unwrap_err().to_string();
        assert_eq!(said("a: 1\n---\nb: 2\n"), "fleet: found 2 documents, expected one document");
        assert!(said("hello").ends_with("expected an object with the lists `nodes` and `workloads`"));
        assert!(said(&FLEET.replace("A100-40GB", "A900")).contains("A900"));
    }
}
