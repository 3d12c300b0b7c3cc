//! What Qwen4-Exp adds to Qwen3.5: several residual streams, an indexer, and embeddings of n-grams in some layers.
//!
//! Source: transformers `modeling_qwen4_exp.py`.

use super::decoder::{matrix, plain};
use super::grouped::Index;
use crate::model::build::Builder;
use crate::model::fields::Fields;
use crate::model::modules::{Group, Split, Weight};
use crate::order;
use crate::problem::Problem;

/// The most tables of n-grams, and the largest of them, that are looked into: their sizes are primes to be found.
const MAX_TABLES: u64 = 256;
const MAX_TABLE_ROWS: u64 = 1 << 28;

type Extra = Vec<(&'static str, Group, Weight)>;

/// Widths of the additions.
pub(super) struct Exp<'a> {
    text: &'a Fields<'a>,
    hidden: u64,
    streams: u64,
    rank: u64,
    /// Layers with n-grams, numbered from 1.
    ngram_layers: Vec<u64>,
}

impl<'a> Exp<'a> {
    pub(super) fn read(text: &'a Fields<'a>) -> Result<Exp<'a>, Problem> {
        let mut ngram_layers = text.counts("ple_layer_ids")?.unwrap_or_default();
        order::sort(&mut ngram_layers);
        ngram_layers.dedup();
        Ok(Exp {
            text,
            hidden: text.need("hidden_size")?,
            streams: text.need("hc_count")?,
            rank: text.need("hc_lowrank")?,
            ngram_layers,
        })
    }

    /// What a layer with attention chooses tokens with.
    pub(super) fn index(&self) -> Result<Option<Index>, Problem> {
        let text = self.text;
        let Some(heads) = text.count("indexer_n_heads")? else { return Ok(None) };
        Ok(Some(Index { heads, dim: text.need("indexer_head_dim")? }))
    }

    /// What mixes the streams around attention and feed-forward of layer `number`, and its n-grams.
    pub(super) fn extend(&self, extra: &mut Extra, number: u64) -> Result<(), Problem> {
        let wide = self.hidden.saturating_mul(self.streams);
        for [norm, down, up, inject] in [
            [
                "attn_hyper_connection.hc_norm",
                "attn_hyper_connection.input_mix_weight_down",
                "attn_hyper_connection.input_mix_weight_up",
                "attn_hyper_connection.block_inject_weight",
            ],
            [
                "mlp_hyper_connection.hc_norm",
                "mlp_hyper_connection.input_mix_weight_down",
                "mlp_hyper_connection.input_mix_weight_up",
                "mlp_hyper_connection.block_inject_weight",
            ],
        ] {
            extra.push((norm, Group::Norms, plain(wide)));
            extra.push((down, Group::Attention, matrix(wide, self.rank)));
            extra.push((up, Group::Attention, matrix(self.rank, wide)));
            extra.push((inject, Group::Attention, matrix(wide, self.streams)));
        }
        match self.ngram_layers.iter().position(|layer| *layer == number + 1) {
            Some(position) => self.remember(extra, position as u64, wide),
            None => Ok(()),
        }
    }

    /// Embeddings of n-grams in the layer that is the `position`-th to have them.
    fn remember(&self, extra: &mut Extra, position: u64, wide: u64) -> Result<(), Problem> {
        let text = self.text;
        let width = match text.count("ple_embed_dim")? {
            Some(width) => width,
            None => self.hidden,
        };
        let tables = text.need("ngram_size")?.saturating_sub(1).saturating_mul(text.need("heads_per_ngram")?);
        let base = match text.tokens("ngram_vocab_size_base")? {
            Some(base) => base,
            None => text.count_or("ngram_vocab_size_base", 1)?,
        };
        if tables == 0 || tables.saturating_mul(position + 1) > MAX_TABLES || base > MAX_TABLE_ROWS {
            let expected = format!("1 to {MAX_TABLES} tables of up to {MAX_TABLE_ROWS} rows");
            return Err(text.bad("heads_per_ngram", format!("{tables} tables of {base} rows"), expected));
        }
        let sizes = primes(base).skip(usize::try_from(tables * position).unwrap_or(usize::MAX));
        let rows: u64 = sizes.take(usize::try_from(tables).unwrap_or(usize::MAX)).sum();
        let unit = text.need("make_ngram_vocab_size_divisible_by")?;
        let embedding = Weight::Embedding { rows: rows.next_multiple_of(unit), width: width / tables };
        extra.push(("ple.ple_embedding.ngram_embedding", Group::Embeddings, embedding));
        extra.push(("ple.key_proj", Group::Embeddings, matrix(width, wide)));
        extra.push(("ple.value_proj", Group::Embeddings, matrix(width, self.hidden)));
        let kernel = text.need("ple_conv_kernel_size")?;
        extra.push(("ple.conv1d", Group::Embeddings, plain(wide.saturating_mul(kernel))));
        for name in ["ple.norm_key", "ple.norm_query", "ple.norm_conv"] {
            extra.push((name, Group::Norms, plain(wide)));
        }
        Ok(())
    }

    /// What merges the streams behind the last layer, in place of the final norm.
    pub(super) fn finish(&self, builder: &mut Builder) {
        let wide = self.hidden.saturating_mul(self.streams);
        builder.once("model.hyper_connection_mixer", |block| {
            let split = Split::Replicated;
            block.plain("hc_norm", Group::Norms, wide);
            block.linear("input_mix_weight_down", Group::Attention, (wide, self.rank), false, split);
            block.linear("input_mix_weight_up", Group::Attention, (self.rank, wide), false, split);
        });
    }
}

/// The primes from `first` on.
fn primes(first: u64) -> impl Iterator<Item = u64> {
    (first.max(2)..).filter(|number| {
        let divisors = (2..).take_while(|divisor| divisor * divisor <= *number);
        divisors.into_iter().all(|divisor| !number.is_multiple_of(divisor))
    })
}

#[cfg(test)]
mod tests {
    use super::primes;

    #[test]
    fn primes_start_at_the_first_or_behind_it() {
        assert_eq!(primes(0).take(4).collect::<Vec<_>>(), [2, 3, 5, 7]);
        assert_eq!(primes(20_000_000).take(2).collect::<Vec<_>>(), [20_000_003, 20_000_023]);
    }
}
