//! What is asked of the server, and what it must answer.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use serde_json::{Map, Value, json};
use ureq::Agent;

use crate::payloads;
use crate::server::Server;

/// One request, as an API server sends it.
pub struct Question {
    pub name: String,
    path: String,
    body: Vec<u8>,
    expected: Expected,
}

enum Expected {
    /// The answer of the policy to an object.
    Answer { object: Value, answer: Value },
    /// The server refuses to hand it on.
    Refused,
}

/// The server's policies, one for each kind of settings, and the questions. Settings that are wrong are left out: a
/// server does not start with them.
pub fn all(module: &Path) -> Result<(Value, Vec<Question>)> {
    let module = std::fs::canonicalize(module).with_context(|| module.display().to_string())?;
    let mut policies = Map::new();
    let mut questions = Vec::new();
    for (number, (name, payload)) in payloads::mixed().into_iter().enumerate() {
        let whole =
            serde_json::from_slice(&payload).ok().filter(|whole: &Value| whole["request"].is_object());
        let Some(mut whole) = whole else {
            let path = "/validate/policy-0".to_owned();
            questions.push(Question {
                name: name.to_owned(),
                path,
                body: payload,
                expected: Expected::Refused,
            });
            continue;
        };
        if name == "settings that are wrong" {
            continue;
        }
        whole["request"]["resource"] = json!({"group": "apps", "version": "v1", "resource": "deployments"});
        let policy = format!("policy-{number}");
        let url = format!("file://{}", module.display());
        policies.insert(
            policy.clone(),
            json!({"module": url, "settings": whole["settings"], "allowedToMutate": true}),
        );
        questions.push(question(name, &policy, &whole)?);
    }
    Ok((Value::Object(policies), questions))
}

fn question(name: &str, policy: &str, whole: &Value) -> Result<Question> {
    let answer = migfit_policy::validate(whole.to_string().as_bytes(), migfit_policy::Host::default());
    let review =
        json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": whole["request"]});
    let expected = Expected::Answer {
        object: whole["request"]["object"].clone(),
        answer: serde_json::from_slice(&answer)?,
    };
    Ok(Question {
        name: name.to_owned(),
        path: format!("/validate/{policy}"),
        body: review.to_string().into_bytes(),
        expected,
    })
}

impl Question {
    /// Asks, and holds what is answered against what is expected.
    pub fn ask(&self, client: &Agent, server: &Server) -> Result<()> {
        let request = client.post(server.url(&self.path)).content_type("application/json");
        let mut response = request.send(&self.body[..])?;
        let status = response.status().as_u16();
        let text = response.body_mut().read_to_string()?;
        match &self.expected {
            Expected::Refused => ensure!((400..500).contains(&status), "{status}: {text}"),
            Expected::Answer { object, answer } => {
                ensure!(status == 200, "{status}: {text}");
                let review: Value = serde_json::from_str(&text)?;
                let told = told(&review["response"], object)?;
                ensure!(told == *answer, "{told}, natively {answer}");
            }
        }
        Ok(())
    }
}

/// An admission response as the policy would have worded it.
fn told(answer: &Value, object: &Value) -> Result<Value> {
    let mut told = Map::from_iter([("accepted".to_owned(), answer["allowed"].clone())]);
    let mut keep = |name: &str, value: Value| {
        if !value.is_null() {
            told.insert(name.to_owned(), value);
        }
    };
    keep("message", answer["status"]["message"].clone());
    keep("warnings", answer["warnings"].clone());
    keep("audit_annotations", answer["auditAnnotations"].clone());
    if let Some(patch) = answer["patch"].as_str() {
        let patch = base64::engine::general_purpose::STANDARD.decode(patch)?;
        let mut object = object.clone();
        json_patch::patch(&mut object, &serde_json::from_slice::<json_patch::Patch>(&patch)?)?;
        keep("mutated_object", object);
    }
    Ok(Value::Object(told))
}
