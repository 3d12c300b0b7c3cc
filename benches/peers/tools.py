"""The peers, and how each is asked for one figure of one config.

Most ask the Hub for a config by a model's id: here that lookup alone is answered from the file, and all that follows is
theirs. A peer returns its figure and the seconds of the processor that it took; whatever it raises is no answer.
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
        begin = time.process_time()
        model = estimate.create_empty_model(folder, "transformers")
        total, _ = estimate.calculate_maximum_sizes(model)
        return total // 4, time.process_time() - begin


def prepare_transformers():
    """What every model of transformers needs is imported once, and its time is not counted."""
    import torch
    import transformers
    import transformers.models.llama.modeling_llama  # noqa: F401

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()


def prepare_accelerate():
    from accelerate.commands import estimate  # noqa: F401

    prepare_transformers()


def hf_mem(_, config):
    from hf_mem.safetensors.kv_cache import compute_safetensors_kv_cache_size as size

    text = config.get("text_config", config)
    begin = time.process_time()
    return size(text, "BF16", LONG + 1) - size(text, "BF16", LONG), (time.process_time() - begin) / 2


def prepare_hf_mem():
    import hf_mem.safetensors.kv_cache  # noqa: F401


def fitcheck_config(path):
    from fitcheck import config_parser

    config_parser.hf_hub_download = lambda **_: str(path)
    config_parser._reported_param_count = lambda *_: None
    return config_parser.fetch_model_config(path.stem)


def fitcheck(path, _):
    begin = time.process_time()
    return fitcheck_config(path).num_params, time.process_time() - begin


def fitcheck_cache(path, _):
    from fitcheck.memory.inference import estimate_inference_memory as estimate

    begin = time.process_time()
    config = fitcheck_config(path)
    long = min(LONG, 100_000)
    mib = estimate(config, "bf16", long + 1).kv_cache_mib - estimate(config, "bf16", long).kv_cache_mib
    return round(mib * (1 << 20)), (time.process_time() - begin) / 2


def prepare_fitcheck():
    from fitcheck import config_parser  # noqa: F401
    from fitcheck.memory import inference  # noqa: F401


def planner_dims(config):
    from llm_mem_planner import cli

    dims = cli.load_dims(config)
    # Its command asks for the parameters first, and ends where it cannot count them.
    return cli, dims, cli.estimate_params(dims).total


def planner(_, config):
    begin = time.process_time()
    return planner_dims(config)[2], time.process_time() - begin


def planner_cache(_, config):
    begin = time.process_time()
    cli, dims, _ = planner_dims(config)
    gib = cli.estimate_kv_cache_gib(dims, batch=1, seq_len=1, kv_dtype_bytes=2)
    return round(gib * GIB), time.process_time() - begin


def prepare_planner():
    from llm_mem_planner import cli  # noqa: F401


def vram_calc_config(folder, path):
    from hf_vram_calc.parser import ConfigParser

    Path(folder, "config.json").write_text(path.read_text())
    return ConfigParser.parse_config(str(Path(folder, "config.json")), path.stem)


def vram_calc(path, _):
    from hf_vram_calc.calculator import ParameterCalculator

    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        count = ParameterCalculator.calculate_transformer_params(vram_calc_config(folder, path))
        return count, time.process_time() - begin


def vram_calc_cache(path, _):
    from hf_vram_calc.calculator import VRAMCalculator
    from hf_vram_calc.config import ConfigManager

    calculator = VRAMCalculator(ConfigManager())
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        config = vram_calc_config(folder, path)
        gib = calculator.calculate_kv_cache_memory(config, "bf16", 1, 1)
        return round(gib * GIB), time.process_time() - begin


def prepare_vram_calc():
    from hf_vram_calc.calculator import VRAMCalculator  # noqa: F401

    prepare_transformers()


def naive(config):
    """What aiconfigurator falls back to where it has no measurements of a model."""
    from aiconfigurator_core.sdk.memory import NaiveKVCacheEstimator

    return NaiveKVCacheEstimator.from_hf_config(config, tp_size=1, pp_size=1)


def aiconfigurator(_, config):
    begin = time.process_time()
    estimator = naive(config)
    return estimator.weight_bytes() // estimator.dtype_bytes, time.process_time() - begin


def aiconfigurator_cache(_, config):
    begin = time.process_time()
    estimator = naive(config)
    estimator.dtype_bytes = 2
    # What it gives for a token is before any window is full; how many tokens fit knows of windows.
    tokens = estimator.get_kvcache_max_tokens(2 << 50) - estimator.get_kvcache_max_tokens(1 << 50)
    return round((1 << 50) / tokens), time.process_time() - begin


def prepare_aiconfigurator():
    from aiconfigurator_core.sdk.memory import NaiveKVCacheEstimator  # noqa: F401


PARAMETERS, CACHE = "parameters", "cache bytes a token"
PEERS = {
    "hf-mem": (prepare_hf_mem, {CACHE: hf_mem}),
    "fitcheck-llm": (prepare_fitcheck, {PARAMETERS: fitcheck, CACHE: fitcheck_cache}),
    "llm-mem-planner": (prepare_planner, {PARAMETERS: planner, CACHE: planner_cache}),
    "aiconfigurator": (prepare_aiconfigurator, {PARAMETERS: aiconfigurator, CACHE: aiconfigurator_cache}),
    "hf-vram-calc": (prepare_vram_calc, {PARAMETERS: vram_calc, CACHE: vram_calc_cache}),
    "accelerate": (prepare_accelerate, {PARAMETERS: accelerate}),
}
