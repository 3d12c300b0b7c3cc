"""Makes configs and exact counts with the library's own classes. See README.md.

    generate.py defaults OUT.json
    generate.py modules OUT_DIR
    generate.py sweep OUT.jsonl [--seed N] [--levels A B ...] [--random N] [--singles FIELDS.jsonl] [--skip N] [--only TYPE ...]
    generate.py sample SWEEP.jsonl ... OUT.tsv
"""

import argparse
import json
import os
import pathlib
import sys
import time
import warnings

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
warnings.simplefilter("ignore")

import transformers  # noqa: E402

transformers.logging.set_verbosity(transformers.logging.CRITICAL)

import count  # noqa: E402
import registry  # noqa: E402
import sample  # noqa: E402
import sweep  # noqa: E402
import variants  # noqa: E402


def write_modules(folder, only):
    folder.mkdir(parents=True, exist_ok=True)
    for category, model_type, name in registry.pairs():
        if only and model_type not in only:
            continue
        text = [f"{model_type} {name} ({category}), transformers {transformers.__version__}"]
        for level in ("A", "B"):
            made, model = sweep.attempt(category, model_type, name, level, 0)
            text += ["", f"== {level}: " + json.dumps({k: v for k, v in made.items() if k not in ("config", "model_type", "architecture", "category", "seconds")})]
            text.append(json.dumps(made["config"]))
            if model is not None:
                text += count.fold(count.named(model))
        folder.joinpath(f"{model_type}.{name}.txt").write_text("\n".join(text) + "\n")


def write_sweep(out, arguments):
    levels = arguments.levels + [f"R{n}" for n in range(1, arguments.random + 1)]
    explored = set()
    fields = arguments.singles.open("w") if arguments.singles else None
    with out.open("w") as file:
        def put(made):
            file.write(json.dumps(made) + "\n")

        for number, (category, model_type, name) in enumerate(registry.pairs()):
            if arguments.only and model_type not in arguments.only:
                continue
            if number < arguments.skip:
                variants.leave_out(category, model_type, name, explored)
                continue
            for level in levels:
                made, model = sweep.attempt(category, model_type, name, level, arguments.seed)
                del model
                put(made)
                if "error" in made:
                    continue
                if level in ("default", "A") and (copy := sweep.saved(made)):
                    put(copy)
                if level == "A":
                    for other in variants.other_texts(made, arguments.seed):
                        put(other)
                if level == "B":
                    for other in variants.ties(made):
                        put(other)
                if level == levels[0] and fields:
                    records, inert, refused = variants.singles(made, explored)
                    for single in records:
                        put(single)
                    changes = {r["level"][4:]: r["total"] - made["total"] for r in records}
                    line = {"model_type": model_type, "architecture": name, "base": made["config"], "total": made["total"]}
                    fields.write(json.dumps({**line, "changes": changes, "inert": inert, "refused": refused}) + "\n")
                    fields.flush()
            file.flush()
            print(number, category, model_type, name, round(time.monotonic()), file=sys.stderr)
    if fields:
        fields.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["defaults", "modules", "sweep", "sample"])
    parser.add_argument("paths", nargs="+", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--levels", nargs="*", default=["default", "A", "B"])
    parser.add_argument("--random", type=int, default=0, help="levels R1..RN drawn from the seed")
    parser.add_argument("--singles", type=pathlib.Path, help="also change one field of the first level at a time; the fields that matter go here")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many pairs, which another run has")
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    out = arguments.paths[-1]
    if arguments.what == "defaults":
        out.write_text(json.dumps(registry.all_defaults(), indent=1, sort_keys=True) + "\n")
    elif arguments.what == "modules":
        write_modules(out, arguments.only)
    elif arguments.what == "sweep":
        write_sweep(out, arguments)
    else:
        sample.write(arguments.paths[:-1], out)


if __name__ == "__main__":
    main()
