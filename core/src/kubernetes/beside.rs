//! The objects that are given beside a workload: claim templates, device classes, serving runtimes.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Objects by kind, namespace and name. Without any, what they would say stays open.
#[derive(Clone, Debug, Default)]
pub struct Beside<'a> {
    objects: BTreeMap<(&'a str, &'a str, &'a str), &'a Map<String, Value>>,
    refused: Vec<(Reference, String)>,
    missed: RefCell<BTreeSet<Reference>>,
}

/// An object that another one refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// `ResourceClaimTemplate`.
    pub kind: &'static str,
    /// The namespace that the object names, empty where it names none.
    pub namespace: String,
    /// Its name, empty where every object of the kind is meant.
    pub name: String,
}

impl<'a> Beside<'a> {
    /// The objects of `documents`, those in lists included. Of two with one name the last counts, as for
    /// `kubectl apply`.
    #[must_use]
    pub fn of(documents: &'a [Value]) -> Beside<'a> {
        let mut beside = Beside::default();
        for object in objects(documents) {
            let metadata = |name: &str| object.get("metadata").and_then(|metadata| text(metadata.get(name)));
            if let (Some(kind), Some(name)) = (text(object.get("kind")), metadata("name")) {
                beside.objects.insert((kind, metadata("namespace").unwrap_or(""), name), object);
            }
        }
        beside
    }

    /// The same, with the reasons why some objects are not there.
    #[must_use]
    pub fn refused(self, refused: Vec<(Reference, String)>) -> Beside<'a> {
        Beside { refused, ..self }
    }

    /// What was looked for so far and is not there.
    #[must_use]
    pub fn missed(&self) -> BTreeSet<Reference> {
        self.missed.borrow().clone()
    }

    /// The object of this kind and name, in this namespace or without one.
    pub(super) fn find(
        &self,
        kind: &'static str,
        namespace: &str,
        name: &str,
    ) -> Option<&'a Map<String, Value>> {
        let same = |space: &str| {
            let found = self.objects.iter().find(|((k, s, n), _)| *k == kind && *s == space && *n == name);
            found.map(|(_, object)| *object)
        };
        let found = same(namespace).or_else(|| same(""));
        if found.is_none() {
            self.miss(kind, namespace, name);
        }
        found
    }

    /// Why the object is not there, where somebody looked for it and says so.
    pub(super) fn why_not(&self, kind: &'static str, namespace: &str, name: &str) -> Option<&str> {
        let same = |one: &Reference| one.kind == kind && one.namespace == namespace && one.name == name;
        self.refused.iter().find(|(one, _)| same(one)).map(|(_, why)| why.as_str())
    }

    /// The device class that stands for this extended resource.
    pub(super) fn class_of_resource(&self, resource: &str) -> Option<&'a str> {
        self.objects.iter().find_map(|((kind, _, name), object)| {
            let stated = text(object.get("spec").and_then(|spec| spec.get("extendedResourceName")));
            (*kind == "DeviceClass" && stated == Some(resource)).then_some(*name)
        })
    }

    /// Notes that a device class may stand for a resource that is not known.
    pub(super) fn miss_classes(&self) {
        self.miss("DeviceClass", "", "");
    }

    fn miss(&self, kind: &'static str, namespace: &str, name: &str) {
        let reference = Reference { kind, namespace: namespace.to_owned(), name: name.to_owned() };
        self.missed.borrow_mut().insert(reference);
    }
}

/// The most lists in lists that are looked into.
const MOST_DEPTH: usize = 4;

/// Every object of `documents`, with those of lists in place of the lists.
pub(super) fn objects(documents: &[Value]) -> impl Iterator<Item = &Map<String, Value>> {
    items(documents).into_iter().filter_map(Value::as_object)
}

/// Everything in `documents` that is no list.
pub(super) fn items(documents: &[Value]) -> Vec<&Value> {
    let mut found = Vec::new();
    for document in documents {
        flatten(document, 0, &mut found);
    }
    found
}

fn flatten<'a>(value: &'a Value, depth: usize, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) if depth < MOST_DEPTH => {
            items.iter().for_each(|item| flatten(item, depth.saturating_add(1), found));
        }
        Value::Object(object) => match object.get("items") {
            Some(Value::Array(items))
                if depth < MOST_DEPTH
                    && text(object.get("kind")).is_some_and(|kind| kind.ends_with("List")) =>
            {
                items.iter().for_each(|item| flatten(item, depth.saturating_add(1), found));
            }
            _ => found.push(value),
        },
        other => found.push(other),
    }
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}
