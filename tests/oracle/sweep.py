"""Records: a config as a file would have it, and the counts of the model the library builds from it."""

import copy
import json
import signal
import time

import count
import perturb
import registry
import required

TIMEOUT_S = 90


class Slow(Exception):
    pass


def limited(function, *arguments):
    def stop(*_):
        raise Slow(f"took more than {TIMEOUT_S} s")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(TIMEOUT_S)
    try:
        return function(*arguments)
    finally:
        signal.alarm(0)


def build(model_type, name, written):
    """(counts, model, config object) of a written config, read as the library reads a file."""
    cls = registry.model_class(name)
    config_class = registry.config_class(model_type)
    config = config_class.from_dict(config_class._decode_special_floats(copy.deepcopy(written)))
    used = config
    text = config.get_text_config(decoder=True) if cls.config_class is not type(config) else config
    if cls.config_class is type(text):
        used = text  # what the auto classes do for a text-only head of a composite config
    counts, model = count.count(cls, used)
    return counts, model, config


def written(model_type, name, fields):
    return json.loads(json.dumps({"architectures": [name], "model_type": model_type, **fields}))


def record(category, model_type, name, level, config, counts):
    return {"model_type": model_type, "architecture": name, "category": category, "level": level, "config": config, **counts}


def attempt(category, model_type, name, level, seed):
    """(record, model) of one level, the boldest perturbation that builds; the record has `error` if none does."""
    errors = []
    if level == "default":
        tries = [(None, None, None)]
    else:
        tries = perturb.ATTEMPTS
    for strength, flip, shape in tries:
        config = None
        try:
            fields = {}
            if strength is None:
                fields = required.of_defaults(registry.config_class(model_type))
            else:
                made = registry.config_class(model_type)()
                fields = perturb.overrides(made, level, seed, strength, flip, shape)
            config = written(model_type, name, fields)
            started = time.monotonic()
            counts, model, _ = limited(build, model_type, name, config)
            out = record(category, model_type, name, level, config, counts)
            out["strength"], out["shape"], out["seconds"] = strength, shape, round(time.monotonic() - started, 2)
            return out, model
        except (Exception, Slow) as error:
            errors.append(f"{type(error).__name__}: {' '.join(str(error).split())}"[:240])
    return {"model_type": model_type, "architecture": name, "category": category, "level": level, "config": config, "error": errors[-1], "first_error": errors[0]}, None


def saved(base):
    """The same model with the config as the library would save it, or None where that does not read back alike."""
    try:
        config = registry.config_class(base["model_type"]).from_dict(copy.deepcopy(base["config"]))
        text = json.loads(config.to_json_string(use_diff=True))
        counts, _, _ = limited(build, base["model_type"], base["architecture"], text)
    except (Exception, Slow):
        return None
    if counts["total"] != base["total"]:
        return None
    return record(base["category"], base["model_type"], base["architecture"], base["level"] + "-saved", text, counts)
