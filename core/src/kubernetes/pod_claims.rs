//! From a container's `resources.claims` to the devices of the claims that its pod holds.

use serde_json::{Map, Value};

use super::beside::Beside;
use super::claim::{Asked, Claim};
use super::dra::named;
use super::fields::{bad, join, list, object, part, text};
use super::sharing::Sharing;
use super::spelling::Spelling;
use crate::problem::Problem;

/// What a pod holds claims by.
pub(super) struct Held<'a> {
    /// The pod's spec and where it stands.
    pub(super) spec: &'a Map<String, Value>,
    pub(super) path: &'a str,
    /// The namespace of the object.
    pub(super) namespace: &'a str,
    pub(super) beside: &'a Beside<'a>,
}

/// The most claims of one container that are looked at.
const MOST_CLAIMS: usize = 32;

impl Held<'_> {
    /// The claims that `container` at `path` refers to.
    pub(super) fn claims(
        &self,
        container: &Map<String, Value>,
        path: &str,
    ) -> Result<Vec<Claim>, Vec<Problem>> {
        let one = |problem| vec![problem];
        let Some(resources) = part(container, path, "resources").map_err(one)? else { return Ok(Vec::new()) };
        let path = join(path, "resources");
        let (mut claims, mut problems) = (Vec::new(), Vec::new());
        for (place, item) in
            list(resources, &path, "claims").map_err(one)?.iter().take(MOST_CLAIMS).enumerate()
        {
            let path = format!("{path}.claims[{place}]");
            match object(item, &path).map_err(one).and_then(|item| self.referred(item, &path)) {
                Ok(found) => claims.extend(found),
                Err(several) => problems.extend(several),
            }
        }
        if problems.is_empty() { Ok(claims) } else { Err(problems) }
    }

    /// The claims that one item of `resources.claims` refers to.
    fn referred(&self, item: &Map<String, Value>, path: &str) -> Result<Vec<Claim>, Vec<Problem>> {
        let one = |problem| vec![problem];
        let Some(name) = text(item, path, "name").map_err(one)? else {
            return Err(one(bad(&join(path, "name"), "nothing", "a text")));
        };
        let request = text(item, path, "request").map_err(one)?;
        let held = list(self.spec, self.path, "resourceClaims").map_err(one)?;
        let same = |item: &&Value| item.get("name").and_then(Value::as_str) == Some(name);
        let Some(held) = held.iter().find(same).and_then(Value::as_object) else {
            let expected = format!("a claim of {}", join(self.path, "resourceClaims"));
            return Err(one(bad(path, format!("{name:?}"), expected)));
        };
        let mut claims = self.devices(held, path)?;
        if let Some(request) = request {
            let wanted = request.split_once('/').map_or(request, |(main, _)| main);
            claims.retain(|(own, _)| own.as_deref().is_none_or(|own| own == wanted));
            if claims.is_empty() {
                return Err(one(bad(
                    &join(path, "request"),
                    format!("{request:?}"),
                    "a request of the claim",
                )));
            }
        }
        Ok(claims.into_iter().map(|(_, claim)| claim).collect())
    }

    /// The devices of a claim of the pod, with the names of its requests where they are known.
    fn devices(
        &self,
        held: &Map<String, Value>,
        path: &str,
    ) -> Result<Vec<(Option<String>, Claim)>, Vec<Problem>> {
        // Before v1alpha3 both names stood below `source`.
        let source = held.get("source").and_then(Value::as_object).unwrap_or(held);
        let by = |field: &str| source.get(field).and_then(Value::as_str);
        let (kind, name) = match (by("resourceClaimTemplateName"), by("resourceClaimName")) {
            (Some(name), _) => ("ResourceClaimTemplate", name),
            (None, Some(name)) => ("ResourceClaim", name),
            (None, None) => ("ResourceClaim", ""),
        };
        let Some(claim) = self.beside.find(kind, self.namespace, name) else {
            let why = self.beside.why_not(kind, self.namespace, name);
            return Ok(vec![(None, absent((kind, name), why, path))]);
        };
        let claims = named(claim, self.beside).map_err(|problems| {
            let within = |problem: Problem| {
                let subject = format!("{kind} {name}: {}", problem.subject);
                problem.about(subject)
            };
            problems.into_iter().map(within).collect::<Vec<_>>()
        })?;
        let at = |(request, claim): (String, Claim)| {
            let path = format!("{path} ({kind} {name}: {})", claim.path);
            (Some(request), Claim { path, ..claim })
        };
        Ok(claims.into_iter().map(at).collect())
    }
}

fn absent((kind, name): (&str, &str), why: Option<&str>, path: &str) -> Claim {
    let found = match why {
        Some(why) => format!("the {kind} {name:?}, which was not to be had ({why})"),
        None => format!("the {kind} {name:?}, which is not given"),
    };
    let problem = Problem::new("claim-elsewhere", path, found, "the devices that it asks for")
        .hint(format!("give the {kind} beside the workload, or let the policy look it up"));
    Claim {
        resource: name.to_owned(),
        path: path.to_owned(),
        asked: Asked::Open(problem),
        count: 1,
        spelling: Spelling::DraCapacity,
        sharing: Sharing::Alone,
    }
}
