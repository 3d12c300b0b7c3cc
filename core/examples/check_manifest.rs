//! Does this manifest ask for a device that holds its model? `cargo run -p migfit --example check_manifest`

use migfit::kubernetes::Beside;
use migfit::problem::Problem;
use migfit::review::{Cluster, Context, Detail, Subject};
use migfit::{gpu, yaml};

const MANIFEST: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: chat}
spec:
  selector: {matchLabels: {app: chat}}
  template:
    metadata: {labels: {app: chat}}
    spec:
      containers:
      - name: vllm
        image: vllm/vllm-openai:v0.33.0
        args: [--model=meta-llama/Llama-3.1-8B-Instruct, --max-model-len=8192]
        resources: {limits: {nvidia.com/mig-1g.10gb: 1}}
";

fn main() -> Result<(), Vec<Problem>> {
    print!("{}", answer()?);
    Ok(())
}

pub(crate) fn answer() -> Result<String, Vec<Problem>> {
    let objects = yaml::documents("manifest", MANIFEST)?;
    let context = Context {
        beside: Beside::of(&objects),
        cluster: Cluster { source: "the example", gpus: vec![gpu::find("H100-80GB")?], pools: &[] },
        ..Context::default()
    };
    let mut said = String::new();
    for object in objects.iter().filter_map(|object| object.as_object()) {
        let Some(subject) = Subject::of(object)? else { continue };
        for finding in subject.review(object, &context).findings {
            said += &format!("{}: {}\n", finding.lint.id(), finding.text);
            for detail in finding.details {
                if let Detail::Fix(fix) = detail {
                    said += &format!("  fix: {fix}\n");
                }
            }
        }
    }
    Ok(said)
}
