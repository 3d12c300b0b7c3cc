//! Pieces of the weights, and who holds them.

use super::*;
use crate::model::quantization::Grouping;
use crate::model::{read, tests::GRANITE_7B};

fn module(group: Group, weight: Weight, split: Split, copies: u64) -> Block {
    let mut block = Block { prefix: "".into(), layers: Vec::new(), modules: vec![], caches: vec![] };
    block.push_copies("m", group, weight, split, copies, copies);
    block
}

const MATRIX: Weight = Weight::Linear { inputs: 4096, outputs: 4096, bias: true };

/// AWQ: half a byte for each weight; 16 bits of scale and 4 of zero point for 128 of them.
#[test]
fn a_matrix_its_scales_and_its_bias_are_counted_apart() {
    let block = module(Group::Attention, MATRIX, Split::Columns, 1);
    let packing = Some(Packing::new(DType::I4, 4, Grouping::Columns(128), 20));
    let piece = Piece {
        block: &block,
        module: &block.modules[0],
        packing,
        layers: 3,
        copies: 1,
        rows: 4096,
        columns: 4096,
    };
    let tensors = [4096 * 4096 / 2, 4096 * 32 * 20 / 8, 4096 * 2].map(Bytes::new);
    assert_eq!(piece.tensors(DType::BF16), tensors);
    let plain = Piece { packing: None, ..piece };
    assert_eq!(plain.tensors(DType::BF16), [4096 * 4096 * 2, 0, 4096 * 2].map(Bytes::new));
    let packed = |bytes| DTypeBytes { dtype: DType::I4, bytes: Bytes::new(bytes) };
    let bias = DTypeBytes { dtype: DType::BF16, bytes: Bytes::new(3 * 8192) };
    let sum = Weights::sum(&[piece], DType::BF16);
    assert!(sum.by_dtype.contains(&packed(3 * 8_716_288)) && sum.by_dtype.contains(&bias));
    let without = module(
        Group::Attention,
        Weight::Linear { inputs: 4096, outputs: 4096, bias: false },
        Split::Columns,
        1,
    );
    let alone = Piece { module: &without.modules[0], layers: 1, ..piece };
    assert_eq!(Weights::sum(&[alone], DType::BF16).by_dtype, [packed(8_716_288)], "no row of nothing");
}

#[test]
fn devices_divide_experts_or_hold_them_whole() {
    let experts = module(Group::RoutedExperts, MATRIX, Split::Columns, 10);
    let tower = module(Group::VisionTower, MATRIX, Split::Columns, 1);
    let sharing = Sharing { tensor: 2, stages: 3, experts: 4, whole_experts: false };
    let of = |sharing: Sharing, block: &Block| sharing.of(&block.modules[0]);
    assert_eq!(of(sharing, &experts), (4, 10));
    assert_eq!(of(Sharing { whole_experts: true, ..sharing }, &experts), (1, 3));
    assert_eq!(of(Sharing { whole_experts: true, ..sharing }, &tower), (2, 1));
    let layers = |block: &Block| sharing.layers(&block.modules[0], 7);
    assert_eq!((layers(&experts), layers(&tower)), (3, 7));
}

#[test]
fn one_rank_alone_pads_no_vocabulary() {
    let block = module(Group::Embeddings, Weight::Embedding { rows: 1001, width: 8 }, Split::Vocabulary, 1);
    let rank = |ranks| on_one_rank(&block.modules[0], ranks);
    assert_eq!((rank(1), rank(2)), ((1001, 8), (512, 8)));
    let odd = module(Group::Embeddings, Weight::Embedding { rows: 7, width: 8 }, Split::Rows, 1);
    assert_eq!((on_one_rank(&odd.modules[0], 1), on_one_rank(&odd.modules[0], 3)), ((7, 8), (7, 3)));
}

#[test]
fn prediction_layers_are_a_part_of_their_own() {
    assert!(Part::Prediction.takes(Group::Mtp) && !Part::Model.takes(Group::Mtp));
    assert!(!Part::Prediction.takes(Group::Attention) && Part::Text.takes(Group::Attention));
    assert!(Part::Model.takes(Group::VisionTower) && !Part::Text.takes(Group::VisionTower));
    let model = read(GRANITE_7B).unwrap();
    assert_eq!(pieces(&model, None, Sharing::tensor(1), Part::Prediction).len(), 0);
}
