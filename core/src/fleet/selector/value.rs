//! Evaluating a selector on a device.

use core::cmp::Ordering;

use super::expr::{Expr, Function, Relation};
use super::properties::{Attribute, ONLY_OF_SLICES, Properties};
use super::truth::Truth;
use crate::fleet::inventory::quantity;

/// What an expression comes to.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// The device, or its attributes or capacities, before one is named.
    Device,
    Attributes,
    Capacities,
    /// Those of one domain.
    AttributesOf(String),
    CapacitiesOf(String),
    /// One of these.
    OneOf(Vec<Scalar>),
    List(Vec<Value>),
    /// A condition.
    Holds(Truth),
    /// Not known.
    Unknown,
    /// Such a device has none, or the types do not go together.
    Fails,
}

/// A single value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    Text(String),
    Number(i64),
    Flag(bool),
    Version([u64; 3]),
    Quantity(u64),
}

impl Value {
    pub(super) fn truth(&self) -> Truth {
        match self {
            Value::Holds(truth) => *truth,
            Value::OneOf(values) => Truth::of_any(values.iter().map(|value| match value {
                Scalar::Flag(flag) => Truth::of(*flag),
                _ => Truth::Fails,
            })),
            Value::Unknown => Truth::Unknown,
            _ => Truth::Fails,
        }
    }
}

impl From<&Attribute> for Scalar {
    fn from(attribute: &Attribute) -> Scalar {
        match attribute {
            Attribute::Text(text) => Scalar::Text(text.clone()),
            Attribute::Number(number) => Scalar::Number(*number),
            Attribute::Flag(flag) => Scalar::Flag(*flag),
            Attribute::Version(version) => Scalar::Version(*version),
        }
    }
}

/// What `expr` comes to on `device`.
pub(super) fn evaluate(expr: &Expr, device: &Properties) -> Value {
    let truth = |expr: &Expr| evaluate(expr, device).truth();
    match expr {
        Expr::Device => Value::Device,
        Expr::Text(text) => Value::OneOf(vec![Scalar::Text(text.clone())]),
        Expr::Number(number) => Value::OneOf(vec![Scalar::Number(*number)]),
        Expr::Flag(flag) => Value::OneOf(vec![Scalar::Flag(*flag)]),
        Expr::List(items) => Value::List(items.iter().map(|item| evaluate(item, device)).collect()),
        Expr::Not(inner) => Value::Holds(truth(inner).not()),
        Expr::And(all) => Value::Holds(all.iter().map(truth).fold(Truth::Yes, Truth::and)),
        Expr::Or(all) => Value::Holds(all.iter().map(truth).fold(Truth::No, Truth::or)),
        Expr::Member(object, name) | Expr::Index(object, name) => {
            member(evaluate(object, device), name, device)
        }
        Expr::Compare(relation, a, b) => {
            Value::Holds(compare(*relation, &evaluate(a, device), &evaluate(b, device)))
        }
        Expr::Matches(object, pattern) => Value::Holds(match evaluate(object, device) {
            Value::OneOf(values) => Truth::of_any(values.iter().map(|value| match value {
                Scalar::Text(text) => Truth::of(pattern.matches(text)),
                _ => Truth::Fails,
            })),
            Value::Unknown => Truth::Unknown,
            _ => Truth::Fails,
        }),
        Expr::Call(Function::Has, arguments) => match arguments.first().map(|one| evaluate(one, device)) {
            Some(Value::Unknown) => Value::Unknown,
            Some(Value::Fails) | None => Value::Holds(Truth::No),
            Some(_) => Value::Holds(Truth::Yes),
        },
        Expr::Call(function, arguments) => {
            let values: Vec<Value> = arguments.iter().map(|one| evaluate(one, device)).collect();
            match values.as_slice() {
                [object] => each(object, |one| convert(*function, one)),
                [object, argument] if *function == Function::CompareTo => {
                    combine(object, argument, |a, b| {
                        let order =
                            order(a, b).filter(|_| !matches!(a, Scalar::Text(_) | Scalar::Flag(_)))?;
                        Some(Scalar::Number(order as i64))
                    })
                }
                [object, argument] => Value::Holds(pairs(object, argument, |a, b| method(*function, a, b))),
                _ => Value::Fails,
            }
        }
    }
}

fn member(object: Value, name: &str, device: &Properties) -> Value {
    match (object, name) {
        (Value::Device, "driver") => Value::OneOf(vec![Scalar::Text(device.driver.clone())]),
        (Value::Device, "attributes") => Value::Attributes,
        (Value::Device, "capacity") => Value::Capacities,
        (Value::Attributes, domain) => Value::AttributesOf(domain.to_owned()),
        (Value::Capacities, domain) => Value::CapacitiesOf(domain.to_owned()),
        (Value::AttributesOf(domain), name) => {
            let found = device.attributes.get(name).map(|all| all.iter().map(Scalar::from).collect());
            property(found, &domain, name, device)
        }
        (Value::CapacitiesOf(domain), name) => {
            let found = device.capacity.get(name);
            let found = found.map(|all| all.iter().map(|one| Scalar::Quantity(*one)).collect());
            property(found, &domain, name, device)
        }
        (Value::Unknown, _) => Value::Unknown,
        _ => Value::Fails,
    }
}

