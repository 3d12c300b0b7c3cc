//! Configuration files of mig-parted, which MIG Manager of the GPU operator applies: what a node of so
//! many GPUs will offer once a configuration is in force.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Inventory, LiveGpu, LiveInstance, Node, Said};
use crate::gpu::layout::Layout;
use crate::gpu::{Gpu, Profile, ProfileName, find_in};
use crate::problem::Problem;

/// The configuration `choice` of `file` (the YAML as a JSON value) on a node of `count` GPUs `product`.
///
/// # Errors
/// A [`Problem`] where the file has no such configuration, or a GPU cannot be cut as it says.
pub fn from_mig_parted(
    cards: &[Gpu],
    file: &Value,
    choice: &str,
    product: &str,
    count: u32,
) -> Result<Inventory, Problem> {
    let gpu = find_in(cards, product)?;
    let rules = rules(file, choice)?;
    let mut node = Node { name: choice.to_owned(), ..Node::default() };
    let mut counted: BTreeMap<Option<ProfileName>, u64> = BTreeMap::new();
    for index in 0..count {
        let layout = layout(gpu, rules, index, choice)?;
        let mut instances = Vec::new();
        match &layout {
            Some(layout) => {
                for instance in layout.instances() {
                    let profile = instance.profile.name;
                    instances.push(LiveInstance { profile, start: Some(instance.start) });
                    *counted.entry(Some(profile)).or_default() += 1;
                }
            }
            None => *counted.entry(None).or_default() += 1,
        }
        let card = Some(gpu.key.to_string());
        node.gpus.push(LiveGpu { id: index.to_string(), card, instances, ..LiveGpu::default() });
    }
    for (profile, count) in counted {
        let said = Said {
            resource: profile.map_or("nvidia.com/gpu".to_owned(), ProfileName::resource_name),
            product: Some(gpu.key.to_string()),
            profile,
            count,
            memory: None,
            sms: None,
            shared_by: 1,
            potential: false,
        };
        node.offers.push(said.offer(cards)?);
    }
    node.offers.sort_by(|a, b| a.resource.cmp(&b.resource));
    Ok(Inventory { nodes: vec![node], problems: Vec::new() })
}

fn rules<'a>(file: &'a Value, choice: &str) -> Result<&'a [Value], Problem> {
    let configs = file.get("mig-configs").and_then(Value::as_object).ok_or_else(|| {
        Problem::new("mig-parted", "mig-parted file", "no `mig-configs`", "configurations by name")
    })?;
    let rules = configs.get(choice).and_then(Value::as_array).ok_or_else(|| {
        let mut names: Vec<&str> = configs.keys().map(String::as_str).collect();
        names.sort_unstable();
        Problem::new(
            "mig-parted",
            "mig-parted file",
            format!("no configuration `{choice}`"),
            names.join(", "),
        )
    })?;
    Ok(rules)
}

/// What the rules make of GPU `index`; `None` where they leave MIG off.
fn layout<'a>(
    gpu: &'a Gpu,
    rules: &[Value],
    index: u32,
    choice: &str,
) -> Result<Option<Layout<'a>>, Problem> {
    let Some(rule) = rules.iter().find(|rule| applies(rule, gpu, index)) else {
        return Ok(None);
    };
    if rule.get("mig-enabled").and_then(Value::as_bool) != Some(true) {
        return Ok(None);
    }
    let mut profiles: Vec<&Profile> = Vec::new();
    for (name, count) in rule.get("mig-devices").and_then(Value::as_object).into_iter().flatten() {
        let profile = gpu.profile(ProfileName::parse(name)?)?;
        let count = count.as_u64().filter(|count| *count <= 32).ok_or_else(|| {
            Problem::new("mig-parted", format!("{choice}: {name}"), count.to_string(), "a count up to 32")
        })?;
        profiles.extend((0..count).map(|_| profile));
    }
    let layout = Layout::empty(gpu).place(&profiles).ok_or_else(|| {
        let names: Vec<String> = profiles.iter().map(|profile| profile.name.to_string()).collect();
        Problem::new(
            "no-placement",
            format!("{choice} on {}", gpu.short_name),
            names.join(", "),
            "instances that fit together",
        )
    })?;
    Ok(Some(layout))
}

/// `devices` is `all` or a list of numbers, `device-filter` one or more ids such as `0x233010DE`.
fn applies(rule: &Value, gpu: &Gpu, index: u32) -> bool {
    let device = match rule.get("devices") {
        Some(Value::Array(numbers)) => numbers.iter().any(|number| number.as_u64() == Some(index.into())),
        Some(Value::String(word)) => word == "all",
        Some(_) | None => false,
    };
    let is_card =
        |filter: &Value| filter.as_str().is_some_and(|id| find_in(std::slice::from_ref(gpu), id).is_ok());
    let card = match rule.get("device-filter") {
        None => true,
        Some(Value::Array(filters)) => filters.is_empty() || filters.iter().any(is_card),
        Some(filter) => is_card(filter),
    };
    device && card
}
