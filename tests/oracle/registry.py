"""The library's registered (model type, class) pairs and what their config classes default to."""

import inspect
import json

import transformers
from transformers.models.auto import configuration_auto, modeling_auto

CATEGORIES = (
    ("causal-lm", "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES"),
    ("image-text-to-text", "MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES"),
    ("multimodal-lm", "MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES"),
    ("seq2seq", "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES"),
    ("speech-seq2seq", "MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING_NAMES"),
    ("masked-lm", "MODEL_FOR_MASKED_LM_MAPPING_NAMES"),
    ("sequence-classification", "MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES"),
    ("base", "MODEL_MAPPING_NAMES"),
)

# Written into every config by the library, without effect on any shape.
NOISE = frozenset(
    "_name_or_path transformers_version chunk_size_feed_forward id2label label2id problem_type "
    "output_attentions output_hidden_states return_dict dtype torch_dtype _attn_implementation "
    "_experts_implementation use_cache architectures is_encoder_decoder bos_token_id eos_token_id "
    "initializer_range initializer_factor hidden_act activation_function".split()
)


def pairs():
    """Every (category, model_type, class name), a pair under the first category that lists it."""
    seen = set()
    for category, mapping in CATEGORIES:
        for model_type, names in sorted(getattr(modeling_auto, mapping).items()):
            for name in (names,) if isinstance(names, str) else names:
                if (model_type, name) not in seen:
                    seen.add((model_type, name))
                    yield category, model_type, name


def config_class(model_type):
    return configuration_auto.CONFIG_MAPPING[model_type]


def model_class(name):
    return getattr(transformers, name)


def plain(value):
    """The value as JSON holds it: tuples as lists, types and dtypes as text."""
    return json.loads(json.dumps(value, default=str))


def field_defaults(cls):
    """What the class declares for a field (None when it is derived while the config is made)."""
    return plain({k: v for k, v in cls.default_config_fields().items() if not inspect.isclass(v)})


def describe(cls, depth=0):
    """The defaults of one config class, its sub configs' defaults by the class that a file's part gets."""
    config = cls()
    made = plain(config.to_dict())
    subs = {k: v for k, v in vars(config).items() if isinstance(v, transformers.PreTrainedConfig)}
    own = {k: v for k, v in made.items() if k not in NOISE and k not in subs}
    declared = field_defaults(cls)
    derived = {k: v for k, v in own.items() if k != "model_type" and v is not None and declared.get(k) != v}
    known = getattr(cls, "sub_configs_defaults", None) or {}
    out = {
        "class": cls.__name__,
        "root": {k: v for k, v in sorted(own.items()) if k != "model_type"},
        "derived": derived,
        "attribute_map": dict(cls.attribute_map),
        "keys_tied": {"root": own.get("tie_word_embeddings")},
    }
    if depth < 4:
        out["sub"] = {}
        for key, sub in subs.items():
            part = describe(type(sub), depth + 1)
            part["model_type"] = type(sub).model_type
            # A root that is written without this part makes it with these instead of the part's own defaults.
            part["when_absent"] = known[key].init_kwargs if key in known else {}
            actual = {k: v for k, v in made[key].items() if k not in NOISE and not isinstance(v, dict)}
            part["differs_in_default_root"] = {k: v for k, v in actual.items() if k in part["root"] and part["root"][k] != v}
            part["when_absent"] = plain(part["when_absent"])
            out["sub"][key] = part
            out["keys_tied"][key] = part["keys_tied"]["root"]
        out["optional_sub"] = sorted(k for k in known if k not in subs)
    return out


def all_defaults():
    out = {}
    for model_type in sorted(configuration_auto.CONFIG_MAPPING_NAMES):
        try:
            out[model_type] = describe(config_class(model_type))
        except Exception as error:  # a class that cannot be made with defaults is a fact of its own
            out[model_type] = {"error": f"{type(error).__name__}: {error}"[:400]}
    return out
