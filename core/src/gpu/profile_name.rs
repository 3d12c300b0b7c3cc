//! The name of a MIG profile: `3g.40gb`, `1c.3g.20gb`, `1g.10gb+me`, `1g.24gb-me`.
//!
//! The number before `gb` is nominal. Memory is never read out of a name: it stands in the catalog
//! or on the node's label.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::problem::Problem;

/// What a profile adds to, or takes from, the plain one. No NVIDIA profile carries two of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extra {
    /// Nothing: `1g.10gb`.
    Plain,
    /// `+me`: with media extensions (one on a GPU).
    Media,
    /// `+me.all`: with every media engine of the GPU.
    AllMedia,
    /// `-me`: without any media engine.
    NoMedia,
    /// `+gfx`: graphics capable.
    Graphics,
}

impl Extra {
    /// Every value, in the order of the names.
    pub const ALL: [Extra; 5] =
        [Extra::Plain, Extra::Media, Extra::AllMedia, Extra::NoMedia, Extra::Graphics];

    const fn suffix(self) -> &'static str {
        match self {
            Extra::Plain => "",
            Extra::Media => "+me",
            Extra::AllMedia => "+me.all",
            Extra::NoMedia => "-me",
            Extra::Graphics => "+gfx",
        }
    }

    const fn from_suffix(suffix: &[u8]) -> Option<Extra> {
        match suffix {
            b"" => Some(Extra::Plain),
            b"+me" | b".me" => Some(Extra::Media),
            b"+me.all" | b".me.all" => Some(Extra::AllMedia),
            b"-me" => Some(Extra::NoMedia),
            b"+gfx" | b".gfx" => Some(Extra::Graphics),
            _ => None,
        }
    }
}

/// The name of a MIG profile. Prints as NVIDIA's tools print it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub struct ProfileName {
    /// Slices of the GPU instance, 3 in `3g.40gb`.
    pub slices: u8,
    /// Nominal memory, 40 in `3g.40gb`. Not the usable memory.
    pub nominal_gb: u16,
    /// Media and graphics attributes.
    pub extra: Extra,
    /// Slices of the compute instance where it is smaller than the GPU instance: 1 in `1c.3g.20gb`.
    pub compute: Option<u8>,
}

/// The first thing that is wrong with a name.
#[derive(Clone, Copy)]
enum Fault {
    Slices,
    Memory,
    Extra,
    Compute,
}

impl Fault {
    const fn expected(self) -> &'static str {
        match self {
            Fault::Slices => "slices followed by `g.`, as in `3g.40gb`",
            Fault::Memory => "nominal memory followed by `gb` after the slices, as in `3g.40gb`",
            Fault::Extra => "nothing or one of `+me`, `+me.all`, `-me`, `+gfx` after the memory",
            Fault::Compute => "from 1 compute slice to as many as the GPU instance has",
        }
    }
}

/// Prefix of the resource names that the device plugin announces under the strategy `mixed`.
const RESOURCE: &str = "nvidia.com/mig-";

impl ProfileName {
    /// Reads `1g.10gb+me`, or the form of a resource name, `1g.10gb.me`.
    ///
    /// # Errors
    /// A [`Problem`] of code `profile-name` that says which part is wrong.
    pub fn parse(text: &str) -> Result<ProfileName, Problem> {
        read(text.as_bytes()).map_err(|fault| {
            let found = if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
            Problem::new("profile-name", "MIG profile", found, fault.expected())
        })
    }

    /// Reads a name that is known while compiling; a wrong one does not compile.
    #[allow(clippy::panic, reason = "evaluated by the compiler, never at run time")]
    pub(super) const fn literal(text: &str) -> ProfileName {
        match read(text.as_bytes()) {
            Ok(name) => name,
            Err(_) => panic!("not a profile name"),
        }
    }

