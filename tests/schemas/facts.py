"""What the schemas say of the fields that exports use, one a line: the form in which every test run knows them."""

import json
from functools import cache
from pathlib import Path

import kubernetes_validate

VERSION = "v1.37.0-local-strict"
HEAD = "# Written by check.py --facts. Columns: API version, kind (or kind of export, for values), field, its types, whether it must be there.\n"


FOLDER = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / VERSION


@cache
def core(name):
    """A schema of Kubernetes itself, or the definitions that all of them refer to."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def of_core(document):
    """The schema of a kind of Kubernetes itself."""
    group, _, version = document["apiVersion"].rpartition("/")
    return core("-".join(part for part in (document["kind"].lower(), group.split(".")[0], version) if part))


class Facts:
    """Rows by API version, kind and field."""

    def __init__(self):
        self.rows = {}

    def add(self, kind, document, schema):
        self.walk((document.get("apiVersion", ""), kind), "", document, [schema])

    def parts(self, schema):
        """`schema` and what it consists of, references followed."""
        found = [schema]
        if "$ref" in schema:
            found += self.parts(core("_definitions")["$defs"][schema["$ref"].rpartition("/")[2]])
        for word in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(word, []):
                found += self.parts(part)
        return found

    def walk(self, of, path, value, schemas):
        parts = [part for schema in schemas for part in self.parts(schema)]
        types = set()
        for part in parts:
            kind = part.get("type", [])
            types.update([kind] if isinstance(kind, str) else kind)
            if part.get("x-kubernetes-int-or-string"):
                types.update(["integer", "string"])
        types.discard("null")
        # Schemas of before 2019 say `number` where they mean what may be both.
        open_ended = not types or any(part.get("x-kubernetes-preserve-unknown-fields") for part in parts)
        said = "any" if open_ended else "|".join(sorted(types))
        if path:
            self.rows[(*of, path)] = (said, self.rows.get((*of, path), ("", False))[1])
        if said == "any" and not any("properties" in part for part in parts):
            return
        if isinstance(value, dict):
            self.fields(of, path, value, parts)
        elif isinstance(value, list):
            items = [part["items"] for part in parts if isinstance(part.get("items"), dict)]
            for item in value:
                self.walk(of, path + "[]", item, items)

    def fields(self, of, path, value, parts):
        names = {name for part in parts for name in part.get("required", [])}
        for name, own in value.items():
            inside = [part["properties"][name] for part in parts if name in part.get("properties", {})]
            place = f"{path}.{name}".lstrip(".")
            if not inside:
                place = path + "{}"
                inside = [part["additionalProperties"] for part in parts if isinstance(part.get("additionalProperties"), dict)]
            self.walk(of, place, own, inside or [{}])
            if name in names and not place.endswith("{}"):
                self.rows[(*of, place)] = (self.rows[(*of, place)][0], True)

    def write(self, path):
        lines = ["\t".join([*key, types, "required" if required else "-"]) for key, (types, required) in sorted(self.rows.items())]
        Path(path).write_text(HEAD + "\n".join(lines) + "\n")
