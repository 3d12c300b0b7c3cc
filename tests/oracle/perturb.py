"""Small configs whose dimensions differ from the class defaults and from each other.

`overrides(config, size, strength)` returns only what a file would have to say: the fields that differ
from the class defaults, nested as the class nests them. Layer patterns, head sizes and other values
that a class derives are left to the class, as a file leaves them.
"""

import dataclasses
import random
from dataclasses import dataclass, replace

import required
from transformers import PreTrainedConfig

HIDDEN = "hidden_size n_embd d_model dim embed_dim emb_dim".split()
HEADS = (
    "num_attention_heads n_head num_heads n_heads encoder_attention_heads decoder_attention_heads "
    "attention_heads num_decoder_attention_heads encoder_num_attention_heads decoder_num_attention_heads"
).split()
KV_HEADS = (
    "num_key_value_heads n_head_kv num_kv_heads multi_query_group_num encoder_num_key_value_heads "
    "decoder_num_key_value_heads kv_n_heads num_global_key_value_heads swa_num_key_value_heads"
).split()
LAYERS = (
    "num_hidden_layers n_layer n_layers num_layers depth encoder_layers decoder_layers num_decoder_layers "
    "layers encoder_num_hidden_layers decoder_num_hidden_layers"
).split()
FFN = (
    "intermediate_size n_inner ffn_dim d_ff encoder_ffn_dim decoder_ffn_dim ffn_hidden_size hidden_dim "
    "mlp_dim intermediate_size_mlp"
).split()
MOE_FFN = "moe_intermediate_size".split()
SHARED_FFN = (
    "shared_expert_intermediate_size shared_intermediate_size moe_shared_expert_intermediate_size".split()
)
EXPERTS = "num_experts num_local_experts n_routed_experts moe_num_experts".split()
TOP_K = "num_experts_per_tok num_experts_per_token top_k_experts moe_topk moe_top_k moe_k".split()
# value = base + step: small, even (rotary halves) and distinct from every other dimension.
FREE = {
    "kv_lora_rank": 40, "q_lora_rank": 44, "qk_rope_head_dim": 8, "qk_nope_head_dim": 12, "v_head_dim": 20,
    "linear_key_head_dim": 12, "linear_value_head_dim": 16, "linear_num_key_heads": 2, "linear_num_value_heads": 4,
    "index_head_dim": 32, "index_n_heads": 3, "mamba_d_state": 18, "ssm_state_size": 18, "state_size": 18,
    "mamba_d_conv": 3, "linear_conv_kernel_dim": 3, "conv_L_cache": 5, "hidden_size_per_layer_input": 28,
    "vocab_size_per_layer_input": 211, "type_vocab_size": 3, "relative_attention_num_buckets": 10,
    "mamba_head_dim": 12, "mamba_num_heads": 10, "d_kv": 14, "laurel_rank": 6, "moe_latent_size": 36,
    "global_head_dim": 48, "swa_head_dim": 28, "time_step_rank": 7, "mamba_dt_rank": 7, "projector_hidden_size": 52,
}


# From the boldest change to the mildest: (how much, whether bias and tie flags are flipped, shape).
# square: kv heads = heads and every part as wide as the text; wide: heads of 128, as fixed rope sections want.
ATTEMPTS = (
    (3, True, ""), (3, False, ""), (3, False, "square"), (3, False, "wide"), (2, True, ""), (2, False, ""),
    (2, False, "square"), (2, False, "wide"), (1, False, ""), (1, False, "square"), (0, False, ""),
)


@dataclass(frozen=True)
class Size:
    """The dimensions of one part of a model (text, vision, audio or another)."""

    layers: int
    unit: int  # hidden = heads * unit
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    moe_ffn: int
    vocab: int
    experts: int
    top_k: int
    flip_bias: bool
    flip_tie: bool
    free: int  # added to every value of FREE, a multiple of 4 where heads must split

    @property
    def hidden(self):
        return self.heads * self.unit


