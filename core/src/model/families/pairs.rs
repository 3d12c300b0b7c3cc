//! Models put together from two others of any class, each with a config of its own: an encoder and a decoder, or an
//! encoder of images and one of text.
//!
//! Source: transformers `modeling_encoder_decoder.py`, `modeling_speech_encoder_decoder.py`,
//! `modeling_vision_encoder_decoder.py`, `modeling_vision_text_dual_encoder.py`.

use super::{Build, family, layouts};
use crate::model::Task;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::heads::Head;
use crate::model::modules::{Group, Split, Weight};
use crate::problem::Problem;

/// Which function builds a `model_type`. Sorted.
pub(super) const FAMILIES: &[(&str, Build)] = &[
    ("encoder-decoder", build),
    ("speech-encoder-decoder", build),
    ("vision-encoder-decoder", build),
    ("vision-text-dual-encoder", build_dual),
];

/// Where a part stands: in the file, and in the names of modules.
#[derive(Clone, Copy)]
struct Place {
    field: &'static str,
    prefix: &'static str,
}

fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let usual = match config.model_type.as_str() {
        "speech-encoder-decoder" => "wav2vec2",
        "vision-encoder-decoder" => "vit",
        _ => "bert",
    };
    let place = |name| Place { field: name, prefix: name };
    let encoder = part(config, builder, place("encoder"), usual, "Model")?;
    let decoder = part(config, builder, place("decoder"), "bert", "ForCausalLM")?;
    builder.task = Task::EncodeThenGenerate;
    let reads = config.root.part_of_class("decoder", "bert").count("cross_attention_hidden_size")?;
    // An encoder of sound says how wide its answer is; the projection has the width of its layers all the same.
    let heard = if usual == "wav2vec2" {
        config.root.part_of_class("encoder", usual).count("output_hidden_size")?
    } else {
        None
    };
    if heard.unwrap_or(encoder) != decoder && reads.is_none() {
        builder.once("", |block| {
            block.linear("enc_to_dec_proj", Group::Projector, (encoder, decoder), true, Split::Replicated);
        });
    }
    Ok(())
}

fn build_dual(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let vision = Place { field: "vision_config", prefix: "vision_model" };
    let vision = part(config, builder, vision, "vit", "Model")?;
    let text = Place { field: "text_config", prefix: "text_model" };
    let text = part(config, builder, text, "bert", "Model")?;
    let shared = config.root.count_or("projection_dim", 512)?;
    builder.task = Task::Embed;
    builder.once("", |block| {
        let mut project = |path: &'static str, width| {
            block.linear(path, Group::Projector, (width, shared), false, Split::Replicated);
        };
        project("visual_projection", vision);
        project("text_projection", text);
        block.push("logit_scale", Group::TaskHead, Weight::Plain { elements: 1 }, Split::Replicated);
    });
    Ok(())
}

/// Adds the part at `place` as a class that ends in `architecture`. Answers its width.
fn part(
    config: &Config,
    builder: &mut Builder,
    place: Place,
    class: &str,
    architecture: &str,
) -> Result<u64, Problem> {
    let Place { field: name, prefix } = place;
    let fields = config.root.part_of_class(name, class);
    let class = fields.class().to_owned();
    let known = layouts::knows_larger(&class) || family(&class).is_some();
    if !known || FAMILIES.iter().any(|(family, _)| *family == class) {
        let found = format!("{class:?}");
        let expected = "a model of a known family";
        return Err(Problem::new("unknown-architecture", format!("{name}.model_type"), found, expected));
    }
    let part = Config {
        root: fields.clone(),
        text: fields,
        architecture: architecture.to_owned(),
        model_type: class,
    };
    let wide = part.root.count_or("hidden_size", 0)?;
    let mut inner = Builder::new(Head::of(architecture, &part.root)?);
    super::build(&part, &mut inner)?;
    for mut block in inner.blocks {
        if block.prefix.is_empty() {
            for module in &mut block.modules {
                module.path = format!("{prefix}.{}", module.path).into();
            }
        } else {
            block.prefix = format!("{prefix}.{}", block.prefix).into();
        }
        builder.blocks.push(block);
    }
    builder.assumptions.extend(inner.assumptions);
    builder.dims = inner.dims;
    // An encoder of images has no widths of a language model.
    [inner.dims.hidden_size, wide]
        .into_iter()
        .find(|width| *width > 0)
        .ok_or_else(|| config.root.missing(&format!("{name}.hidden_size"), "a whole number"))
}

#[cfg(test)]
mod tests {
    use crate::model::{Task, read};

    /// Two BERTs of the usual size; the decoder also attends to the encoder.
    #[test]
    fn both_parts_are_counted_as_what_they_are() {
        let model = read(
            r#"{"model_type": "encoder-decoder", "architectures": ["EncoderDecoderModel"],
            "encoder": {"model_type": "bert"}, "decoder": {"model_type": "bert", "add_cross_attention": true}}"#,
        )
        .unwrap();
        assert_eq!(model.parameters().total, 247_363_386);
        assert_eq!(model.task, Task::EncodeThenGenerate);
        let caches: usize = model.blocks.iter().map(|block| block.caches.len()).sum();
        assert_eq!(caches, 2, "one of its own and one of the encoder's output, in a block of 12 layers");
    }

    /// The parts that the class makes for itself.
    #[test]
    fn a_file_without_parts_has_those_of_its_class() {
        let model = read(r#"{"model_type": "encoder-decoder"}"#).unwrap();
        assert_eq!(model.parameters().total, 247_363_386);
        assert!(model.assumptions.iter().any(|note| note.code == "class-default"));
    }

    #[test]
    fn widths_that_differ_are_projected() {
        let width = |width: u64| {
            let text = format!(
                r#"{{"model_type": "encoder-decoder", "encoder": {{"model_type": "bert", "hidden_size": 60}},
                "decoder": {{"model_type": "bert", "hidden_size": {width}, "add_cross_attention": true}}}}"#
            );
            let model = read(&text).unwrap();
            model
                .blocks
                .iter()
                .flat_map(|block| &block.modules)
                .any(|module| module.path == "enc_to_dec_proj")
        };
        assert!(!width(60));
        assert!(width(120));
    }

    /// `microsoft/trocr-base-printed` in shape: its decoder reads another width by itself.
    #[test]
    fn a_decoder_that_says_what_it_reads_is_not_projected_to() {
        let model = read(
            r#"{"model_type": "vision-encoder-decoder", "encoder": {"model_type": "vit", "qkv_bias": false,
            "image_size": 384}, "decoder": {"model_type": "trocr", "d_model": 1024, "cross_attention_hidden_size": 768,
            "decoder_layers": 12, "decoder_attention_heads": 16, "decoder_ffn_dim": 4096, "vocab_size": 50265,
            "max_position_embeddings": 512}}"#,
        )
        .unwrap();
        assert_eq!(model.parameters().total, 333_921_792);
    }

    #[test]
    fn an_unknown_part_is_refused_by_name() {
        let text = r#"{"model_type": "encoder-decoder", "encoder": {"model_type": "no-such"}}"#;
        assert_eq!(
            read(text).unwrap_err().to_string(),
            "encoder.model_type: found \"no-such\", expected a model of a known family"
        );
    }
}
