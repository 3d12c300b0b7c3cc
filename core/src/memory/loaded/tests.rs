//! What is repacked, fused, padded and doubled.

use super::*;
use crate::engine::Serving;
use crate::memory::Plan;
use crate::model::tests::GRANITE_7B;
use crate::model::{Module, Split, Weight};

/// Of 32 experts in 24 layers, 5,760 x 2,880 become 5,760 x 3,072, and 2,880 x 2,880 become 3,072 x 2,944: at 4 bits,
/// with 8 for every 32. The bias of the latter is 192 numbers longer.
#[test]
fn experts_at_4_bits_are_padded_to_whole_tiles() {
    let model = crate::catalog::find("openai/gpt-oss-20b").unwrap().model().unwrap();
    let serving = Serving::default();
    let plan = Plan::new(&model, &serving).unwrap();
    let packed = |elements: u64| elements / 32 * 17;
    let (into, back) = (5760 * 3072 - 5760 * 2880, 3072 * 2944 - 2880 * 2880);
    let added = Bytes::new(24 * 32 * (packed(into + back) + 192 * 2));
    assert_eq!(plan.loaded.tensors.minus(plan.weights.bytes), added);
}

#[test]
fn scales_of_bitsandbytes_become_what_the_engine_keeps() {
    let stored = Packing::new(DType::F4, 4, Grouping::Flat(64), 8);
    let kept = |scales: Scales, packing: Packing| {
        let found = scales.repacked(packing);
        assert_eq!(Packing { group: packing.group, group_bits: packing.group_bits, ..found }, packing);
        (found.group, found.group_bits)
    };
    assert_eq!(kept(Scales::AsStored, stored), (Grouping::Flat(64), 8));
    assert_eq!(kept(Scales::Restored, stored), (Grouping::Flat(64), 32));
    assert_eq!(kept(Scales::Packed, stored), (Grouping::Flat(16_384), 2080));
    for other in [
        Packing::new(DType::I4, 4, Grouping::Flat(64), 8),
        Packing::new(DType::F4, 4, Grouping::Columns(16), 8),
    ] {
        for scales in [Scales::AsStored, Scales::Restored, Scales::Packed] {
            assert_eq!(kept(scales, other), (other.group, 8), "{other:?}");
        }
    }
}

fn block(paths: &[&'static str], group: Group) -> Block {
    let mut block = Block { prefix: "layers".into(), layers: vec![0], modules: vec![], caches: vec![] };
    for path in paths {
        block.push(*path, group, Weight::Linear { inputs: 1, outputs: 1, bias: false }, Split::Columns);
    }
    block
}

fn piece<'a>(block: &'a Block, module: &'a Module) -> Piece<'a> {
    Piece { block, module, packing: None, layers: 1, copies: 1, rows: 1, columns: 1 }
}

/// Two of 6.75 MiB in one tensor fill a segment of 14, each alone lies in one of 20 with others.
#[test]
fn what_is_fused_lies_in_one_piece() {
    let quarters = |count: u64| Bytes::new(count << 18);
    let each = [quarters(27), Bytes::ZERO, Bytes::ZERO];
    let (one, two) = (quarters(54), quarters(56));
    let held = |pieces: &[Piece]| {
        let mut fused = Fused::default();
        pieces.iter().for_each(|piece| fused.add(piece, each));
        fused.held()
    };
    let own =
        block(&["a.q_proj", "a.k_proj", "a.gate_proj", "b.v_proj", "o_proj", "o_proj"], Group::Attention);
    let found: Vec<Piece> = own.modules.iter().map(|module| piece(&own, module)).collect();
    let [q, k, gate, v, o, p] = found[..] else { unreachable!() };
    assert_eq!(held(&[q, k]), two);
    assert_eq!(held(&[q, gate]), one, "another tensor");
    assert_eq!(held(&[q, v]), one, "another name in front");
    assert_eq!(held(&[o, p]), one, "no tensor in common");
    assert_eq!(held(&[q, Piece { layers: 2, ..k }]), one + quarters(27), "other layers");
    let packing = Some(Packing::new(DType::F8, 8, Grouping::Tensor, 32));
    assert_eq!(held(&[q, Piece { packing, ..k }]), one, "packed otherwise");
    assert_eq!(held(&[q, gate, k]), two + quarters(27), "whatever stands between them");
    let other = block(&["a.k_proj"], Group::Attention);
    assert_eq!(held(&[q, piece(&other, &other.modules[0])]), one, "another block");
    // Experts are stacked, other copies are not.
    let experts = block(&["w"], Group::RoutedExperts);
    assert_eq!(held(&[Piece { copies: 2, ..piece(&experts, &experts.modules[0]) }]), two);
    assert_eq!(held(&[Piece { copies: 2, ..o }]), one);
}

#[test]
fn names_that_are_fused() {
    for (path, front, word) in [
        ("self_attn.q_proj", "self_attn", "qkv"),
        ("attention.self.value", "attention.self", "qkv"),
        ("mlp.up_proj", "mlp", "gate_up"),
        ("experts.*.w3", "experts.*", "gate_up"),
        ("self_attn.kv_a_proj_with_mqa", "self_attn", "qkv_a"),
        ("self_attn.o_proj", "self_attn.o_proj", ""),
        ("q_proj", "", "qkv"),
    ] {
        assert_eq!(fused_name(path), (front, word), "{path}");
    }
}

/// Queries, keys and keys again where a layer has no values; nothing where it has, or has no queries.
#[test]
fn keys_of_gemma_4_are_values_as_well() {
    let known = crate::model::read(GRANITE_7B).unwrap();
    let gemma = Model { model_type: "gemma4_text".to_owned(), ..known.clone() };
    let (q, k, v) = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
    let paths = |model: &Model, paths: &[&'static str]| {
        let block = block(paths, Group::Attention);
        let mut found: Vec<Piece> = block.modules.iter().map(|module| piece(&block, module)).collect();
        second_values(model, &mut found);
        found.iter().map(|piece| piece.module.path.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(paths(&gemma, &[q, k, "o_proj"]), [q, k, k, "o_proj"]);
    assert_eq!(paths(&gemma, &[q, k, v]), [q, k, v]);
    assert_eq!(paths(&gemma, &[k]), [k]);
    assert_eq!(paths(&known, &[q, k]), [q, k]);
}

#[test]
fn only_experts_with_a_shared_exponent_are_padded() {
    let padded = |group: Group, packing: Packing| {
        let block = block(&["w1"], group);
        let mut one = Piece { packing: Some(packing), ..piece(&block, &block.modules[0]) };
        pad(&mut one);
        (one.rows, one.columns)
    };
    let shared = Packing::new(DType::F4, 4, Grouping::Columns(32), 8);
    assert_eq!(padded(Group::RoutedExperts, shared), (128, 256));
    assert_eq!(padded(Group::SharedExperts, shared), (1, 1));
    assert_eq!(padded(Group::RoutedExperts, Packing { group_bits: 16, ..shared }), (1, 1));
    assert_eq!(padded(Group::RoutedExperts, Packing { group: Grouping::Columns(16), ..shared }), (1, 1));
}
