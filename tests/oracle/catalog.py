"""Writes the catalog of well-known models, core/src/catalog/facts.tsv.

    MIGFIT_REFERENCE=... python3 tests/oracle/catalog.py

From published config.json files (reference/configs below MIGFIT_REFERENCE), their exact totals (reference/params.tsv)
and catalog.tsv beside this file. A field is kept where the reader's source knows its name; lists of quantized or kept
modules that name every layer are said once, with `*` for the number. Tests compare every entry with its file.
"""

import json
import os
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REFERENCE = Path(os.environ.get("MIGFIT_REFERENCE", ROOT.parent / "shared")) / "reference"
OUT = ROOT / "core/src/catalog/facts.tsv"

# Named like fields that the reader knows, but about sampling, training or output only.
NOISE = {
    "add_cross_attention", "attn_implementation", "cross_attention_hidden_size", "eos_token_id",
    "fmt", "hidden_act", "initializer_range", "is_decoder", "observer", "output_activations",
    "pad_token_id", "prefix", "quantization_status", "rms_norm_eps", "rope_theta", "topk_group", "use_cache",
    "id2label", "label2id", "global_compression_ratio", "LABEL_0", "bf16", "fp16", "fp32", "scale_fmt", "dim_norm",
    "max_length", "num_beams", "top_p", "temperature", "transformers_version", "auto_map",
}
# Not a model that is served under this id: drafts, edited or invented names, files that are not transformers'.
LEFT_OUT = ("draft__", "#", "-like", "granite-4-8b-dense", "Efficient-Large-Model", "lmms-lab", "liuhaotian",
            "Skywork__", "LargeWorldModel", "WizardLM", "codefuse",
            # Families that the reader does not know, or does not count exactly.
            "Molmo", "gemma-4-", "Phi-3-vision", "Qwen2.5-Omni", "Qwen3-ASR", "llava-onevision-qwen2-0.5b")


def known_words():
    text = "".join(
        path.read_text() for end in ("rs", "layout") for path in sorted((ROOT / "core/src/model").rglob(f"*.{end}"))
    )
    return set(re.findall(r"\w+", text)) - NOISE


def pruned(value, words):
    if not isinstance(value, dict):
        return value
    parts = {key: pruned(part, words) for key, part in value.items() if key in words}
    return {key: part for key, part in parts.items() if part != {}}


def class_defaults():
    lines = dict(line.split("\t") for line in (ROOT / "core/src/model/class_defaults.tsv").read_text().splitlines())
    own = {name: dict(pair.split("=", 1) for pair in pairs.split()) for name, pairs in lines.items()}
    return {name: {**own.get(pairs.get("like"), {}), **pairs} for name, pairs in own.items()}


def without_defaults(part, defaults):
    """Leaves out a switch that is off and a field that is null where the class says the same: nobody is told of those."""
    own = defaults.get(part.get("model_type"))
    if own is None:
        return part
    kept = {}
    for key, value in part.items():
        if key == "tie_word_embeddings":
            kept[key] = value
            continue
        if value is None and own.get(key, "null") == "null" or value is False and own.get(key) == "false":
            continue
        kept[key] = without_defaults(value, defaults) if isinstance(value, dict) else value
    return kept


def difference(config, base):
    """What `config` says beyond `base`: fields that differ, part by part, and the names of those that it lacks."""
    found = {}
    for key, value in config.items():
        if key in base and base[key] == value:
            continue
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        found[key] = difference(value, base[key]) if both else value
    lacks = [key for key in base if key not in config]
    return {**found, **({"-": lacks} if lacks else {})}


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def shortened(configs):
    """Says each entry as one base and what differs, where that is shorter. A base stands for itself."""
    families = {}
    for name, config in configs.items():
        families.setdefault("text_config" in config, []).append(name)
    short = {}
    for names in families.values():
        bases, left = [], set(names)
        while left:
            def saved(base):
                return sum(max(0, cost[name] - len(compact(difference(configs[name], configs[base]))) - len(base) - 10)
                           for name in left if name != base)
            cost = {name: len(compact(configs[name])) for name in left}
            best = max(sorted(left), key=saved)
            gain = saved(best)
            bases.append(best)
            left.discard(best)
            if gain == 0:
                bases += sorted(left)
                break
            taken = {name for name in left
                     if len(compact(difference(configs[name], configs[best]))) + len(best) + 10 < cost[name] * 0.7}
            for name in taken:
                short[name] = {"like": best, **difference(configs[name], configs[best])}
            left -= taken
        for base in bases:
            short[base] = configs[base]
    return short


