"""The peers, and how each is asked for one figure of one config.

Most ask the Hub for a config by a model's id: here that lookup alone is answered from the file, and all that follows is
theirs. A peer returns its figure and the seconds that it took; whatever it raises is no answer.
"""

import os
import tempfile
import time
import types
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
GIB = 1 << 30
# Two lengths beyond every window: the difference is what one more token takes.
LONG = 2_000_000


def accelerate(path, config):
    """The bytes of `accelerate estimate-memory` at 32 bits, over four."""
    from accelerate.commands import estimate

    estimate.verify_on_hub = lambda *_: types.SimpleNamespace(config=config, library_name="transformers")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.json").write_text(path.read_text())
        begin = time.perf_counter()
        model = estimate.create_empty_model(folder, "transformers")
        total, _ = estimate.calculate_maximum_sizes(model)
        return total // 4, time.perf_counter() - begin


def prepare_accelerate():
    import torch
    from accelerate.commands import estimate  # noqa: F401

    torch.set_num_threads(1)


def hf_mem(_, config):
    from hf_mem.safetensors.kv_cache import compute_safetensors_kv_cache_size as size

    text = config.get("text_config", config)
    begin = time.perf_counter()
    return size(text, "BF16", LONG + 1) - size(text, "BF16", LONG), (time.perf_counter() - begin) / 2


def prepare_hf_mem():
    import hf_mem.safetensors.kv_cache  # noqa: F401


def fitcheck_config(path):
    from fitcheck import config_parser

    config_parser.hf_hub_download = lambda **_: str(path)
    config_parser._reported_param_count = lambda *_: None
    return config_parser.fetch_model_config(path.stem)


def fitcheck(path, _):
    begin = time.perf_counter()
    return fitcheck_config(path).num_params, time.perf_counter() - begin


def fitcheck_cache(path, _):
    from fitcheck.memory.inference import estimate_inference_memory as estimate

    begin = time.perf_counter()
    config = fitcheck_config(path)
    long = min(LONG, 100_000)
    mib = estimate(config, "bf16", long + 1).kv_cache_mib - estimate(config, "bf16", long).kv_cache_mib
    return round(mib * (1 << 20)), (time.perf_counter() - begin) / 2


def prepare_fitcheck():
    from fitcheck import config_parser  # noqa: F401
    from fitcheck.memory import inference  # noqa: F401


def planner_dims(config):
    from llm_mem_planner import cli

    dims = cli.load_dims(config)
    # Its command asks for the parameters first, and ends where it cannot count them.
    return cli, dims, cli.estimate_params(dims).total


def planner(_, config):
    begin = time.perf_counter()
    return planner_dims(config)[2], time.perf_counter() - begin


def planner_cache(_, config):
    begin = time.perf_counter()
    cli, dims, _ = planner_dims(config)
    gib = cli.estimate_kv_cache_gib(dims, batch=1, seq_len=1, kv_dtype_bytes=2)
    return round(gib * GIB), time.perf_counter() - begin


def prepare_planner():
    from llm_mem_planner import cli  # noqa: F401


def vram_calc_config(folder, path):
    from hf_vram_calc.parser import ConfigParser

    Path(folder, "config.json").write_text(path.read_text())
    return ConfigParser.parse_config(str(Path(folder, "config.json")), path.stem)


def vram_calc(path, _):
    from hf_vram_calc.calculator import ParameterCalculator

    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        count = ParameterCalculator.calculate_transformer_params(vram_calc_config(folder, path))
        return count, time.perf_counter() - begin


def vram_calc_cache(path, _):
    from hf_vram_calc.calculator import VRAMCalculator
    from hf_vram_calc.config import ConfigManager

    calculator = VRAMCalculator(ConfigManager())
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        config = vram_calc_config(folder, path)
        gib = calculator.calculate_kv_cache_memory(config, "bf16", 1, 1)
        return round(gib * GIB), time.perf_counter() - begin


def prepare_vram_calc():
    from hf_vram_calc.calculator import VRAMCalculator  # noqa: F401


PARAMETERS, CACHE = "parameters", "cache bytes a token"
PEERS = {
    "hf-mem": (prepare_hf_mem, {CACHE: hf_mem}),
    "fitcheck-llm": (prepare_fitcheck, {PARAMETERS: fitcheck, CACHE: fitcheck_cache}),
    "llm-mem-planner": (prepare_planner, {PARAMETERS: planner, CACHE: planner_cache}),
    "hf-vram-calc": (prepare_vram_calc, {PARAMETERS: vram_calc, CACHE: vram_calc_cache}),
    "accelerate": (prepare_accelerate, {PARAMETERS: accelerate}),
}
