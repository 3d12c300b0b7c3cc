"""Schemas of what publishes none: values of a chart by its defaults, a configuration by the types of its program."""

import re

import yaml


def of_values(text, also=()):
    """What a chart's defaults say: the names that there are, and the kinds of those that have a default. What is empty
    or absent there may be anything. `also` are names that only a comment tells, as paths."""
    schema = of_default(yaml.safe_load(text))
    for path in also:
        inside = schema
        for name in path:
            inside = inside["properties"].setdefault(name, {})
    return schema


def of_default(value):
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int):
        return {"type": "integer"}
    if isinstance(value, str):
        return {"type": "string"}
    if isinstance(value, dict) and value:
        return {"type": "object", "properties": {name: of_default(own) for name, own in value.items()}, "additionalProperties": False}
    if isinstance(value, dict):
        return {"type": "object"}
    if isinstance(value, list):
        return {"type": "array"}
    return {}


PLAIN = {"string": "string", "bool": "boolean", "int": "integer", "int32": "integer", "int64": "integer"}


def of_types(text, name):
    """The schema of the Go type `name` of one file; types of other packages may be anything."""
    structs = dict(re.findall(r"^type (\w+) struct \{(.*?)^\}", text, re.M | re.S))
    words = dict(re.findall(r"^type (\w+) (string)$", text, re.M))

    def of(kind):
        kind = kind.lstrip("*")
        if kind.startswith("[]"):
            return {"type": "array", "items": of(kind[2:])}
        if kind.startswith("map[string]"):
            return {"type": "object", "additionalProperties": of(kind[11:])}
        if kind.endswith("ResourceList"):
            return {"type": "object", "additionalProperties": {"type": ["string", "integer"]}}
        if kind.endswith("ResourceName") or kind in words:
            return {"type": "string"}
        if kind in PLAIN:
            return {"type": PLAIN[kind]}
        return of_struct(kind) if kind in structs else {}

    def of_struct(kind):
        properties = {}
        for own, label in re.findall(r"^\s*(?:\w+ )?(\S+) `json:\"([^\"]*)\"`", structs[kind], re.M):
            field, *options = label.split(",")
            if "inline" in options:
                properties.update(of_struct(own)["properties"] if own in structs else {"apiVersion": {"type": "string"}, "kind": {"type": "string"}})
            else:
                properties[field] = of(own)
        return {"type": "object", "properties": properties, "additionalProperties": False}

    return of_struct(name)