def globs(names):
    """`a.0.b`, `a.1.b` ... as `a.*.b`, where that leaves out two names or more."""
    found = {}
    for name in names:
        pattern = name if name.startswith("re:") else re.sub(r"(?<=\.)\d+(?=\.|$)", "*", name)
        found.setdefault(pattern, []).append(name)
    return [pattern if len(names) > 2 else name for pattern, names in found.items() for name in
            ([pattern] if len(names) > 2 else names)]


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(part) for key, part in value.items() if part is not None}
    return value


def facts(config, words):
    kept = pruned(config, words)
    if "SequenceClassification" in str(config.get("architectures")) and "id2label" in config:
        kept["id2label"] = config["id2label"]
    for part in [kept, *[value for value in kept.values() if isinstance(value, dict)]]:
        quantization = part.get("quantization_config")
        if quantization:
            quantization = part["quantization_config"] = without_nulls(quantization)
            for name in ("ignore", "modules_to_not_convert", "exclude_modules"):
                if quantization.get(name):
                    quantization[name] = globs(quantization[name])
    return kept


def main():
    words = known_words()
    totals = {}
    for line in (REFERENCE / "params.tsv").read_text().splitlines()[1:]:
        cells = line.split("\t")
        totals[cells[0]] = (cells[1], int(cells[4]))
    published, twins, own = {}, {}, []
    for line in (HERE / "catalog.tsv").read_text().splitlines():
        cells = line.split("\t")
        if line.startswith("#"):
            continue
        if len(cells) == 2:
            twins[cells[0]] = cells[1].split()
        else:
            own.append((cells[0].split(), cells[1], json.loads(cells[2])))
    for name, (model, total) in totals.items():
        if any(mark in name for mark in LEFT_OUT):
            continue
        text = (REFERENCE / "configs" / name).read_text()
        config = facts(json.loads(re.sub(r"\b(Infinity|NaN)\b", "null", text)), words)
        published.setdefault((json.dumps(config, sort_keys=True), total), []).append(model)
    entries, configs = {}, {}
    for (config, total), models in published.items():
        models = sorted(models)
        ids = models + [twin for model in models for twin in twins.pop(model, []) if twin not in models]
        entries[models[0]] = (ids, "file", total)
        configs[models[0]] = json.loads(config)
    assert not twins, f"no published file for {sorted(twins)}"
    for ids, total, config in own:
        like = config.get("like")
        known = next((first for first, entry in entries.items() if like in entry[0]), None)
        assert like is None or known, f"{ids[0]} is like an unknown {like}"
        if known:
            # A nested part is given whole, a field that is null is taken away.
            rest = {key: value for key, value in configs[known].items() if key not in config}
            config = {**rest, **{key: value for key, value in config.items() if key != "like" and value is not None}}
        entries[ids[0]] = (ids, "shape", entries[known][2] if total == "=" else int(total))
        configs[ids[0]] = config
    defaults = class_defaults()
    configs = shortened({first: without_defaults(config, defaults) for first, config in configs.items()})
    everything = [model for ids, *_ in entries.values() for model in ids]
    assert len(everything) == len({model.lower() for model in everything}), "an id stands twice: " + str(
        sorted(model for model in everything if everything.count(model) > 1))
    lines = []
    for first in sorted(entries, key=str.lower):
        ids, source, total = entries[first]
        lines.append("\t".join([" ".join(ids), source, str(total), compact(configs[first])]))
    OUT.write_text("\n".join(lines) + "\n")
    print(f"{len(everything)} ids, {len(lines)} shapes, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
