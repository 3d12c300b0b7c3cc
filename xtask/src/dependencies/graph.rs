//! The packages of the workspace and of everything below it, on every platform.

use std::collections::BTreeMap;

use semver::Version;
use serde::Deserialize;

/// What `cargo metadata` says, as far as the rules ask.
#[derive(Deserialize)]
pub(super) struct Graph {
    pub(super) packages: Vec<Package>,
    pub(super) resolve: Resolve,
}

/// One package at one version.
#[derive(Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: Version,
    /// An SPDX expression; absent where the package only names a file.
    pub(super) license: Option<String>,
    /// The registry or repository that it comes from; absent for the workspace's own.
    pub(super) source: Option<String>,
}

/// Which package uses which.
#[derive(Deserialize)]
pub(super) struct Resolve {
    pub(super) nodes: Vec<Node>,
}

/// One package and the packages that it uses, by id.
#[derive(Deserialize)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) dependencies: Vec<String>,
}

impl Graph {
    /// The names of the packages that use the package `id`.
    pub(super) fn users(&self, id: &str) -> Vec<&str> {
        let users = self.resolve.nodes.iter().filter(|node| node.dependencies.iter().any(|used| used == id));
        let mut names: Vec<&str> = users
            .filter_map(|node| self.packages.iter().find(|package| package.id == node.id))
            .map(|package| package.name.as_str())
            .collect();
        names.sort_unstable();
        names
    }

    /// `name: 1.0.69, 2.0.21` for each package that is there in more than one version.
    pub(super) fn duplicates(&self) -> Vec<String> {
        let mut versions: BTreeMap<&str, Vec<&Version>> = BTreeMap::new();
        for package in &self.packages {
            versions.entry(&package.name).or_default().push(&package.version);
        }
        versions.retain(|_, versions| versions.len() > 1);
        versions
            .into_iter()
            .map(|(name, mut versions)| {
                versions.sort_unstable();
                let listed: Vec<String> = versions.iter().map(ToString::to_string).collect();
                format!("{name}: {}", listed.join(", "))
            })
            .collect()
    }
}
