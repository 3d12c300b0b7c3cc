"""What other tools say of the same files, and how long they take.

    python peers.py --migfit target/release/migfit FOLDER
    python peers.py --migfit target/release/migfit FOLDER --parameters params.tsv --caches kv.tsv

FOLDER holds files of the form of config.json. The two tables hold what is right: `file` and `total_params`; `hf_id`
and `bytes_per_token_unbounded`. Without them a peer is held against migfit alone.

Peers: `accelerate estimate-memory` (parameters; of a model of transformers without weights) and `hf-mem` (bytes of
cache for a token). Both ask the Hub for a config by a model's id; here the lookup alone is answered from FOLDER, and
all that follows is theirs.
"""

import argparse
import contextlib
import csv
import io
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import types
import warnings
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
SIXTEEN_BIT = "BF16"


def migfit(program, folder):
    """Parameters and cache bytes of every file, and seconds for each."""
    begin = time.perf_counter()
    run = subprocess.run([program, "inspect", folder, "--json"], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    answers = {}
    for line in run.stdout.splitlines():
        answer = json.loads(line)
        if "parameters" not in answer:
            continue
        name = Path(answer["file"]).name
        answers[name] = (answer["parameters"]["total"], answer["kv_cache"]["bytes_per_token"])
    files = len(list(Path(folder).glob("*.json")))
    return answers, seconds / max(files, 1)


def accelerate(path, config):
    """Parameters: the command's bytes at 32 bits, over four."""
    from accelerate.commands import estimate

    estimate.verify_on_hub = lambda *_: types.SimpleNamespace(config=config, library_name="transformers")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.json").write_text(path.read_text())
        begin = time.perf_counter()
        model = estimate.create_empty_model(folder, "transformers")
        total, _ = estimate.calculate_maximum_sizes(model)
        return total // 4, time.perf_counter() - begin


def hf_mem(_, config):
    """Bytes of cache for a token at 16 bits: the difference between two lengths beyond every window."""
    from hf_mem.safetensors.kv_cache import compute_safetensors_kv_cache_size as size

    text = config.get("text_config", config)
    begin = time.perf_counter()
    bytes_per_token = size(text, SIXTEEN_BIT, 2_000_001) - size(text, SIXTEEN_BIT, 2_000_000)
    return bytes_per_token, (time.perf_counter() - begin) / 2


PEERS = {"accelerate": (accelerate, 0), "hf-mem": (hf_mem, 1)}


def wanted(path, key, value):
    """What is right, by file name."""
    if path is None:
        return None
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t")
    found = {}
    for row in rows:
        if row[value]:
            name = row[key] if key == "file" else row[key].replace("/", "__") + ".json"
            found.setdefault(name, math.ceil(float(row[value])))
    return found


def ask(peer, path, config):
    """A peer's figure and its seconds, or its complaint."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return peer(path, config)
        except BaseException as error:  # noqa: BLE001 a peer may end in any way
            return f"{type(error).__name__}: {str(error).splitlines()[0][:90] if str(error) else ''}"


def line(name, figure, judged, right, silent, seconds):
    """One row of the table."""
    median = f"{statistics.median(seconds) * 1e6:,.0f}" if seconds else "-"
    print(f"| {name} | {figure} | {judged} | {right} | {judged - right - silent} | {silent} | {median} |", flush=True)


def compare(name, figure, answers, truth, seconds):
    """Counts a tool's figures over the files of `truth`."""
    right = sum(1 for file in truth if answers.get(file) == truth[file])
    silent = sum(1 for file in truth if file not in answers)
    line(name, figure, len(truth), right, silent, seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--migfit", required=True)
    parser.add_argument("--parameters", type=Path)
    parser.add_argument("--caches", type=Path)
    parser.add_argument("--peer", choices=PEERS, action="append", help="ask this one only; accelerate takes minutes")
    parser.add_argument("--wrong", action="store_true", help="name every figure that differs, on standard error")
    arguments = parser.parse_args()

    own, own_seconds = migfit(arguments.migfit, arguments.folder)
    truths = [
        wanted(arguments.parameters, "file", "total_params") or {file: answer[0] for file, answer in own.items()},
        wanted(arguments.caches, "hf_id", "bytes_per_token_unbounded") or {file: answer[1] for file, answer in own.items()},
    ]
    files = {path.name: path for path in sorted(arguments.folder.glob("*.json"))}
    truths = [{file: value for file, value in truth.items() if file in files} for truth in truths]
    figures = ["parameters", "cache bytes a token"]

    print("| tool | figure | files | right | wrong | no answer | median us a file |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for which, figure in enumerate(figures):
        answers = {file: answer[which] for file, answer in own.items()}
        compare("migfit", figure, answers, truths[which], [own_seconds])
    for name in arguments.peer or PEERS:
        peer, which = PEERS[name]
        answers, seconds = {}, []
        for file in truths[which]:
            try:
                config = json.loads(files[file].read_text())
            except ValueError:
                continue
            outcome = ask(peer, files[file], config)
            if isinstance(outcome, str):
                if arguments.wrong:
                    print(f"{name}\t{file}\t{outcome}", file=sys.stderr)
                continue
            answers[file] = outcome[0]
            seconds.append(outcome[1])
            if arguments.wrong and outcome[0] != truths[which][file]:
                print(f"{name}\t{file}\t{outcome[0]:,}\tright: {truths[which][file]:,}", file=sys.stderr)
        compare(name, figures[which], answers, truths[which], seconds)


if __name__ == "__main__":
    main()
