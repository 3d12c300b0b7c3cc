"""Runs `migfit inspect DIR --json` on every config of a sweep and writes the share that is exact.

    compare.py SWEEP.jsonl ... [--migfit PATH] [--table OUT.md] [--misses OUT.tsv] [--category NAME ...]
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile


def read_sweeps(paths, categories):
    """Every record that could be built, a config that two sweeps share once."""
    records = {}
    for path in paths:
        with path.open() as file:
            for made in map(json.loads, file):
                if "error" not in made and (not categories or made["category"] in categories):
                    records.setdefault((made["category"], json.dumps(made["config"], sort_keys=True)), made)
    return list(records.values())


def inspect(migfit, records):
    """What migfit says of each record, by the record's number."""
    with tempfile.TemporaryDirectory() as folder:
        for number, made in enumerate(records):
            pathlib.Path(folder, f"{number:06}.json").write_text(json.dumps(made["config"]))
        # A folder with files that migfit refuses may end with a status of its own; the lines are what counts.
        done = subprocess.run([migfit, "inspect", folder, "--json"], capture_output=True, text=True, check=False)
    said = {}
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        said[int(pathlib.Path(answer["file"]).stem)] = answer
    if not said:
        sys.exit(f"{migfit} said nothing: {done.stderr.strip()[:400]}")
    return said


def verdict(made, answer):
    parameters = (answer or {}).get("parameters") or {}
    if "total" not in parameters:
        return "refused"
    if parameters["total"] == made["total"]:
        active = made.get("active")
        return "exact" if active is None or parameters.get("active") == active else "active"
    return "wrong" if answer.get("known", True) else "assumed"


def table(judged):
    lines = [
        "| category | records | exact total | share | and active | wrong | marked assumed | refused | pairs | every record exact |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    names = list(dict.fromkeys(made["category"] for made, _ in judged))
    for name in names + ["all"]:
        rows = [(made, v) for made, v in judged if name in (made["category"], "all")]
        n = {v: sum(1 for _, w in rows if w == v) for v in ("exact", "active", "wrong", "assumed", "refused")}
        totals = n["exact"] + n["active"]
        pairs = {}
        for made, v in rows:
            pairs.setdefault((made["model_type"], made["architecture"]), []).append(v in ("exact", "active"))
        whole = sum(all(good) for good in pairs.values())
        lines.append(
            f"| {name} | {len(rows)} | {totals} | {100 * totals / len(rows):.1f} % | {n['exact']} | {n['wrong']} | "
            f"{n['assumed']} | {n['refused']} | {len(pairs)} | {whole} |"
        )
    return "\n".join(lines) + "\n"


def miss(made, answer, verdict_):
    said = ((answer or {}).get("parameters") or {}).get("total")
    difference = "" if said is None else said - made["total"]
    error = (answer or {}).get("error", "")
    text = json.dumps(error) if error else ""
    return [verdict_, made["category"], made["model_type"], made["architecture"], made["level"], made["total"], said if said is not None else "", difference, made.get("active", ""), ((answer or {}).get("parameters") or {}).get("active", ""), text[:200], json.dumps(made["config"], separators=(",", ":"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sweeps", type=pathlib.Path, nargs="+")
    parser.add_argument("--migfit", default="migfit")
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--misses", type=pathlib.Path)
    parser.add_argument("--category", nargs="*", default=[])
    arguments = parser.parse_args()
    records = read_sweeps(arguments.sweeps, arguments.category)
    said = inspect(arguments.migfit, records)
    judged = [(made, verdict(made, said.get(number))) for number, made in enumerate(records)]
    text = table(judged)
    print(text, end="")
    if arguments.table:
        arguments.table.write_text(text)
    if arguments.misses:
        head = "verdict category model_type architecture level total ours difference active our_active error config".split()
        rows = [miss(made, said.get(number), v) for number, (made, v) in enumerate(judged) if v != "exact"]
        arguments.misses.write_text("\n".join("\t".join(map(str, r)) for r in [head] + rows) + "\n")


if __name__ == "__main__":
    main()
