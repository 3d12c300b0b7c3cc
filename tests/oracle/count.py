"""Builds a model on the meta device (no memory for weights) and counts its parameters."""

import re

import torch
from transformers import PreTrainedModel

TOP_K = "top_k num_experts_per_tok num_experts_per_token moe_topk moe_top_k top_k_experts moe_k experts_per_token".split()


def make(cls, config):
    with torch.device("meta"):
        model = cls(config)
    model.tie_weights()
    return model


def numel(module_or_parameter):
    if module_or_parameter is None:
        return 0
    if isinstance(module_or_parameter, torch.nn.Parameter):
        return module_or_parameter.numel()
    return sum(p.numel() for p in module_or_parameter.parameters())


def head_of(model, method):
    try:
        return getattr(model, method)()
    except Exception:
        return None


def integer_of(holder, names):
    for name in names:
        value = getattr(holder, name, None)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None


def chosen(model, names, experts):
    """Experts per token of the block that holds `experts`: from the block, its router, or a config near it."""
    modules = dict(model.named_modules())
    for depth in range(len(names) - 1, -1, -1):
        parent = modules[".".join(names[:depth])]
        holders = [parent] + [c for n, c in parent.named_children() if re.search("gate|router", n)] if depth == len(names) - 1 else [parent]
        holders += [c for c in (getattr(parent, "config", None),) if c is not None]
        for holder in holders:
            found = integer_of(holder, TOP_K)
            if found and found <= experts:
                return found
    return None


def expert_blocks(model):
    """(path, parameters, number of experts) of every set of routed experts; one that two modules share counts once."""
    blocks, seen = {}, set()
    for name, module in model.named_modules():
        last = name.rsplit(".", 1)[-1]
        inside = any(name.startswith(done + ".") for done in blocks)
        fresh = [p for p in module.parameters() if id(p) not in seen]
        if inside or not re.fullmatch(r"(\w+_)?experts", last) or "shared" in last or not fresh:
            continue
        if isinstance(module, (torch.nn.ModuleList, torch.nn.ModuleDict)):
            count = len(module)
        else:  # a norm among them has no axis of experts and is passed whole
            fresh = [p for p in fresh if p.dim() >= 2]
            count = integer_of(module, ["num_experts", "num_local_experts", "moe_num_experts"]) or (fresh and fresh[0].shape[0])
        if count:
            blocks[name] = (sum(p.numel() for p in fresh), count)
            seen.update(map(id, fresh))
    for name, module in model.named_modules():  # GraniteMoe, JetMoe: two 3-D weights beside the router
        if type(module).__name__.endswith("ParallelExperts"):
            blocks = {path: block for path, block in blocks.items() if not name.startswith(path + ".")}
            blocks[name] = (numel(module), module.weight.shape[0])
    return [(path, size, count) for path, (size, count) in blocks.items()]


def groups(model, embed, lm_head):
    """Coarse groups by name; a parameter is in the first that matches."""
    rules = (
        ("vision", r"(^|\.)(vision|visual|image|vit)(?!_token)"), ("audio", r"(^|\.)(audio|speech)"),
        ("norm", r"norm|\bln_|layer_?norm"),
    )
    out = {}
    for name, parameter in model.named_parameters():
        group = next((g for g, rule in rules if re.search(rule, name.rsplit(".weight", 1)[0])), None)
        if group:
            out[group] = out.get(group, 0) + parameter.numel()
    return out


def count(cls, config):
    model = make(cls, config)
    total = sum(p.numel() for p in model.parameters())
    embed_module, head_module = head_of(model, "get_input_embeddings"), head_of(model, "get_output_embeddings")
    embed_weight = getattr(embed_module, "weight", None)
    head_weight = getattr(head_module, "weight", None)
    tied = head_weight is not None and head_weight is embed_weight
    routed = active_routed = 0
    top, number = None, None
    unknown = False
    for path, size, experts in expert_blocks(model):
        per_token = chosen(model, path.split("."), experts)
        routed += size
        unknown |= per_token is None
        active_routed += size * (per_token or experts) // experts
        top, number = per_token, experts
    bias = sum(b.numel() for n, b in model.named_buffers() if n.endswith("correction_bias"))
    record = {
        "total": total, "tied": tied, "embed": numel(embed_module) if embed_module is not None else 0,
        "lm_head": 0 if tied or head_module is None else numel(head_module), "groups": groups(model, 0, 0),
    }
    if routed:
        record |= {"routed": routed, "experts": number, "top_k": top, "active": None if unknown else total - routed + active_routed}
    if bias:
        record["router_bias_buffers"] = bias
    return record, model


def fold(names):
    """Parameter names and shapes with the repeated layers folded: `layers.{0,2-5}.mlp.up_proj.weight (96, 150)`."""
    lines, where = [], {}
    for name, shape in names:
        numbers = re.findall(r"(?<=\.)\d+(?=\.)", "." + name)
        pattern = re.sub(r"(?<=\.)\d+(?=\.)", "#", "." + name)[1:]
        key = (pattern, shape)
        if key not in where:
            where[key] = []
            lines.append(key)
        where[key].append(".".join(numbers))
    out = []
    for pattern, shape in lines:
        ids = where[(pattern, shape)]
        out.append(f"{pattern} {list(shape)}" + (f"  # = {','.join(ids)}" if ids != [""] else ""))
    return out


def named(model: PreTrainedModel):
    return [(name, tuple(parameter.shape)) for name, parameter in model.named_parameters()]