fn property(found: Option<Vec<Scalar>>, domain: &str, name: &str, device: &Properties) -> Value {
    if domain != device.driver {
        // Names that Kubernetes itself defines stand under a domain of their own, on devices of any driver.
        let general = domain == "resource.kubernetes.io" && !device.complete;
        return if general { Value::Unknown } else { Value::Fails };
    }
    match found {
        Some(values) => Value::OneOf(values),
        None if device.complete || (ONLY_OF_SLICES.contains(&name) && device.is_whole_gpu()) => Value::Fails,
        None => Value::Unknown,
    }
}

/// `function` of each value that it may be.
fn each(object: &Value, function: impl Fn(&Scalar) -> Option<Scalar>) -> Value {
    match object {
        Value::OneOf(values) => {
            values.iter().map(function).collect::<Option<_>>().map_or(Value::Fails, Value::OneOf)
        }
        Value::Unknown => Value::Unknown,
        _ => Value::Fails,
    }
}

/// What `function` makes of each pair of values that they may be.
fn combine(a: &Value, b: &Value, function: impl Fn(&Scalar, &Scalar) -> Option<Scalar>) -> Value {
    match (a, b) {
        (Value::OneOf(a), Value::OneOf(b)) => {
            let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
            pairs.map(|(a, b)| function(a, b)).collect::<Option<_>>().map_or(Value::Fails, Value::OneOf)
        }
        (Value::Unknown, Value::OneOf(_) | Value::Unknown) | (Value::OneOf(_), Value::Unknown) => {
            Value::Unknown
        }
        _ => Value::Fails,
    }
}

fn pairs(a: &Value, b: &Value, relate: impl Fn(&Scalar, &Scalar) -> Truth) -> Truth {
    match (a, b) {
        (Value::OneOf(a), Value::OneOf(b)) => {
            let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
            Truth::of_any(pairs.map(|(a, b)| relate(a, b)))
        }
        (Value::Holds(a), Value::OneOf(_)) => pairs(&Value::OneOf(flag(*a)), b, relate),
        (Value::Fails, _) | (_, Value::Fails) => Truth::Fails,
        (Value::Unknown, _) | (_, Value::Unknown) => Truth::Unknown,
        _ => Truth::Fails,
    }
}

fn flag(truth: Truth) -> Vec<Scalar> {
    match truth {
        Truth::Yes => vec![Scalar::Flag(true)],
        Truth::No => vec![Scalar::Flag(false)],
        Truth::Unknown => vec![Scalar::Flag(true), Scalar::Flag(false)],
        Truth::Fails => Vec::new(),
    }
}

fn compare(relation: Relation, a: &Value, b: &Value) -> Truth {
    if relation == Relation::In {
        return match b {
            Value::List(items) => {
                items.iter().fold(Truth::No, |found, item| found.or(compare(Relation::Equal, a, item)))
            }
            // `'gpu.nvidia.com' in device.attributes`
            Value::Attributes | Value::Capacities | Value::AttributesOf(_) | Value::CapacitiesOf(_) => {
                Truth::Unknown
            }
            _ => Truth::Fails,
        };
    }
    pairs(a, b, |a, b| match order(a, b) {
        None => Truth::Fails,
        Some(order) => Truth::of(match relation {
            Relation::Equal => order.is_eq(),
            Relation::Unequal => order.is_ne(),
            Relation::Less => order.is_lt(),
            Relation::AtMost => order.is_le(),
            Relation::Greater => order.is_gt(),
            Relation::AtLeast => order.is_ge(),
            Relation::In => false,
        }),
    })
}

fn order(a: &Scalar, b: &Scalar) -> Option<Ordering> {
    match (a, b) {
        (Scalar::Text(a), Scalar::Text(b)) => Some(a.cmp(b)),
        (Scalar::Number(a), Scalar::Number(b)) => Some(a.cmp(b)),
        (Scalar::Flag(a), Scalar::Flag(b)) => Some(a.cmp(b)),
        (Scalar::Version(a), Scalar::Version(b)) => Some(a.cmp(b)),
        (Scalar::Quantity(a), Scalar::Quantity(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn convert(function: Function, value: &Scalar) -> Option<Scalar> {
    let Scalar::Text(text) = value else { return None };
    match function {
        Function::Quantity => quantity(text).ok().map(Scalar::Quantity),
        Function::Semver => version(text).map(Scalar::Version),
        Function::LowerAscii => Some(Scalar::Text(text.to_ascii_lowercase())),
        Function::UpperAscii => Some(Scalar::Text(text.to_ascii_uppercase())),
        _ => None,
    }
}

fn version(text: &str) -> Option<[u64; 3]> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let version = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(version)
}

fn method(function: Function, object: &Scalar, argument: &Scalar) -> Truth {
    let ordered = |holds: fn(Ordering) -> bool| match order(object, argument) {
        Some(order) if !matches!(object, Scalar::Text(_)) => Truth::of(holds(order)),
        Some(_) | None => Truth::Fails,
    };
    let (Scalar::Text(text), Scalar::Text(part)) = (object, argument) else {
        return match function {
            Function::IsGreaterThan => ordered(Ordering::is_gt),
            Function::IsLessThan => ordered(Ordering::is_lt),
            _ => Truth::Fails,
        };
    };
    match function {
        Function::StartsWith => Truth::of(text.starts_with(part)),
        Function::EndsWith => Truth::of(text.ends_with(part)),
        Function::Contains => Truth::of(text.contains(part)),
        _ => Truth::Fails,
    }
}
