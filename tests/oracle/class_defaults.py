"""Writes core/src/model/class_defaults.tsv from the configuration classes of transformers.

    python3 class_defaults.py defaults.json ../../core/src

`defaults.json` is what generate.py found: per model_type the class, its fields, those that the class works out
itself, its attribute_map and its parts. Kept are the fields that bear on counts, caches and the context. The
installed transformers says which of the worked-out fields are constants; those that follow from other
fields are left out, because a file that changes the others changes them too.

A line is `name<TAB>field=value ...`, sorted by name. `like=name` names a line that says the rest; `field=null` takes back
one of its fields. A value `@other` says that the class calls the field `other`. `parent/part` is the part that `parent`
has when a file leaves it out.
"""

import json
import re
import sys
from pathlib import Path

DROP = re.compile(
    r"drop(out|_path)|_pdrop|(^|_)(token|tokens)?_?(id|ids|idx|index|indices)$|token_index|_token$|_act(ivation|_fn|_func)?$|activation"
    r"|init(ializer)?(_|$)|_std$|eps(ilon)?$|^rope_|^rotary|theta|_rope_theta|max_bucket|onnx|_alpha_factor|_beta_factor|tpu_|mask_downsampler|image_size_list|_multiplier$|scal|padding_idx|_temporal_pos|sinkhorn|per_second|resblock_dil|vocab_offset|num_classes|_ids?$|use_mamba_ker|normalize$|num_logits|logit|loss|coef|cost|weight(s|ing)?$|router_(aux|jitter|z|bias_up)|jitter|scal(e|ing)(_|$)|^scal"
    r"|gradient|momentum|temperature|softcap|soft_cap|logits?_|clip|penalty|label|time_step|noise|mask_(time|feature|length|prob)"
    r"|min_masks|thresh|pretraining_tp|use_cache|cache_imp|output_(attentions|hidden|router|retrieved)|norm_topk|renormalize|topk_(method|group)|^n_group$|disable_custom|apply_spec|enable_(occl|temp)|do_(pool|stable|dedup|marg)"
    r"|select_strategy|out_features|stage_names|sampling_rate|hop_length|frame_?(rate|s_per)|bandwidth|spec_augment|summary_|classifier_(pooling|bias)"
    r"|torch|attn_implementation|deterministic|freeze|denoising|timescale|^is_(decoder|encoder_decoder|training)$|layerdrop"
    r"|(^|_)prob(s|_)|languages|suppress|backend|kernel_dtype|_kernels?$(?<!_kernel)|retriev|dataset|passages|doc_sep|title_sep"
    r"|top_p|beam|max_length$|min_length|diffusion|query_pre_attn|residual_mult|attention_mult|fp32|reference_compile|interpolat|do_sample|return_"
)
KEEP = re.compile(r"(linear|conv|sscp|depthwise|patch|merge|window|upsample|subsampling)_?.*kernel|^rotary_dim$|model_max_length|^scale_factor$|is_gated|use_clipped|(layer|block|attn|stage).*(ids|idx|indices|index)$|ffn_.*mult|output_hidden_size")
FLOATS = re.compile(r"ratio|expan|mult|factor|expand|widen")
WORDS = re.compile(r"norm|type|proj|pattern|pool|mode|connector|pos|arch|head|attn|style|block|layers|backbone|downsample|feature")
# What configuration files shipped with checkpoints set by default, where the library has no class.
REMOTE = {
    "jais": {"tie_word_embeddings": "true"},
    "minicpm": {"tie_word_embeddings": "true"},
    "phi3small": {"tie_word_embeddings": "true"},
}
LONGEST = 48
# Models of these tasks are left out where no language model has one of them as a part.
OUTSIDE = (
    "OBJECT_DETECTION SEGMENTATION KEYPOINT DEPTH_ESTIMATION MASK_GENERATION POSE_ESTIMATION TIME_SERIES POINTMAP TABLE_RECOGNITION"
    " TEXT_RECOGNITION IMAGE_TO_IMAGE MATTING VIDEO_CLASSIFICATION BACKBONE NORMAL_ESTIMATION"
    " DOCUMENT_QUESTION IMAGE_CLASSIFICATION MASKED_IMAGE AUDIO_CLASSIFICATION AUDIO_XVECTOR TEXT_TO_WAVEFORM CAUSAL_IMAGE DECISION"
).split()
INSIDE = "CAUSAL_LM IMAGE_TEXT MULTIMODAL_LM SEQ2SEQ SEQ_2_SEQ SEQ_TO_SEQ MASKED_LM SEQUENCE_CLASS TOKEN_CLASS RETRIEVAL".split()
UNTOLD = re.compile(
    r"^(sam\d?|edgetam|rf_detr|esmfold|pp_|omdet|rt_detr|univnet|vibevoice_(ac|diff)|timm|patchts|xcodec|neucodec|superglue|lightglue|efficientloftr|uvdoc"
    r"|fastspeech|bark|fine_ac|coarse_ac|semantic|slane|tvp|upernet|sapiens|vitdet|vitmatte|pe_|clvp|zoedepth|jev|videomt|radio|dac|oneformer|maskf)"
)
# Of these, the ones that the core counts all the same: encoders of images and of sound that larger models are made of.
COUNTED = (
    "audio-spectrogram-transformer beit chinese_clip clip data2vec-audio data2vec-vision deit dinov2 dinov2_with_registers dinov3_vit"
    " ijepa metaclip_2 sew siglip siglip2 unispeech unispeech-sat videomae vit_msn vivit wav2vec2-bert wav2vec2-conformer"
    " wavlm yolos clipseg csm dac donut-swin higgs_audio_v2 maskformer-swin mimi_decoder owlv2 owlvit pe_audio pe_audio_encoder radio"
    " swin swinv2 pixio timesformer vitdet vjepa2 fastspeech2_conformer"
    " fastspeech2_conformer_with_hifigan imagegpt sapiens2 sam_hq_vision_model pocket_tts videoprism videoprism_vision_model tipsv2 tipsv2_vision_model vibevoice_acoustic_tokenizer vibevoice_acoustic_tokenizer_decoder"
).split()
CONSTANT_PARTS = ("attn_config", "ffn_config")


