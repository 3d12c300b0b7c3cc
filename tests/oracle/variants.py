"""One field changed at a time, other language models, and which level ties: records of each."""

import copy
import json

import perturb
import registry
import required
import sweep

SKIP = ("token", "rope_theta", "rope_parameters", "dropout", "loss", "initializer", "eps", "transformers_version", "softcap", "temperature")
PATTERNS = "layer_types mlp_layer_types layers_block_type no_rope_layers moe_layers indexer_types block_types".split()
EXTRA = {
    "head_dim": [40], "sliding_window_pattern": [2, 3], "full_attention_interval": [2], "q_lora_rank": [None],
    "mlp_only_layers": [[0]], "first_k_dense_replace": [0, 2], "moe_layer_freq": [2], "decoder_sparse_step": [2],
    "n_shared_experts": [2, 0], "num_kv_shared_layers": [0, 2], "attn_layer_indices": [[1]], "moe_layers": [[1]],
    "interleave_moe_layer_step": [1, 2], "add_cross_attention": [True], "type_vocab_size": [1],
}


def candidates(name, value):
    if name in EXTRA:
        return EXTRA[name] + ([2 * value] if perturb.integer(value) and value else [])
    if isinstance(value, bool):
        return [not value]
    if perturb.integer(value):
        return [2 * value, value + 1] if value else [2]
    if isinstance(value, float):
        return [2 * value] if value and ("ratio" in name or "mult" in name or "expand" in name) else []
    if value is None:
        return [24, True]
    if isinstance(value, list) and name in PATTERNS and len(set(map(str, value))) > 1:
        return [value[::-1], value[:1] * len(value), value[-1:] * len(value)]
    if isinstance(value, list) and value and all(perturb.integer(v) for v in value):
        return [[2 * v for v in value]]
    return []


def parts(config, path=()):
    own, subs = perturb.split(config)
    values = {perturb.written_name(type(config), name): value for name, value in own.items()}
    values.pop(None, None)
    for name in PATTERNS:
        if name not in values and isinstance(getattr(config, name, None), (list, tuple)):
            values[name] = list(getattr(config, name))
    if any(perturb.integer(own.get(k)) for k in perturb.HEADS):
        values.setdefault("head_dim", None)
    yield path, type(config), values
    for name, sub in subs.items():
        yield from parts(sub, path + (name,))


def changed(config, path, name, value):
    out = copy.deepcopy(config)
    place = out
    for key in path:
        place = place.setdefault(key, {})
    place[name] = value
    return out


def singles(base, explored):
    """Records of every field that changes a count, and the names of those that do not.

    `explored` holds the config parts already done under this kind of head, so that a text class that
    many models share is explored once."""
    cls = registry.config_class(base["model_type"])
    if base["category"] in ("base", "sequence-classification") and ("head", base["model_type"]) in explored:
        return [], [], []
    explored.add(("head", base["model_type"]))
    config = cls.from_dict(copy.deepcopy(base["config"]))
    records, inert, refused = [], [], []
    for path, part, values in parts(config):
        key = (part.__name__,) if path else (base["category"], base["architecture"])
        if key in explored:
            continue
        explored.add(key)
        for name, value in values.items():
            if name in registry.NOISE or any(word in name for word in SKIP):
                continue
            kinds = set()
            for new in candidates(name, value):
                kinds.add(one(base, path, name, new, records))
            field = ".".join(path + (name,))
            if kinds == {"same"}:
                inert.append(field)
            elif kinds == {"refused"}:
                refused.append(field)
    return records, inert, refused


def leave_out(category, model_type, name, explored):
    """Marks what `singles` would explore of a pair as explored."""
    explored.add(("head", model_type))
    cls = registry.config_class(model_type)
    try:
        config = cls.from_dict(required.of_defaults(cls))
    except Exception:  # its own defaults do not build: it has no record either
        return
    for path, part, _ in parts(config):
        explored.add((part.__name__,) if path else (category, name))


def one(base, path, name, new, records):
    config = changed(base["config"], path, name, new)
    try:
        counts, _, _ = sweep.limited(sweep.build, base["model_type"], base["architecture"], config)
    except (Exception, sweep.Slow):
        return "refused"
    if (counts["total"], counts.get("active")) == (base["total"], base.get("active")):
        return "same"
    level = "one:" + ".".join(path + (name,)) + "=" + json.dumps(new)
    records.append(sweep.record(base["category"], base["model_type"], base["architecture"], level, config, counts))
    return "changed"


TEXTS = "llama mistral qwen2 qwen3 qwen3_moe gemma2 gemma3_text phi3 granite mixtral olmo2 cohere2 internlm3 deepseek_v3".split()


def other_texts(base, seed):
    """A composite class with text parts of other types, where the class accepts any."""
    cls = registry.config_class(base["model_type"])
    spec = (getattr(cls, "sub_configs_defaults", None) or {}).get("text_config")
    if spec is None or spec.config_class.__name__ != "AutoConfig" or "text_config" not in base["config"]:
        return
    for text in TEXTS:
        try:
            fields = perturb.overrides(registry.config_class(text)(), base["level"], seed, 3, False)
        except Exception:
            continue
        config = json.loads(json.dumps({**base["config"], "text_config": {"model_type": text, **fields}}))
        try:
            counts, _, _ = sweep.limited(sweep.build, base["model_type"], base["architecture"], config)
        except (Exception, sweep.Slow):
            continue
        yield sweep.record(base["category"], base["model_type"], base["architecture"], f"{base['level']}-text:{text}", config, counts)


def ties(base):
    """A composite class with every combination of what its two levels say about the output matrix."""
    if base["category"] in ("base", "sequence-classification", "masked-lm"):
        return
    part = next((k for k in ("text_config", "decoder", "encoder") if isinstance(base["config"].get(k), dict)), None)
    for top in (None, True, False) if part else ():
        for text in (None, True, False):
            config = copy.deepcopy(base["config"])
            for place, value in ((config, top), (config[part], text)):
                place.pop("tie_word_embeddings", None)
                if value is not None:
                    place["tie_word_embeddings"] = value
            try:
                counts, _, _ = sweep.limited(sweep.build, base["model_type"], base["architecture"], config)
            except (Exception, sweep.Slow):
                continue
            level = f"{base['level']}-tie:{json.dumps(top)}/{json.dumps(text)}"
            yield sweep.record(base["category"], base["model_type"], base["architecture"], level, config, counts)
