//! The rules of `deny.toml`, as far as they can be checked without a network.

use serde::Deserialize;
use spdx::{Expression, Licensee};

use super::graph::{Graph, Package};

/// The one registry that packages may come from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The tables of `deny.toml` that are checked here.
#[derive(Deserialize)]
pub(super) struct Rules {
    licenses: Licenses,
    bans: Bans,
    #[serde(default)]
    advisories: Advisories,
}

#[derive(Deserialize)]
struct Licenses {
    /// SPDX identifiers that any package may have.
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// Licences that one package may have besides.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    #[serde(default)]
    deny: Vec<Ban>,
}

/// A package that must not be there, but for those that `wrappers` names as its users.
#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
    #[serde(default)]
    wrappers: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Advisories {
    #[serde(default)]
    ignore: Vec<Ignored>,
}

/// An advisory that does not matter here; the file says why.
#[derive(Deserialize)]
struct Ignored {
    id: String,
}

impl Rules {
    /// The advisories that are not to be reported.
    pub(super) fn ignored(&self) -> Vec<String> {
        self.advisories.ignore.iter().map(|ignored| ignored.id.clone()).collect()
    }

    /// One line for each rule that a package breaks, in the order of the packages' names.
    pub(super) fn broken(&self, graph: &Graph) -> Vec<String> {
        let mut lines = Vec::new();
        for package in &graph.packages {
            let named = format!("{} {}", package.name, package.version);
            let found = [self.licence(package), source(package), self.banned(package, graph)];
            lines.extend(found.iter().flatten().map(|line| format!("{named}: {line}")));
        }
        lines.sort_unstable();
        lines
    }

    fn licence(&self, package: &Package) -> Option<String> {
        let Some(text) = &package.license else {
            return Some("found no licence, expected an SPDX expression".to_owned());
        };
        // "MIT/Apache-2.0" is an old way to say OR that crates.io still holds.
        let expression = match Expression::parse_mode(text, spdx::ParseMode::LAX) {
            Ok(expression) => expression,
            Err(error) => return Some(format!("licence {text}: {}", error.reason)),
        };
        let extra = self
            .licenses
            .exceptions
            .iter()
            .filter(|exception| exception.name == package.name)
            .flat_map(|exception| &exception.allow);
        let allowed: Vec<Licensee> =
            (self.licenses.allow.iter().chain(extra)).filter_map(|id| Licensee::parse(id).ok()).collect();
        let accepted = expression.evaluate(|asked| allowed.iter().any(|licensee| licensee.satisfies(asked)));
        (!accepted).then(|| format!("found licence {text}, expected one of licenses.allow"))
    }

    fn banned(&self, package: &Package, graph: &Graph) -> Option<String> {
        let ban = self.bans.deny.iter().find(|ban| ban.name == package.name)?;
        let users = graph.users(&package.id);
        let allowed = |user: &&str| ban.wrappers.iter().any(|wrapper| wrapper == user);
        let accepted = !ban.wrappers.is_empty() && users.iter().all(allowed);
        (!accepted).then(|| format!("banned ({}), used by {}", ban.reason, users.join(", ")))
    }
}

fn source(package: &Package) -> Option<String> {
    let source = package.source.as_deref()?;
    (source != CRATES_IO).then(|| format!("found source {source}, expected crates.io"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT", "Apache-2.0"]
        exceptions = [{ crate = "weak", allow = ["MPL-2.0"] }]
        [bans]
        deny = [
            { crate = "openssl-sys", reason = "needs a C library" },
            { crate = "k8s-openapi", reason = "large", wrappers = ["migfit-tests"] },
        ]
    "#;

    fn broken(packages: &str, nodes: &str) -> Vec<String> {
        let text = format!(r#"{{"packages":[{packages}],"resolve":{{"nodes":[{nodes}]}}}}"#);
        let graph: Graph = serde_json::from_str(&text).unwrap();
        let rules: Rules = toml::from_str(RULES).unwrap();
        rules.broken(&graph)
    }

    fn package(name: &str, license: &str, source: &str) -> String {
        format!(
            r#"{{"id":"{name}","name":"{name}","version":"1.0.0","license":{license},"source":{source}}}"#
        )
    }

    fn from_registry(name: &str, license: &str) -> String {
        package(name, license, &format!("\"{CRATES_IO}\""))
    }

    #[test]
    fn licences_are_expressions_not_names() {
        let one = |name, license: &str| broken(&from_registry(name, license), "");
        assert_eq!(one("a", "\"MIT/GPL-3.0\""), Vec::<String>::new());
        assert_eq!(one("weak", "\"MPL-2.0\""), Vec::<String>::new());
        assert_eq!(
            one("a", "\"MIT AND MPL-2.0\""),
            ["a 1.0.0: found licence MIT AND MPL-2.0, expected one of licenses.allow"]
        );
        assert_eq!(one("a", "null"), ["a 1.0.0: found no licence, expected an SPDX expression"]);
    }

    #[test]
    fn a_package_from_a_repository_is_refused() {
        let git = package("a", "\"MIT\"", "\"git+https://example.org/a\"");
        assert_eq!(broken(&git, ""), ["a 1.0.0: found source git+https://example.org/a, expected crates.io"]);
        assert_eq!(broken(&package("own", "\"MIT\"", "null"), ""), Vec::<String>::new());
    }

    #[test]
    fn a_ban_names_the_users_and_spares_the_wrappers() {
        let own = |name| package(name, "\"MIT\"", "null");
        let tls = [own("cli"), from_registry("openssl-sys", "\"MIT\"")].join(",");
        let uses = |user, used| format!(r#"{{"id":"{user}","dependencies":["{used}"]}}"#);
        assert_eq!(
            broken(&tls, &uses("cli", "openssl-sys")),
            ["openssl-sys 1.0.0: banned (needs a C library), used by cli"]
        );
        let kube = |user| [own(user), from_registry("k8s-openapi", "\"MIT\"")].join(",");
        assert_eq!(broken(&kube("migfit-tests"), &uses("migfit-tests", "k8s-openapi")), Vec::<String>::new());
        assert_eq!(
            broken(&kube("migfit-policy"), &uses("migfit-policy", "k8s-openapi")),
            ["k8s-openapi 1.0.0: banned (large), used by migfit-policy"]
        );
    }
}