FIXED = {
    "A": (
        Size(3, 16, 6, 3, 24, 150, 58, 515, 6, 2, True, True, 0),
        Size(2, 16, 5, 5, 16, 118, 54, 331, 4, 1, True, True, 0),
        Size(2, 24, 3, 3, 24, 106, 46, 271, 4, 1, True, True, 0),
        Size(2, 16, 7, 7, 16, 94, 42, 203, 4, 1, True, True, 0),
    ),
    "B": (
        Size(2, 16, 4, 1, 32, 182, 62, 1001, 5, 1, False, False, 4),
        Size(3, 16, 3, 3, 16, 122, 50, 467, 3, 1, False, False, 4),
        Size(3, 20, 2, 2, 20, 98, 38, 389, 3, 1, False, False, 4),
        Size(3, 16, 9, 9, 16, 86, 34, 307, 3, 1, False, False, 4),
    ),
}


def sizes(level, seed):
    """The four part sizes of a level: A and B are fixed, any other name is drawn from the seed and the name."""
    if level in FIXED:
        return FIXED[level]
    draw = random.Random(f"{seed}/{level}")
    taken = set()

    def fresh(low, high, step=2):
        while True:
            value = draw.randrange(low, high, step)
            if value not in taken:
                taken.add(value)
                return value

    parts = []
    for index in range(4):
        heads = draw.choice([2, 3, 4, 6, 8]) if index == 0 else draw.choice([2, 3, 5])
        unit = draw.choice([12, 16, 20, 24])
        while heads * unit in taken:
            heads, unit = heads + 1, draw.choice([8, 12, 16, 20, 24])
        taken.add(heads * unit)
        kv = draw.choice([k for k in range(1, heads + 1) if heads % k == 0]) if index == 0 else heads
        experts = draw.choice([3, 4, 5, 7, 8])
        parts.append(
            Size(
                draw.choice([2, 3, 4, 5]), unit, heads, kv, draw.choice([8, 16, 24, 32, 40]), fresh(90, 400),
                fresh(30, 90), fresh(301, 2000), experts, draw.randrange(1, experts), draw.random() < 0.4,
                draw.random() < 0.4, draw.choice([0, 4, 8]),
            )
        )
    return tuple(parts)


def role(path):
    """0 text, 1 vision, 2 audio, 3 another part; by the path of keys that leads to it."""
    name = ".".join(path)
    if not path or any(word in path[-1] for word in ("text", "llm", "language", "thinker", "attn_config", "ffn_config")):
        return 0
    if any(word in name for word in ("vision", "visual", "image", "vit")):
        return 1
    return 2 if any(word in name for word in ("audio", "speech", "acoustic", "codec")) else 3


def integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def first(own, names):
    return next((n for n in names if integer(own.get(n))), None)


def split(config):
    """The config's own plain fields, and its sub configs."""
    subs = {k: v for k, v in vars(config).items() if isinstance(v, PreTrainedConfig)}
    own = {k: v for k, v in config.to_dict().items() if k not in subs and not k.startswith("_")}
    return own, subs


def per_layer_lists(config, layers):
    """Attributes that say one thing per layer, given or derived."""
    lists = []
    for name in dir(type(config)) + list(vars(config)):
        if name.startswith("_") or name in ("rope_scaling", "torch_dtype", "use_return_dict"):
            continue
        try:
            value = getattr(config, name)
        except Exception:
            continue
        if isinstance(value, (list, tuple)) and len(value) == layers and not any(isinstance(v, (list, dict)) for v in value):
            lists.append(list(value))
    return lists


def layer_count(config, layers, wanted):
    """Enough layers that every kind a pattern has by default occurs, plus one."""
    need = wanted
    for kinds in per_layer_lists(config, layers):
        last_new = max(kinds.index(kind) for kind in set(kinds))
        if last_new + 2 <= 14:
            need = max(need, last_new + 2)
    return need


def hidden_key(own, path):
    """Which field is the part's own width: vision parts may name the text width `hidden_size`."""
    if role(path) and integer(own.get("embed_dim")) and integer(own.get("hidden_size")):
        return "embed_dim"
    return first(own, HIDDEN)


