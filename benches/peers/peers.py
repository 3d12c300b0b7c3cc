"""What other tools say of the same files, and how long they take.

    python peers.py --migfit target/release/migfit FOLDER
    python peers.py --migfit target/release/migfit FOLDER --parameters params.tsv --caches kv.tsv

FOLDER holds files of the form of config.json. The two tables hold what is right: `file` and `total_params`; `hf_id`
and `bytes_per_token_unbounded`. Without them a peer is held against migfit alone.

What each peer is asked: tools.py. Times are of the processor, the median of the files; imports are not counted, and for
migfit they are those of the whole command.
"""

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path

import alone
from tools import PEERS


def migfit(program, folder):
    """Parameters and cache bytes of every file, and the processor's seconds for one."""
    begin = os.times()
    run = subprocess.run([program, "inspect", folder, "--json"], capture_output=True, text=True, check=False)
    end = os.times()
    seconds = end.children_user + end.children_system - begin.children_user - begin.children_system
    answers = {}
    for line in run.stdout.splitlines():
        answer = json.loads(line)
        if "parameters" not in answer:
            continue
        name = Path(answer["file"]).name
        answers[name] = (answer["parameters"]["total"], answer["kv_cache"]["bytes_per_token"])
    files = len(list(Path(folder).glob("*.json")))
    return answers, seconds / max(files, 1)


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


def compare(name, figure, answers, truth, seconds):
    """One row of the table: a tool's figures over the files of `truth`."""
    off = [abs(answers[file] - truth[file]) / max(truth[file], 1) for file in truth if file in answers]
    right, near = sum(part == 0 for part in off), sum(0 < part <= 0.01 for part in off)
    median = f"{statistics.median(seconds) * 1e6:,.0f}" if seconds else "-"
    counts = [len(truth), right, near, len(off) - right - near, len(truth) - len(off)]
    print(f"| {name} | {figure} | {' | '.join(map(str, counts))} | {median} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--migfit", required=True)
    parser.add_argument("--parameters", type=Path)
    parser.add_argument("--caches", type=Path)
    parser.add_argument("--peer", choices=PEERS, action="append", help="ask this one only; may be given more than once")
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

    print("| tool | figure | files | right | within 1 % | further off | no answer | processor us a file |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for which, figure in enumerate(figures):
        answers = {file: answer[which] for file, answer in own.items()}
        compare("migfit", figure, answers, truths[which], [own_seconds])
    for name in arguments.peer or PEERS:
        prepare, asked = PEERS[name]
        try:
            prepare()
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        for which, peer in asked.items():
            held(name, figures.index(which), peer, files, truths[figures.index(which)], figures, arguments.wrong)


def held(name, which, peer, files, truth, figures, wrong):
    """Asks a peer about every file of `truth`."""
    answers, seconds = {}, []
    for file in truth:
        try:
            config = json.loads(files[file].read_text())
        except ValueError:
            continue
        outcome = alone.ask(peer, files[file], config)
        if isinstance(outcome, str):
            if wrong:
                print(f"{name}\t{file}\t{outcome}", file=sys.stderr)
            continue
        answers[file] = outcome[0]
        seconds.append(outcome[1])
        if wrong and outcome[0] != truth[file]:
            print(f"{name}\t{file}\t{outcome[0]:,}\tright: {truth[file]:,}", file=sys.stderr)
    compare(name, figures[which], answers, truth, seconds)


if __name__ == "__main__":
    main()
