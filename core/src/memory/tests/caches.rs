//! Rows of caches, their pages, and how settings change them.

use super::{LARGE, granite, known, on, terms};
use crate::engine::Serving;
use crate::memory::{CacheKind, InFlight, KvCache, LayerCache, Paging, Plan};
use crate::model::{Cache, DType, Mixer};
use crate::units::Bytes;

fn row(kind: CacheKind, layers: u64, bytes: u64, window: Option<u64>) -> LayerCache {
    LayerCache {
        kind,
        layers,
        bytes_per_token: Bytes::new(bytes),
        tokens_per_entry: 1,
        window,
        state_bytes: Bytes::ZERO,
    }
}

fn cache(layers: &[LayerCache]) -> KvCache {
    let none = KvCache {
        dtype: DType::BF16,
        bytes_per_token: Bytes::ZERO,
        state_bytes_per_sequence: Bytes::ZERO,
        layers: Vec::new(),
    };
    none.beside(layers)
}

#[test]
fn layers_of_one_kind_make_one_row() {
    let (full, sliding) = (row(CacheKind::Full, 2, 64, None), row(CacheKind::Sliding, 3, 64, Some(128)));
    let chunked = row(CacheKind::Chunked, 5, 64, Some(128));
    let found = cache(&[
        full,
        sliding,
        chunked,
        row(CacheKind::Full, 4, 64, None),
        row(CacheKind::Full, 1, 32, None),
    ]);
    let narrow = row(CacheKind::Full, 1, 32, None);
    assert_eq!(found.layers, [LayerCache { layers: 6, ..full }, sliding, chunked, narrow]);
    assert_eq!(found.bytes_per_token, Bytes::new(6 * 64 + 32));
    let kept = found.keeping_all(CacheKind::Sliding);
    assert_eq!(kept.layers, [LayerCache { layers: 9, ..full }, chunked, narrow]);
    assert_eq!(kept.bytes_per_token, Bytes::new(9 * 64 + 32));
}

/// 100 bytes for each token and 10 for each four: 102.5.
#[test]
fn what_a_token_costs_is_rounded_once() {
    let four = LayerCache { tokens_per_entry: 4, ..row(CacheKind::Compressed, 1, 10, None) };
    assert_eq!(cache(&[row(CacheKind::Full, 1, 100, None), four]).bytes_per_token, Bytes::new(103));
    assert_eq!(cache(&[four, four]).bytes_per_token, Bytes::new(5));
}

#[test]
fn what_keeps_every_token_is_one_group() {
    let kinds = [CacheKind::Full, CacheKind::Latent, CacheKind::Indexer];
    assert!(kinds.iter().all(|kind| kind.keeps_all()));
    for kind in
        [CacheKind::Sliding, CacheKind::Chunked, CacheKind::Compressed, CacheKind::Cross, CacheKind::State]
    {
        assert!(!kind.keeps_all(), "{kind:?}");
    }
    let rows = kinds.map(|kind| row(kind, 2, 100, None));
    let paging = Paging::in_blocks(&cache(&rows), 4096, 16);
    let group = (paging.groups.len(), paging.groups[0].layers, paging.groups[0].block_tokens);
    assert_eq!((group, paging.bytes_per_block), ((1, 6, 64), Bytes::new(600 * 64)));
}

/// A page is 1,600 bytes: entries of 50 fill one with 32 tokens, entries of 40 do not with 40.
#[test]
fn narrower_layers_fill_a_page_or_are_padded() {
    let block = |bytes: u64| {
        let rows = [row(CacheKind::Full, 2, 100, None), row(CacheKind::Sliding, 2, bytes, Some(64))];
        let paging = Paging::in_blocks(&cache(&rows), 4096, 16);
        assert_eq!(paging.bytes_per_block, Bytes::new(1600 * 2));
        paging.groups.iter().map(|group| group.block_tokens).collect::<Vec<_>>()
    };
    assert_eq!(block(50), [16, 32]);
    assert_eq!(block(40), [16, 16]);
}

