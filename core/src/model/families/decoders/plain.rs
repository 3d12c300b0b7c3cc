//! Builds a dense decoder from the row of its family: layers of attention and one feed-forward layer each.

use super::rows;
use super::traits::{Feed, Layer, Norm, Odd, Projections, Traits};
use super::windows::Windows;
use crate::model::attention::{Attention, QkNorm};
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::fields::Fields;
use crate::model::heads::Head;
use crate::model::modules::{Block, Group, Split, Weight};
use crate::problem::Problem;

/// Parts of class names that belong to models which borrow a decoder's `model_type` for another layout.
const FOREIGN: [&str; 6] = ["Eagle", "Medusa", "DFlash", "Draft", "Speculator", "Llava"];

/// One family's layer with everything read.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) traits: &'static Traits,
    pub(super) attention: Attention,
    pub(super) width: u64,
    pub(super) mlp_bias: bool,
    /// Elements of a norm.
    pub(super) norm: u64,
}

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let (Some(traits), false) = (rows::traits(text.class()), foreign(&config.architecture)) else {
        return Err(Problem::new(
            "unknown-architecture",
            "architectures",
            format!("{:?} with model_type {:?}", config.architecture, text.class()),
            "a class of that model_type",
        ));
    };
    let shape = Shape::read(text, traits)?;
    let layers = text.need("num_hidden_layers")?;
    shape.dims(builder, layers);
    vocabulary(config, traits, shape.attention.hidden, builder)?;
    (traits.once)(config, &shape.attention, builder)?;
    let windows = Windows::read(text, traits.window)?;
    let odd = match traits.odd {
        Odd::None => None,
        Odd::First => Some(0),
        Odd::Last => Some(layers - 1),
    };
    builder.layers(
        traits.names.layers,
        layers,
        |layer| Ok((windows.of(text, layer)?, odd == Some(layer))),
        |(window, odd), block| {
            shape.add(block);
            block.caches.push(shape.attention.cache(*window));
            let (attention, width) = (shape.attention, shape.width);
            (traits.more)(&Layer { text, attention, width, odd: *odd }, block)
        },
    )?;
    if shape.norm > 0 && !traits.names.norm.is_empty() {
        builder.once("", |block| block.norm(traits.names.norm, shape.norm));
    }
    Ok(())
}

fn foreign(architecture: &str) -> bool {
    FOREIGN.iter().any(|part| architecture.contains(part))
}

/// The embedding and what stands behind the last layer.
pub(super) fn vocabulary(
    config: &Config,
    traits: &Traits,
    hidden: u64,
    builder: &mut Builder,
) -> Result<(), Problem> {
    let (rows, tied, head) = (config.text.need("vocab_size")?, config.tied()?, builder.head);
    builder.dims.vocab_size = rows;
    let width = match traits.embedding {
        Some(name) => config.text.count_or(name, hidden)?,
        None => hidden,
    };
    builder.once("", |block| {
        let weight = Weight::Embedding { rows, width };
        block.push(traits.names.embedding, Group::Embeddings, weight, Split::Vocabulary);
        if head != Head::Vocabulary {
            head.add(block, width);
        } else if !tied {
            block.linear(traits.names.head, Group::LmHead, (width, rows), false, Split::Vocabulary);
        }
    });
    Ok(())
}

impl Shape {
    pub(super) fn read(text: &Fields, traits: &'static Traits) -> Result<Shape, Problem> {
        let attention = (traits.attention)(text)?;
        let qk_norm = if traits.qk_switch.read(text)? { traits.qk_norm } else { QkNorm::None };
        let norm = match traits.norm {
            Norm::Bare => 0,
            Norm::Weight => attention.hidden,
            Norm::Affine(switch) => attention.hidden * if switch.read(text)? { 2 } else { 0 },
            Norm::Biased(switch) => attention.hidden * if switch.read(text)? { 2 } else { 1 },
        };
        Ok(Shape {
            traits,
            width: (traits.width)(text, attention.hidden)?,
            attention: Attention {
                qkv_bias: traits.qkv_bias.read(text)?,
                out_bias: traits.out_bias.read(text)?,
                qk_norm,
                ..attention
            },
            mlp_bias: traits.mlp_bias.read(text)?,
            norm,
        })
    }

    pub(super) fn dims(&self, builder: &mut Builder, layers: u64) {
        builder.dims.hidden_size = self.attention.hidden;
        builder.dims.intermediate_size = self.width;
        builder.dims.layers = layers;
        builder.dims.heads = self.attention.heads;
        builder.dims.kv_heads = self.attention.kv_heads;
        builder.dims.head_dim = self.attention.head_dim;
    }

    pub(super) fn add(&self, block: &mut Block) {
        self.add_attention(block);
        self.add_feed(block);
        if self.norm > 0 {
            for name in self.traits.norms {
                block.norm(*name, self.norm);
            }
        }
    }

    pub(super) fn add_attention(&self, block: &mut Block) {
        let (a, group) = (self.attention, Group::Attention);
        let queries = a.heads * a.head_dim;
        let kv = Split::KvHeads { heads: a.kv_heads };
        let keys = a.kv_heads * a.head_dim;
        let values = a.kv_heads * a.value_dim;
        let out = match self.traits.names.attention {
            Projections::Apart([q, k, v, out]) => {
                block.linear(q, group, (a.hidden, queries), a.qkv_bias, Split::Columns);
                block.linear(k, group, (a.hidden, keys), a.qkv_bias, kv);
                block.linear(v, group, (a.hidden, values), a.qkv_bias, kv);
                out
            }
            // Engines divide the parts of one stored matrix each in its own way.
            Projections::Fused([qkv, out]) if a.kv_heads < a.heads => {
                block.linear(qkv, group, (a.hidden, queries), a.qkv_bias, Split::Columns);
                block.linear(qkv, group, (a.hidden, keys + values), a.qkv_bias, kv);
                out
            }
            Projections::Fused([qkv, out]) => {
                let width = queries + keys + values;
                block.linear(qkv, group, (a.hidden, width), a.qkv_bias, Split::Columns);
                out
            }
        };
        let attended = if self.traits.square_out { a.hidden } else { a.heads * a.value_dim };
        block.linear(out, group, (attended, a.hidden), a.out_bias, Split::Rows);
        let widths = match a.qk_norm {
            QkNorm::None => return,
            QkNorm::PerHead => [a.head_dim; 2],
            QkNorm::Whole => [queries, keys],
            QkNorm::Stream => [a.hidden, a.hidden / a.heads.max(1) * a.kv_heads],
        };
        for (name, width) in self.traits.names.qk.into_iter().zip(widths) {
            block.plain(name, group, width);
        }
    }

    pub(super) fn add_feed(&self, block: &mut Block) {
        let (inward, outward) = ((self.attention.hidden, self.width), (self.width, self.attention.hidden));
        let (bias, group, columns) = (self.mlp_bias, Group::DenseMlp, Split::Columns);
        let down = match self.traits.names.feed {
            Feed::Gated([gate, up, down]) => {
                block.linear(gate, group, inward, bias, columns);
                block.linear(up, group, inward, bias, columns);
                down
            }
            Feed::Fused([up, down]) => {
                block.linear(up, group, (self.attention.hidden, self.width * 2), bias, columns);
                down
            }
            Feed::Plain([up, down]) => {
                block.linear(up, group, inward, bias, columns);
                down
            }
        };
        block.linear(down, group, outward, bias, Split::Rows);
    }
}
