//! What words of a layout stand for: caches, mixers, number formats and parts of a model.

use std::borrow::Cow;

use super::expression::{malformed, number};
use super::scope::{Scope, Variables};
use crate::model::{Cache, DType, Group, KvShape, Mixer};
use crate::problem::Problem;

pub(super) fn cache(
    kind: &str,
    texts: &[&'static str],
    scope: &Scope,
    locals: &Variables,
) -> Result<Cache, Problem> {
    let value = |text| number(text, scope, locals);
    let shape = |heads, key, width| -> Result<KvShape, Problem> {
        Ok(KvShape { kv_heads: value(heads)?, key_dim: value(key)?, value_dim: value(width)? })
    };
    Ok(match (kind, texts) {
        ("full", [heads, key, width]) => Cache::Full(shape(heads, key, width)?),
        ("sliding", [heads, key, width, window]) => {
            Cache::Sliding { shape: shape(heads, key, width)?, window: value(window)? }
        }
        ("cross", [heads, key, width]) => Cache::Cross { shape: shape(heads, key, width)?, tokens: None },
        ("cross", [heads, key, width, tokens]) => {
            Cache::Cross { shape: shape(heads, key, width)?, tokens: Some(value(tokens)?) }
        }
        ("state", [mixer, conv, recurrent, format @ ..]) => Cache::State {
            mixer: mixer_of(mixer)?,
            conv: value(conv)?,
            recurrent: value(recurrent)?,
            recurrent_dtype: format.first().and_then(|name| format_of(name, scope)),
        },
        _ => return Err(malformed(kind)),
    })
}

/// A format by its name, or by the field that names it.
fn format_of(name: &'static str, scope: &Scope) -> Option<DType> {
    DType::parse(name).or_else(|| DType::parse(scope.raw(name)?.as_str()?))
}

fn mixer_of(name: &str) -> Result<Mixer, Problem> {
    Ok(match name {
        "mamba1" => Mixer::Mamba1,
        "mamba2" => Mixer::Mamba2,
        "gdn" => Mixer::GatedDeltaNet,
        "lightning" => Mixer::Lightning,
        "shortconv" => Mixer::ShortConv,
        "rglru" => Mixer::Rglru,
        "rwkv" => Mixer::Rwkv,
        "xlstm" => Mixer::Xlstm,
        _ => return Err(malformed(name)),
    })
}

pub(super) fn part_of_model(word: &str) -> Result<Group, Problem> {
    Ok(match word {
        "emb" => Group::Embeddings,
        "att" => Group::Attention,
        "mlp" => Group::DenseMlp,
        "exp" => Group::RoutedExperts,
        "shx" => Group::SharedExperts,
        "rtr" => Group::Router,
        "rec" => Group::RecurrentMixers,
        "nrm" => Group::Norms,
        "vis" => Group::VisionTower,
        "aud" => Group::AudioTower,
        "prj" => Group::Projector,
        "lmh" => Group::LmHead,
        "tsk" => Group::TaskHead,
        "mtp" => Group::Mtp,
        _ => return Err(malformed(word)),
    })
}

/// A path with what `%` and `$` stand for.
pub(super) fn named(path: &'static str, within: &str, scope: &Scope) -> Cow<'static, str> {
    let path: Cow<'static, str> = match path.strip_prefix('%') {
        Some(rest) if within.is_empty() => rest.into(),
        Some("") => within.to_owned().into(),
        Some(rest) => format!("{within}.{}", rest.trim_start_matches('.')).into(),
        None => path.into(),
    };
    match path.strip_prefix('$') {
        Some(rest) if scope.base.is_empty() => rest.to_owned().into(),
        Some(rest) => format!("{}.{rest}", scope.base).into(),
        None => path,
    }
}
