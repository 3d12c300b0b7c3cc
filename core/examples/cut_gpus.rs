//! How are GPUs to be cut for these models? `cargo run -p migfit --example cut_gpus`

use std::collections::BTreeMap;

use migfit::planning::{self, Document, unwatched};
use migfit::problem::Problem;
use migfit::{catalog, gpu, yaml};

const FLEET: &str = "
nodes:
- {name: node-a, gpu: H100-80GB, gpus: 4}
workloads:
- {name: granite, model: ibm-granite/granite-7b-base, replicas: 3}
- {name: llama, model: meta-llama/Llama-3.1-8B-Instruct, replicas: 2, serving: {max_model_len: 32768}}
- {name: qwen, model: Qwen/Qwen2.5-1.5B-Instruct, replicas: 2}
";

fn main() -> Result<(), Vec<Problem>> {
    print!("{}", answer()?);
    Ok(())
}

pub(crate) fn answer() -> Result<String, Vec<Problem>> {
    let documents = yaml::documents("fleet", FLEET)?;
    let document = documents.first().map(Document::read).transpose()?;
    let Some(document) = document else { return Ok(String::new()) };
    let mut models = BTreeMap::new();
    for id in document.models() {
        models.insert(id.to_owned(), catalog::find(id)?.model()?);
    }
    let fleet = document.fleet(gpu::catalog(), &models)?;
    // Long work may be watched and stopped; it then answers with the best so far.
    let plan = planning::plan(&fleet, &mut unwatched)?;
    let mut said = format!("{} GPUs, at least {} for any plan\n", plan.score.gpus, plan.bound.gpus);
    for gpu in plan.gpus.iter().filter(|gpu| !gpu.seats.is_empty()) {
        said += &format!("{}:{}: {}\n", gpu.node, gpu.index, gpu.layout);
    }
    Ok(said)
}