def spellings(source):
    table = re.search(r"const SPELLINGS.*?= &\[(.*?)\n\];", source, re.S).group(1)
    return [re.findall(r'"([^"]+)"', row) for row in table.splitlines() if '"' in row]


def short(value):
    return json.dumps(value, separators=(",", ":"))


def kept(name, value):
    if name in ("sub", "model_type", "like") or (DROP.search(name) and not KEEP.search(name)):
        return False
    if name == "add_cross_attention":  # off unless said
        return value is True
    if value is None or isinstance(value, bool):
        return value is not None
    if isinstance(value, int):
        return True
    if isinstance(value, float):
        return bool(FLOATS.search(name)) or value == int(value) and "dim" in name
    if isinstance(value, str):
        return bool(WORDS.search(name)) and re.fullmatch(r"[\w\-+*/.]*", value) is not None
    text = short(value)
    if isinstance(value, dict):
        return name in CONSTANT_PARTS and " " not in text
    return len(text) <= (2 * LONGEST if name.startswith("conv_") else LONGEST) and " " not in text


def constants(node, config_class):
    """The worked-out fields of a class that stay as they are whatever else changes."""
    derived = node.get("derived", {})
    if not derived or config_class is None:
        return set()
    steady = dict(derived)
    numbers = [k for k, v in node["root"].items() if type(v) is int and 1 < v and k not in derived and not k.endswith("_id")]
    for name in numbers:
        for change in (lambda v: v * 2, lambda v: v * 4, lambda v: v // 2):
            try:
                other = config_class(**{name: change(node["root"][name])}).to_dict()
            except Exception:
                continue
            steady = {k: v for k, v in steady.items() if short(other.get(k, v)) == short(v)}
    return set(steady)


def pairs(node, config_class, rows):
    """Field and value as the table has them, under the first spelling of each field."""
    fixed = constants(node, config_class)
    root = {k: v for k, v in node["root"].items() if k not in node.get("derived", {}) or k in fixed}
    names = dict(node.get("attribute_map", {}))
    canonical = {}
    for row in rows:
        own = [s for s in row if s in node["root"]]
        mapped = names.get(row[0])
        if mapped in own:
            own = [mapped]
        if len(own) == 1:
            canonical[own[0]] = row[0]
    out = {}
    for name, value in node.get("derived", {}).items():
        # One number for every layer, whatever their number.
        if name not in fixed and isinstance(value, list) and value and type(value[0]) is int and set(value) == {value[0]}:
            root[name] = value[0]
    for name, value in root.items():
        if kept(name, value):
            out[canonical.get(name, name)] = short(value)
    heads = {row[0] for row in rows}
    for name, real in names.items():
        spoken = canonical.get(real, real)
        wanted = (name in heads or real in heads) or kept(name, 1) and kept(real, 1)
        if name != spoken and wanted and real in node["root"] and not any(name in r and spoken == r[0] for r in rows):
            out[name] = "@" + spoken
    return out


def left_out(defaults):
    """The model_types that bear no language model, alone or as a part of one."""
    from transformers.models.auto import modeling_auto

    tasks = {n: set(getattr(modeling_auto, n)) for n in dir(modeling_auto) if n.endswith("MAPPING_NAMES")}
    among = lambda words: set().union(*(v for k, v in tasks.items() if any(w in k for w in words)))
    out = {n for n in among(OUTSIDE) if n in defaults} | {n for n in defaults if UNTOLD.match(n)}
    out -= among(INSIDE) | set(COUNTED)

    def parts_of(node):
        for sub in node.get("sub", {}).values():
            yield sub.get("model_type")
            yield from parts_of(sub)

    used = {part for name, node in defaults.items() if name not in out for part in parts_of(node)}
    return out - used


def conventional(parent, part, kind):
    stem = part.removesuffix("_config")
    return kind in (f"{parent}_{stem}", f"{parent}_{stem}_model", f"{parent}_{stem}_encoder")


def collect(defaults, rows):
    from transformers import CONFIG_MAPPING
    import transformers

    def find(node):
        found = getattr(transformers, node["class"], None)
        if found is None:
            for module in list(sys.modules.values()):
                if getattr(module, "__name__", "").startswith("transformers.models") and "configuration" in module.__name__:
                    found = found or getattr(module, node["class"], None)
        return found

    lines, parts, seen = {}, {}, {}

    def walk(name, node, top):
        key = (node["class"], node.get("model_type") or name)
        own = name if top else node.get("model_type") or name
        if key not in seen:
            seen[key] = pairs(node, find(node), rows)
        if top or own not in defaults and own not in lines:
            lines[own] = seen[key]
        for part, sub in sorted(node.get("sub", {}).items()):
            kind = sub.get("model_type") or f"{own}/{part}"
            walk(f"{own}/{part}", sub, False)
            given = {**sub.get("differs_in_default_root", {}), **sub.get("when_absent", {})}
            derived = {k: v for k, v in sub.get("derived", {}).items() if k not in given}
            fields = pairs(dict(sub, root={**sub["root"], **given}, derived=derived), find(sub), rows)
            if f"{own}/{part}" not in lines and not (conventional(own, part, kind) and fields == seen[(sub["class"], kind)]):
                parts[f"{own}/{part}"] = (kind, fields)

    for name, node in defaults.items():
        if "error" not in node:
            CONFIG_MAPPING[name]
    outside = left_out(defaults)
    for name, node in sorted(defaults.items()):
        if "error" not in node and name not in outside:
            walk(name, node, True)
    return lines, parts


def delta(fields, base):
    out = {k: v for k, v in fields.items() if base.get(k) != v}
    out.update({k: "null" for k in base if k not in fields})
    return out


def size(fields):
    return sum(len(k) + len(v) + 2 for k, v in fields.items())


def bases_of(lines):
    """The lines that others are told by, chosen one after the other by what each saves. Chains have one step."""
    names = sorted(lines)
    full = {name: size(lines[name]) for name in names}
    apart = {
        b: {c: size(delta(lines[c], lines[b])) + len(b) + 6 for c in names if c != b and not lines[c].keys().isdisjoint(lines[b])}
        for b in names
    }
    cost, bases, chosen = dict(full), {}, set()

    def saved(b):
        others = sum(cost[c] - far for c, far in apart[b].items() if far < cost[c] and c not in chosen)
        return others + cost[b] - full[b]

    while True:
        best = max((b for b in names if b not in chosen), key=saved)
        if saved(best) <= 0:
            return bases
        chosen.add(best)
        bases.pop(best, None)
        cost[best] = full[best]
        for c, far in apart[best].items():
            if c not in chosen and far < cost[c]:
                cost[c], bases[c] = far, best


def compress(lines, parts):
    bases, out = bases_of(lines), {}
    for name, fields in lines.items():
        base = bases.get(name, name)
        out[name] = fields if base == name else {"like": base, **delta(fields, lines[base])}
    for name, (kind, fields) in parts.items():
        base = out[kind].get("like", kind)
        out[name] = {"like": base, **delta(fields, lines[base])}
    return out


def main():
    defaults = json.loads(Path(sys.argv[1]).read_text())
    source = Path(sys.argv[2]) / "model"
    rows = spellings((source / "spellings.rs").read_text())
    lines, parts = collect(defaults, rows)
    table = {**compress(lines, parts), **REMOTE}
    text = "".join(
        f"{name}\t{' '.join(f'{k}={v}' for k, v in sorted(fields.items(), key=lambda p: (p[0] != 'like', p[0])))}\n"
        for name, fields in sorted(table.items())
    )
    (source / "class_defaults.tsv").write_text(text)
    print(f"{len(table)} lines, {len(text)} bytes, {sum('/' in n for n in table)} parts")


main()
