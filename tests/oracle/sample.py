"""A varied sample of a sweep, as rows of the project's own test data."""

import hashlib
import json

SHARE = (("causal-lm", 190), ("image-text-to-text", 90), ("multimodal-lm", 13), ("seq2seq", 24), ("speech-seq2seq", 13), ("masked-lm", 24), ("sequence-classification", 24), ("base", 45))
LARGEST_CONFIG = 1500
COLUMNS = "category model_type architecture level total active config".split()


def rank(*key):
    return hashlib.sha256("/".join(key).encode()).hexdigest()


def row(made):
    config = json.dumps(made["config"], separators=(",", ":"), sort_keys=True)
    active = made.get("active") or made["total"]
    return [made["category"], made["model_type"], made["architecture"], made["level"], str(made["total"]), str(active), config]


def write(sources, out):
    """One record per (type, class), its level drawn by a hash of the names, up to the share of its category."""
    by_pair = {}
    for made in (json.loads(line) for source in sources for line in source.open()):
        unclear = "error" in made or ("routed" in made and made["active"] is None)
        if not unclear and len(json.dumps(made["config"])) <= LARGEST_CONFIG:
            by_pair.setdefault((made["category"], made["model_type"], made["architecture"]), []).append(made)
    rows = []
    for category, share in SHARE:
        pairs = sorted((pair for pair in by_pair if pair[0] == category), key=lambda pair: rank(*pair))
        for pair in pairs[:share]:
            # a third of the pairs show one changed field, the rest a whole level
            kinds = {"single": [], "level": []}
            for made in by_pair[pair]:
                single = made["level"].startswith("one:") or "-text:" in made["level"] or "-tie:" in made["level"]
                kinds["single" if single else "level"].append(made)
            wanted = "single" if int(rank(*pair)[:4], 16) % 3 == 0 and kinds["single"] else "level"
            rows.append(row(min(kinds[wanted] or kinds["single"], key=lambda made: rank(*pair, made["level"]))))
    rows.sort()
    header = [
        "# Parameter counts of configs that no published model has, made on the meta device by the library's own classes.",
        "# made with: generate.py sweep sweep.jsonl --seed 7 --random 2; generate.py sweep singles-a.jsonl --levels A --singles fields-a.jsonl;",
        "#            generate.py sweep singles.jsonl --seed 7 --levels --random 1 --singles fields.jsonl --skip 207;",
        "#            generate.py sample sweep.jsonl singles-a.jsonl singles.jsonl sample.tsv (transformers 5.23.0)",
    ]
    out.write_text("\n".join(header + ["\t".join(COLUMNS)] + ["\t".join(r) for r in rows]) + "\n")
