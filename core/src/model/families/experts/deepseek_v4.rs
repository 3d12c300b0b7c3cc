//! DeepSeek V4: one shared key/value head, caches compressed by 4 or 128, several residual streams.
//!
//! Source: transformers `modeling_deepseek_v4.py`; caches as vLLM 0.32 `DeepseekV4ForCausalLM` specifies them.

use super::hyper;
use super::layers::Words;
use super::mixture::{Mixture, USUAL};
use crate::model::build::Builder;
use crate::model::cache::Cache;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::model::modules::{Block, Group, Split};
use crate::problem::Problem;

/// Bytes of one entry in the format `fp8_ds_mla` of 448 + 64 elements. Source: vLLM 0.32, `kv.tsv` of the reference.
const ENTRY_BYTES: u64 = 584;
/// Tokens that one entry stands for in layers with an indexer, whose compressor works over two windows.
const INDEXED_RATIO: u64 = 4;
/// The ratio of the other compressed layers.
const HEAVY_RATIO: u64 = 128;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    // Both names are used for the same layout.
    let text = &config.text.with_class("deepseek_v4");
    let shape = Shape::read(text)?;
    let ratios = Ratios::read(text)?;
    let layers = text.need("num_hidden_layers")?;
    let width = text.need("moe_intermediate_size")?;
    let bias = text.flag("mlp_bias", false)?;
    let shared = Mlp { bias, ..Mlp::gated(shape.hidden, width * text.count_or("n_shared_experts", 1)?) };
    let mixture = Mixture { shared: Some(shared), ..Mixture::read(text, 0, width, &USUAL)? };
    let dims = &mut builder.dims;
    (dims.hidden_size, dims.layers, dims.intermediate_size) = (shape.hidden, layers, mixture.active_width());
    (dims.heads, dims.kv_heads, dims.head_dim) = (shape.heads, 1, shape.head_dim);
    builder.vocabulary("model.embed_tokens", text.need("vocab_size")?, shape.hidden, config.tied()?);
    builder.layers(
        "model.layers",
        layers,
        |layer| ratios.at(layer),
        |ratio, block| {
            shape.add(block, *ratio);
            mixture.add(block);
            block.norm("input_layernorm", shape.hidden);
            block.norm("post_attention_layernorm", shape.hidden);
            let mut extra = Vec::new();
            let outputs = (shape.streams + 2) * shape.streams;
            hyper::connect(&mut extra, shape.hidden, shape.streams, outputs, 3);
            for (name, group, weight) in extra {
                block.push(name, group, weight, Split::Replicated);
            }
            Ok(())
        },
    )?;
    builder.once("model", |block| block.norm("norm", shape.hidden));
    hyper::finish(builder, shape.streams);
    Ok(())
}

/// How much each layer compresses; 0: not at all.
struct Ratios<'a> {
    words: Words<'a>,
    ratios: Option<Vec<u64>>,
    indexed: u64,
    heavy: u64,
}