def shaped(plan, flip, shape):
    if not flip:
        plan = tuple(replace(size, flip_bias=False, flip_tie=False) for size in plan)
    if shape == "square":
        text = replace(plan[0], kv_heads=plan[0].heads, head_dim=plan[0].unit, top_k=1)
        plan = tuple(replace(text, layers=size.layers) for size in plan)
    if shape == "wide":
        plan = (replace(plan[0], unit=128, head_dim=128), *plan[1:])
    return plan


def overrides(config, level, seed=0, strength=3, flip=True, shape=""):
    """The fields to write. Strength 3 changes all, 2 leaves other parts than text at their widths,
    1 changes layers, vocabulary and experts only, 0 layers only."""
    plan = shaped(sizes(level, seed), flip, shape)
    widths = {}  # default width -> new width, the text part's first

    def collect(part, path):
        own, subs = split(part)
        key = hidden_key(own, path)
        if key and changes_width(path):
            widths.setdefault(own[key], plan[role(path)].hidden)
        for name, sub in sorted(subs.items(), key=lambda item: role(path + (item[0],))):
            collect(sub, path + (name,))

    def changes_width(path):
        return strength >= 3 or (strength == 2 and role(path) == 0)

    def write(part, path):
        own, subs = split(part)
        out = fields(part, own, path, plan[role(path)], widths, strength if changes_width(path) else min(strength, 1))
        layers = next((out.get(k, own.get(k)) for k in LAYERS if integer(own.get(k))), 0)
        out.update(required.fields(type(part).__name__, layers, plan[role(path)]))
        for name, sub in subs.items():
            if name in out:
                continue
            # A backbone by the name of a timm model, or one whose stages other fields point into, stays as it is.
            if name == "backbone_config" and (strength <= 1 or type(sub).model_type.startswith("timm")):
                continue
            out[name] = {"model_type": type(sub).model_type} if type(sub).model_type else {}
            spec = (getattr(type(part), "sub_configs_defaults", None) or {}).get(name)
            out[name].update(spec.init_kwargs if spec else {})
            out[name].update(write(sub, path + (name,)))
        return out

    collect(config, ())
    return write(config, ())


def fields(config, own, path, size, widths, strength):
    out = {}
    depth = first(own, LAYERS)
    layers = layer_count(config, own[depth], size.layers) if depth else size.layers
    for name in LAYERS:
        if integer(own.get(name)):
            out[name] = layers
    out.update(layer_fields(type(config), own, depth, layers))
    if strength >= 1:
        out.update(count_fields(own, size))
        out.update(flags(own, size))
    if strength >= 2:
        out.update(width_fields(type(config), own, path, size, widths))
    named = {written_name(type(config), k): v for k, v in out.items() if own.get(k) != v}
    return {k: v for k, v in named.items() if k}


def written_name(cls, name):
    """The name a file uses for an attribute; None for one that the class works out from others."""
    declared = {field.name for field in dataclasses.fields(cls)}
    if name in declared:
        return name
    return next((alias for alias, real in cls.attribute_map.items() if real == name and alias in declared), None)


def layer_fields(cls, own, depth, layers):
    """Fields that speak of layers by number or by list, brought into the shorter model's range."""
    out = {}
    declared = cls.default_config_fields()
    for name, value in own.items():
        listed = isinstance(value, list) and depth and len(value) == own[depth] and declared.get(name) is not None
        if listed and not any(isinstance(v, (list, dict)) for v in value):
            kinds = sorted(set(value), key=value.index)
            out[name] = (kinds + value)[:layers] if len(kinds) <= layers else value[:layers]
    for name, limit in (("first_k_dense_replace", 1), ("num_kv_shared_layers", 1), ("max_window_layers", 1)):
        if integer(own.get(name)) and own[name] > limit:
            out[name] = limit
    return out