#[test]
fn groups_are_of_the_smallest_kind_unless_kinds_are_nearly_equal() {
    let groups = |full: u64, sliding: u64| {
        let rows = [row(CacheKind::Full, full, 100, None), row(CacheKind::Sliding, sliding, 100, Some(64))];
        let paging = Paging::in_blocks(&cache(&rows), 4096, 16);
        (paging.group_layers, paging.groups.iter().map(|group| group.layers).collect::<Vec<_>>())
    };
    assert_eq!(groups(2, 5), (2, vec![2, 2, 2, 1]));
    assert_eq!(groups(2, 3), (2, vec![2, 2, 1]));
    assert_eq!(groups(3, 4), (4, vec![3, 4]));
    // Padded to the same block, both kinds of full layers are one group.
    let rows = [row(CacheKind::Full, 2, 100, None), row(CacheKind::Full, 3, 40, None)];
    let paging =
        Paging::in_blocks(&cache(&[rows[0], rows[1], row(CacheKind::Sliding, 5, 100, Some(64))]), 4096, 16);
    assert_eq!((paging.group_layers, paging.groups.len()), (5, 2));
}

#[test]
fn blocks_for_one_sequence_are_those_of_the_formula() {
    let said = |model: &str| terms(&known(model), &Serving::default(), LARGE).remove(1).2;
    let formula = terms(&granite(), &Serving::default(), LARGE).remove(1).2;
    assert_eq!(
        formula,
        "256 blocks of 8,388,608 bytes for 1 x 4,096 tokens at bfloat16 (sequences), and one empty block"
    );
    assert!(said("openai/gpt-oss-20b").contains("(one sequence on admission)"));
    let mut nothing = granite();
    nothing.blocks.iter_mut().for_each(|block| block.caches.clear());
    assert_eq!(terms(&nothing, &Serving::default(), LARGE).remove(1).2, "nothing is kept");
}

#[test]
fn states_are_kept_for_every_token_of_a_draft() {
    let steady = |serving: &Serving| Plan::new(&granite(), serving).unwrap().steady();
    let draft = Serving {
        speculative_method: Some(crate::engine::Drafting::Ngram),
        speculative_tokens: Some(3),
        ..Serving::default()
    };
    let kept = |state_blocks| InFlight { state_blocks, ..InFlight::STEADY };
    assert_eq!(steady(&Serving::default()), kept(2));
    assert_eq!(steady(&draft), kept(5));
    assert_eq!(steady(&on("vllm-0.9")), kept(1));
}

/// Rows of a state are neither windows nor entries: 10 and 6 elements of 16 bits.
#[test]
fn a_state_is_kept_whatever_the_length() {
    let mut model = granite();
    model.blocks.truncate(1);
    model.blocks[0].layers = vec![0];
    model.blocks[0].caches =
        vec![Cache::State { mixer: Mixer::Mamba2, conv: 10, recurrent: 6, recurrent_dtype: None }];
    let found = KvCache::of(&model, DType::BF16, 1);
    assert_eq!(found.state_bytes_per_sequence, Bytes::new(32));
}

#[test]
fn settings_and_versions_decide_what_a_layer_keeps() {
    let sparse = known("deepseek-ai/DeepSeek-V3.2");
    let model = granite();
    let format = |model, engine: &str| {
        let serving = Serving { tensor_parallel: 8, ..on(engine) };
        Plan::new(model, &serving).unwrap().kv_cache.dtype
    };
    assert_eq!((format(&sparse, "vllm-0.33"), format(&sparse, "vllm-0.9")), (DType::BF16, DType::F8));
    assert_eq!(format(&model, "vllm-0.9"), DType::BF16);
    let kinds = |engine: &str| {
        let serving = on(engine);
        let plan = Plan::new(&model, &serving).map(|plan| plan.kv_cache.layers).unwrap();
        plan.iter().map(|row| row.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds("vllm-0.33"), [CacheKind::Full]);
    let windows = known("openai/gpt-oss-20b");
    let kinds = |engine: &str| {
        let serving = on(engine);
        let plan = Plan::new(&windows, &serving).unwrap();
        plan.kv_cache.layers.iter().map(|row| (row.kind, row.layers)).collect::<Vec<_>>()
    };
    assert_eq!(kinds("vllm-0.6"), [(CacheKind::Full, 24)]);
    assert_eq!(kinds("vllm-0.33").len(), 2);
    let dtype = |dtype: &str| {
        let serving = Serving { dtype: dtype.to_owned(), ..Serving::default() };
        Plan::new(&model, &serving).map(|plan| plan.dtype).ok()
    };
    let want = [Some(DType::F32), Some(DType::F16), Some(DType::BF16), None];
    assert_eq!(["float32", "float16", "bfloat16", "fp8"].map(dtype), want);
}
