//! How a workload's manifest serves a model.

use migfit::kubernetes::{self, Container, Workload, launch};
use migfit::problem::Problem;
use migfit::yaml;

use crate::Asked;
use crate::ask::{first, launched};

/// The first container of the manifest that starts a server whose memory is worked out.
pub(crate) fn read(subject: &str, text: &str) -> Result<Asked, Problem> {
    let reading = kubernetes::read(&yaml::documents(subject, text)?);
    for workload in &reading.workloads {
        for container in workload.pods.iter().flat_map(|pod| &pod.containers) {
            if let Some(asked) = served(workload, container, subject)? {
                return Ok(asked);
            }
        }
    }
    if !reading.problems.is_empty() {
        return Err(first(reading.problems, subject));
    }
    let kinds = reading.workloads.iter().map(|workload| workload.kind.name().to_owned());
    let kinds: Vec<String> = kinds.chain(reading.others).collect();
    let found = if kinds.is_empty() { "no object".to_owned() } else { kinds.join(", ") };
    Err(Problem::new("no-engine", subject, found, "a workload with a container that serves a model"))
}

fn served(workload: &Workload, container: &Container, subject: &str) -> Result<Option<Asked>, Problem> {
    let launch = launch(container).map_err(|problems| first(problems, subject))?;
    if launch.server.is_none() {
        return Ok(None);
    }
    let from = format!("{} {}, container {}", workload.kind.name(), workload.name, container.name);
    let mut asked = launched(&from, launch);
    for claim in &container.claims {
        asked.notes.push(format!("it asks for {} x {}", claim.count, claim.resource));
    }
    Ok(Some(asked))
}

#[cfg(test)]
mod tests {
    use crate::Done;
    use crate::tests::read;

    const DEPLOYMENT: &str = "
apiVersion: v1
kind: Service
metadata: {name: llama}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: llama}
spec:
  template:
    spec:
      containers:
      - name: proxy
        image: envoy
      - name: vllm
        image: vllm/vllm-openai:v0.33.0
        args: [--model, meta-llama/Llama-3.1-8B-Instruct, --max-model-len=8192]
        resources: {limits: {nvidia.com/mig-2g.20gb: 1}}
";

    #[test]
    fn the_container_that_starts_vllm_fills_the_form() {
        let Ok(Done::Asked(asked)) = read("deploy.yaml", DEPLOYMENT, "") else { panic!("nothing asked") };
        assert_eq!(asked.from, "Deployment llama, container vllm");
        assert_eq!(asked.serving.max_model_len, Some(8192));
        assert_eq!(asked.model.as_deref(), Some("meta-llama/Llama-3.1-8B-Instruct"));
        assert_eq!(asked.notes, ["it asks for 1 x nvidia.com/mig-2g.20gb"]);
    }

    #[test]
    fn a_manifest_without_one_is_refused() {
        let problem = read("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n", "").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "a.yaml: found Service a, expected a workload with a container that serves a model"
        );
    }

    #[test]
    fn a_manifest_of_five_megabytes_is_read() {
        let filler = "# a line that says nothing\n".repeat(200_000);
        let text = format!("{DEPLOYMENT}---\n{filler}");
        assert!(text.len() > 5_000_000);
        assert!(matches!(read("big.yaml", &text, ""), Ok(Done::Asked(_))));
    }
}
