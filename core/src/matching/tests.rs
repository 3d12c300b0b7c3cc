//! One model against real cards, to the byte.

use super::{Verdict, advise, fit};
use crate::engine::Serving;
use crate::gpu::{Device, device};
use crate::memory::TermName;
use crate::model::{read, tests::GRANITE_7B};
use crate::units::Bytes;

fn granite(serving: &Serving, labels: &[&str]) -> super::FitReport {
    let model = read(GRANITE_7B).unwrap();
    let devices: Vec<Device> = labels.iter().map(|label| device(label).unwrap()).collect();
    fit(&model, serving, &devices).unwrap()
}

#[test]
fn granite_7b_needs_a_quarter_of_an_h100() {
    let report = granite(&Serving::default(), &["H100-80GB", "H100-80GB 1g.10gb", "H100-80GB 2g.20gb"]);
    let verdicts: Vec<Verdict> = report.offers.iter().map(|offer| offer.verdict).collect();
    assert_eq!(verdicts, [Verdict::Fits, Verdict::No, Verdict::Fits]);
    assert_eq!(report.smallest, Some(2));
    let slice = &report.offers[2];
    assert_eq!(slice.resource, "nvidia.com/mig-2g.20gb");
    assert_eq!(slice.estimate.term(TermName::Weights), Bytes::new(13_476_831_232));
    // 256 blocks of 16 tokens, and the one that is never handed out.
    assert_eq!(slice.estimate.term(TermName::KvCache), Bytes::from_mib(2048 + 8));
    let sum: Bytes = slice.estimate.terms.iter().map(|term| term.bytes).sum();
    assert_eq!(slice.estimate.total, sum);
    assert_eq!(slice.spare, slice.usable.minus(sum));
    assert_eq!(report.offers[1].reasons[0].text, "the weights alone take 12.6 GiB, 8.9 GiB are usable");
}

#[test]
fn a_slice_too_small_for_the_context_says_so() {
    let serving = Serving { max_model_len: Some(16), max_num_seqs: Some(1), ..Serving::default() };
    let report = granite(&serving, &["A100-40GB 1g.5gb"]);
    let codes: Vec<&str> = report.offers[0].reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(codes, ["weights-too-large", "no-room-for-context"]);
}

#[test]
fn what_capacity_promises_fits_and_one_more_does_not() {
    let serving = Serving { max_model_len: Some(4096), ..Serving::default() };
    let labels = ["H100-80GB 3g.40gb"];
    let capacity = granite(&serving, &labels).offers[0].capacity;
    let most = capacity.max_sequences.unwrap();
    let with = |sequences| granite(&Serving { sequences, ..serving.clone() }, &labels).offers[0].verdict;
    assert_ne!(with(most), Verdict::No);
    assert_eq!(with(most + 1), Verdict::No);
    assert_eq!(capacity.max_context, 4096, "never beyond what the model is made for");
}

#[test]
fn every_bad_setting_is_named_at_once() {
    let serving = Serving {
        engine: "vllm-9".to_owned(),
        max_model_len: Some(1 << 20),
        sequences: 0,
        dtype: "fp3".to_owned(),
        ..Serving::default()
    };
    let model = read(GRANITE_7B).unwrap();
    let problems = fit(&model, &serving, &[]).unwrap_err();
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "sequences: found 0, expected a whole number from 1 to 4294967296",
            "engine: found \"vllm-9\", expected one of vllm-0.33",
            "dtype: found \"fp3\", expected auto, bfloat16, float16 or float32",
            "max_model_len: found 1,048,576 tokens, expected at most 4,096 (max_position_embeddings of the model)",
        ]
    );
}

#[test]
fn advice_is_tried_before_it_is_given() {
    let model = read(GRANITE_7B).unwrap();
    let small = device("H100-80GB 1g.10gb").unwrap();
    let serving = Serving { max_model_len: Some(4096), sequences: 4, ..Serving::default() };
    let advice = advise(&model, &serving, &small).unwrap();
    let said: Vec<String> = advice.iter().map(|advice| advice.changes.join(", ")).collect();
    assert_eq!(
        said,
        [
            "weights at 8 bits (fp8), --max-model-len 512",
            "weights at 4 bits (awq), 2 at a time",
            "weights at 4 bits (awq), --max-model-len 2048",
        ]
    );
    for one in advice {
        let offer = fit(&model, &one.serving, &[small]).unwrap().offers.remove(0);
        assert_eq!((offer.verdict, offer.spare), (one.verdict, one.spare));
        assert_ne!(offer.verdict, Verdict::No);
    }
    let large = device("H100-80GB").unwrap();
    assert_eq!(advise(&model, &serving, &large), Ok(Vec::new()));
}