impl<'a> Ratios<'a> {
    fn read(text: &'a Fields<'a>) -> Result<Ratios<'a>, Problem> {
        let rates = text.part("compress_rates", "");
        let rate = |name: &str, older: &str, default: u64| match &rates {
            Some(rates) if !text.has(older) => rates.count_or(name, default),
            _ => text.count_or(older, default),
        };
        Ok(Ratios {
            words: Words::read(text, "layer_types")?,
            ratios: text.counts("compress_ratios")?,
            indexed: rate("compressed_sparse_attention", "compress_rate_csa", INDEXED_RATIO)?,
            heavy: rate("heavily_compressed_attention", "compress_rate_hca", HEAVY_RATIO)?,
        })
    }

    fn at(&self, layer: u64) -> Result<Compression, Problem> {
        let listed = self.ratios.as_ref().and_then(|list| {
            let layer = usize::try_from(layer).ok()?;
            list.get(layer).copied()
        });
        Ok(match (self.words.at(layer)?, listed) {
            (Some("sliding_attention"), _) | (None, Some(0)) => Compression::None,
            (Some("compressed_sparse_attention"), _) | (None, Some(INDEXED_RATIO)) => {
                Compression::Indexed(self.indexed)
            }
            (Some(_), _) | (None, Some(_)) => Compression::Heavy(self.heavy),
            (None, None) if layer > 1 && !layer.is_multiple_of(2) => Compression::Indexed(self.indexed),
            (None, None) => Compression::Heavy(self.heavy),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Compression {
    None,
    /// By this ratio over two windows, an indexer choosing.
    Indexed(u64),
    /// By this ratio.
    Heavy(u64),
}

struct Shape {
    hidden: u64,
    heads: u64,
    head_dim: u64,
    q_rank: u64,
    o_groups: u64,
    o_rank: u64,
    window: u64,
    index_heads: u64,
    index_dim: u64,
    streams: u64,
}

impl Shape {
    fn read(text: &Fields) -> Result<Shape, Problem> {
        Ok(Shape {
            hidden: text.need("hidden_size")?,
            heads: text.need("num_attention_heads")?,
            head_dim: text.need("head_dim")?,
            q_rank: text.need("q_lora_rank")?,
            o_groups: text.need("o_groups")?,
            o_rank: text.need("o_lora_rank")?,
            window: text.need("sliding_window")?,
            index_heads: text.need("index_n_heads")?,
            index_dim: text.need("index_head_dim")?,
            streams: text.need("hc_mult")?,
        })
    }

    fn add(&self, block: &mut Block, compression: Compression) {
        let group = Group::Attention;
        let queries = self.heads * self.head_dim;
        let outputs = self.o_groups * self.o_rank;
        let shapes = [
            ("self_attn.q_a_proj", (self.hidden, self.q_rank), Split::Replicated),
            ("self_attn.q_b_proj", (self.q_rank, queries), Split::Columns),
            ("self_attn.kv_proj", (self.hidden, self.head_dim), Split::Replicated),
            ("self_attn.o_a_proj", (queries / self.o_groups, outputs), Split::Columns),
            ("self_attn.o_b_proj", (outputs, self.hidden), Split::Rows),
        ];
        for (name, shape, split) in shapes {
            block.linear(name, group, shape, false, split);
        }
        block.plain("self_attn.q_a_norm", group, self.q_rank);
        block.plain("self_attn.kv_norm", group, self.head_dim);
        block.plain("self_attn.sinks", group, self.heads);
        block.caches.push(Cache::Compressed {
            ratio: 1,
            window: Some(self.window),
            entry_bytes: ENTRY_BYTES,
            state_bytes: 0,
        });
        match compression {
            Compression::None => {}
            Compression::Indexed(ratio) => {
                self.compress(block, "self_attn.compressor", self.head_dim, ratio, 2, ENTRY_BYTES);
                let path = "self_attn.compressor.indexer";
                // 8 bits per element and one 32-bit scale per 128.
                let entry = self.index_dim + self.index_dim.div_ceil(128) * 4;
                self.compress(block, path, self.index_dim, ratio, 2, entry);
                let shapes = [
                    ("q_b_proj", (self.q_rank, self.index_heads * self.index_dim)),
                    ("weights_proj", (self.hidden, self.index_heads)),
                ];
                for (name, shape) in shapes {
                    block.linear(format!("{path}.{name}"), group, shape, false, Split::Replicated);
                }
            }
            Compression::Heavy(ratio) => {
                self.compress(block, "self_attn.compressor", self.head_dim, ratio, 1, ENTRY_BYTES);
            }
        }
    }

    /// What turns `ratio` tokens into one entry of `width`, and the entries; `windows`: over how many stretches of
    /// tokens it works. It keeps a key and a gate of 32 bits per element for each token of them.
    fn compress(
        &self,
        block: &mut Block,
        path: &str,
        width: u64,
        ratio: u64,
        windows: u64,
        entry_bytes: u64,
    ) {
        let group = Group::Attention;
        for name in ["kv_proj", "gate_proj"] {
            let shape = (self.hidden, width * windows);
            block.linear(format!("{path}.{name}"), group, shape, false, Split::Replicated);
        }
        block.plain(format!("{path}.position_bias"), group, ratio.saturating_mul(width * windows));
        block.plain(format!("{path}.kv_norm"), group, width);
        let token_bytes = width.saturating_mul(windows).saturating_mul(8);
        let state_bytes = ratio.saturating_mul(windows).saturating_mul(token_bytes);
        block.caches.push(Cache::Compressed { ratio, window: None, entry_bytes, state_bytes });
    }
}