    /// The Kubernetes resource under the strategy `mixed`: `nvidia.com/mig-1g.10gb.me`.
    /// `+` becomes `.`, `-` stays (NVIDIA/k8s-device-plugin 1b826ac, `internal/rm/rm.go`).
    #[must_use]
    pub fn resource_name(self) -> String {
        format!("{RESOURCE}{}", self.to_string().replace('+', "."))
    }

    /// Reads `nvidia.com/mig-1g.10gb.me`.
    ///
    /// # Errors
    /// A [`Problem`] where the prefix is missing or the rest is not a profile name.
    pub fn from_resource_name(resource: &str) -> Result<ProfileName, Problem> {
        match resource.strip_prefix(RESOURCE) {
            Some(name) => ProfileName::parse(name),
            None => Err(Problem::new(
                "profile-name",
                "MIG resource",
                format!("`{resource}`"),
                "a name such as `nvidia.com/mig-3g.40gb`",
            )),
        }
    }

    /// The GPU instance without the compute instance: `3g.20gb` for `1c.3g.20gb`.
    #[must_use]
    pub const fn gpu_instance(self) -> ProfileName {
        ProfileName { compute: None, ..self }
    }

    /// Whether the profile has media extensions (`+me`, `+me.all`).
    #[must_use]
    pub const fn media_extensions(self) -> bool {
        matches!(self.extra, Extra::Media | Extra::AllMedia)
    }

    /// Whether the profile can draw (`+gfx`).
    #[must_use]
    pub const fn graphics(self) -> bool {
        matches!(self.extra, Extra::Graphics)
    }
}

const fn read(text: &[u8]) -> Result<ProfileName, Fault> {
    let (first, rest) = number(text);
    let (compute, slices, rest) = match rest {
        [b'c', b'.', rest @ ..] => {
            let (slices, rest) = number(rest);
            match rest {
                [b'g', b'.', rest @ ..] => (first, slices, rest),
                _ => return Err(Fault::Slices),
            }
        }
        [b'g', b'.', rest @ ..] => (first, first, rest),
        _ => return Err(Fault::Slices),
    };
    let (Some(slices), Some(compute)) = (small(slices), small(compute)) else {
        return Err(Fault::Slices);
    };
    if compute > slices {
        return Err(Fault::Compute);
    }
    let (nominal_gb, suffix) = match number(rest) {
        (Some(gb), [b'g', b'b', suffix @ ..]) => (gb, suffix),
        _ => return Err(Fault::Memory),
    };
    let Some(extra) = Extra::from_suffix(suffix) else {
        return Err(Fault::Extra);
    };
    Ok(ProfileName {
        slices,
        nominal_gb,
        extra,
        compute: if compute < slices { Some(compute) } else { None },
    })
}

/// A number of one to four digits without leading zero, and what follows it.
const fn number(text: &[u8]) -> (Option<u16>, &[u8]) {
    let mut value: u16 = 0;
    let mut digits = 0;
    let mut rest = text;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        if digits == 4 || (digits == 1 && value == 0) {
            return (None, rest);
        }
        value = value * 10 + (*digit - b'0') as u16;
        digits += 1;
        rest = after;
    }
    (if digits == 0 { None } else { Some(value) }, rest)
}

/// A number of slices: 1 to 99.
const fn small(number: Option<u16>) -> Option<u8> {
    match number {
        Some(value @ 1..=99) => Some(value as u8),
        _ => None,
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let compute = match self.compute {
            Some(slices) => format!("{slices}c."),
            None => String::new(),
        };
        f.pad(&format!("{compute}{}g.{}gb{}", self.slices, self.nominal_gb, self.extra.suffix()))
    }
}

impl FromStr for ProfileName {
    type Err = Problem;
    fn from_str(text: &str) -> Result<ProfileName, Problem> {
        ProfileName::parse(text)
    }
}

impl Serialize for ProfileName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ProfileName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ProfileName, D::Error> {
        let text = String::deserialize(deserializer)?;
        ProfileName::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