def count_fields(own, size):
    out = {}
    if "vocab_size" in own and (integer(own["vocab_size"]) or own["vocab_size"] is None):
        out["vocab_size"] = size.vocab
        out.update({k: 1 for k, v in own.items() if k.endswith(("_token_id", "_token_index")) and integer(v) and v >= size.vocab})
    experts = first(own, EXPERTS)
    for name in KV_HEADS:
        if name in own and own[name] is None:
            out[name] = size.kv_heads
    if experts and own[experts] > 1:
        out[experts] = size.experts
        top = first(own, TOP_K) or next((name for name in TOP_K if name in own), None)
        out.update({top: min(size.top_k, size.experts)} if top else {})
        out.update({k: 1 for k in ("n_group", "topk_group", "num_expert_group") if integer(own.get(k))})
    for name in FFN + MOE_FFN + SHARED_FFN:
        if integer(own.get(name)):
            offset = (FFN + MOE_FFN + SHARED_FFN).index(name)
            out[name] = (size.ffn if name in FFN else size.moe_ffn) + (4 * offset if name not in ("intermediate_size", "moe_intermediate_size") else 0)
    for name in ("num_queries", "max_position_embeddings", "n_positions", "max_source_positions", "max_target_positions"):
        if integer(own.get(name)) and own[name] > 64:
            out[name] = 72 + 2 * size.layers
    return out


def flags(own, size):
    out = {}
    for name, value in own.items():
        if isinstance(value, bool) and size.flip_bias and "bias" in name and "relative" not in name:
            out[name] = not value
    if isinstance(own.get("tie_word_embeddings"), bool) and size.flip_tie:
        out["tie_word_embeddings"] = not own["tie_word_embeddings"]
    return out


def width_fields(cls, own, path, size, widths):
    out = {}
    key = hidden_key(own, path)
    own_widths = {**widths, own[key]: size.hidden} if key else widths
    for name in HEADS:
        if integer(own.get(name)):
            out[name] = size.heads
    for name in KV_HEADS:
        if integer(own.get(name)) and own[name]:
            grouped = own[name] != own.get(first(own, HEADS)) or role(path) == 0
            out[name] = size.kv_heads if grouped else size.heads
    for name in ("head_dim", "attention_head_dim", "kv_channels", "hidden_size_per_head"):
        optional = name == "head_dim" and name in own and name in {f.name for f in dataclasses.fields(cls)}
        if (optional or (integer(own.get(name)) and own[name])) and "kv_lora_rank" not in own:
            out[name] = size.head_dim
    for name, value in FREE.items():
        if integer(own.get(name)) and own[name]:
            out[name] = value + (size.free if value >= 8 and not name.endswith(("heads", "_conv")) else 0)
    for name, value in own.items():
        skip = name in out or not integer(value) or value < 32 or name in LAYERS + FFN + MOE_FFN + SHARED_FFN + EXPERTS
        if skip or any(word in name for word in ("token", "position", "image_size", "vocab", "window", "chunk", "length", "index")):
            continue
        for ratio in (1, 2, 4):
            if value % ratio == 0 and value // ratio in own_widths:
                out[name] = own_widths[value // ratio] * ratio
                break
    out.update(mamba_fields(own, out.get(key, own.get(key)) if key else None))
    return out


def mamba_fields(own, hidden):
    """Inner width = expand * hidden = heads * head size, where a class checks it."""
    out = {}
    for heads, head_dim, expand in (
        ("mamba_n_heads", "mamba_d_head", "mamba_expand"),
        ("n_mamba_heads", "mamba_headdim", "mamba_expand"),
        ("num_heads", "head_dim", "expand"),
    ):
        if hidden and all(isinstance(own.get(k), (int, float)) for k in (heads, expand)) and head_dim in own:
            inner = int(own[expand] * hidden)
            if integer(own.get("mamba_d_ssm")):
                out["mamba_d_ssm"] = inner = inner + 16
            out[head_dim] = 8
            out[heads] = inner // 8
            for groups in ("n_groups", "mamba_n_groups", "mamba_ngroups"):
                if integer(own.get(groups)) and own[groups] > 1:
                    out[groups] = 2
    return out
