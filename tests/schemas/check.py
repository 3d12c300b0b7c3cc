"""Holds every export to the schema of its kind. See README.md."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

import facts
import shapes

# Kind, repository, file of its CustomResourceDefinition (or of Crossplane's equivalent).
DEFINITIONS = [
    ("InferenceService", "kserve/kserve", "config/crd/full/serving.kserve.io_inferenceservices.yaml"),
    ("LLMInferenceService", "kserve/kserve", "config/crd/full/llmisvc/serving.kserve.io_llminferenceservices.yaml"),
    ("LeaderWorkerSet", "kubernetes-sigs/lws", "config/crd/bases/leaderworkerset.x-k8s.io_leaderworkersets.yaml"),
    ("NIMService", "NVIDIA/k8s-nim-operator", "config/crd/bases/apps.nvidia.com_nimservices.yaml"),
    ("Workspace", "kaito-project/kaito", "config/crd/bases/kaito.sh_workspaces.yaml"),
    ("ModelDeployment", "modelplaneai/modelplane", "apis/modeldeployments/definition.yaml"),
    ("InferenceClass", "modelplaneai/modelplane", "apis/inferenceclasses/definition.yaml"),
    ("ResourceFlavor", "kubernetes-sigs/kueue", "config/components/crd/bases/kueue.x-k8s.io_resourceflavors.yaml"),
    ("ClusterQueue", "kubernetes-sigs/kueue", "config/components/crd/bases/kueue.x-k8s.io_clusterqueues.yaml"),
    ("LocalQueue", "kubernetes-sigs/kueue", "config/components/crd/bases/kueue.x-k8s.io_localqueues.yaml"),
    ("WorkloadPriorityClass", "kubernetes-sigs/kueue", "config/components/crd/bases/kueue.x-k8s.io_workloadpriorityclasses.yaml"),
    ("ClusterAdmissionPolicy", "kubewarden/kubewarden-controller", "charts/kubewarden-crds/templates/crds/policies.kubewarden.io_clusteradmissionpolicies.yaml"),
]
VALUES = {"production-stack-values": ("vllm-project/production-stack", "helm/values.schema.json")}
# Charts without a schema, by their defaults; names that only a comment there tells.
DEFAULTS = {
    "ollama-values": ("otwld/ollama-helm", "values.yaml", ()),
    "gpu-operator-values": (
        "NVIDIA/gpu-operator",
        "deployments/gpu-operator/values.yaml",
        (("migManager", "config", "create"), ("migManager", "config", "name"), ("migManager", "config", "data")),
    ),
}
# A file that a program reads, by its types.
TYPES = {"Configuration": ("kubernetes-sigs/kueue", "apis/config/v1beta2/configuration_types.go", "config.kueue.x-k8s.io/v1beta2")}
# An idea of an issue: nothing is published that it could be held against.
WITHOUT = {"InferenceEnvironment"}
CORE = {"Pod", "Deployment", "Service", "ConfigMap", "ResourceQuota", "ResourceClaimTemplate", "DeviceClass"}
VERSIONS = ["1.34", "1.37"]

CONFIG = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 1024, "intermediate_size": 2816,
    "num_hidden_layers": 8, "num_attention_heads": 16, "num_key_value_heads": 4, "vocab_size": 32000,
    "max_position_embeddings": 8192, "torch_dtype": "bfloat16",
}
SPELLINGS = ["mixed", "single", "gke", "aks", "dra-profile", "dra-capacity", "dra-first-available", "dra-extended", "hami"]
NODES = [
    ["--gpu", "H100-80GB", "--gpus", "8", "--layout", "0-3: 4g.40gb 3g.40gb", "--layout", "4,5: 3x2g.20gb 1g.10gb", "--layout", "6,7: whole"],
    ["--gpu", "H100-80GB", "--gpus", "8", "--layout", "7x1g.10gb", "--nodes", "3"],
    ["--gpu", "A100-40GB", "--gpus", "8", "--layout", "3g.20gb 2x2g.10gb", "--node", "a", "--node", "b"],
    ["--gpu", "A30-24GB", "--layout", "2g.12gb 1g.6gb+me 1g.6gb"],
    ["--gpu", "RTX-PRO-6000-96GB", "--layout", "2g.48gb 1g.24gb+gfx 1g.24gb-me"],
    ["--gpu", "H200-141GB", "--gpus", "8"],
    ["--gpu", "L4-24GB"],
]


def fetched(repository, path):
    mirrors = os.environ.get("MIGFIT_MIRRORS")
    if mirrors:
        folder = Path(mirrors) / repository.replace("/", "+") / "repo"
        if not folder.is_dir():
            return None
        done = subprocess.run(["git", "-C", folder, "show", f"HEAD:{path}"], capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else None
    url = f"https://raw.githubusercontent.com/{repository}/HEAD/{path}"
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


def closed(schema):
    """The schema with every object closed that says what its fields are."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for name, value in schema.items():
        if name == "properties":
            out[name] = {field: closed(inner) for field, inner in value.items()}
        elif name in ("items", "additionalProperties", "allOf", "anyOf", "oneOf", "not"):
            out[name] = closed(value)
        else:
            out[name] = value
    if schema.get("x-kubernetes-int-or-string"):
        out.pop("anyOf", None)
        out["type"] = ["integer", "string"]
    # Parts of an allOf or anyOf are not closed: they speak of the same object.
    whole = "properties" in schema and "additionalProperties" not in schema
    if whole and schema.get("type") == "object" and not schema.get("x-kubernetes-preserve-unknown-fields"):
        out["additionalProperties"] = False
    return out


def definitions():
    known = {}
    for kind, repository, path in DEFINITIONS:
        text = fetched(repository, path)
        if text is None:
            print(f"not checked: {kind}: {repository} is not at hand")
            known[kind] = None
            continue
        for document in yaml.safe_load_all(text):
            if not document or "versions" not in document.get("spec", {}):
                continue
            group = document["spec"]["group"]
            for version in document["spec"]["versions"]:
                schema = closed(version["schema"]["openAPIV3Schema"])
                schema.setdefault("properties", {}).update(
                    {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}}
                )
                known[(f"{group}/{version['name']}", kind)] = schema
    for kind, (repository, path, version) in TYPES.items():
        text = fetched(repository, path)
        known[(version, kind)] = shapes.of_types(text, kind) if text else known.setdefault(kind, None)
    return known


def values_of_charts():
    known = {kind: json.loads(fetched(*place)) for kind, place in VALUES.items()}
    for kind, (repository, path, also) in DEFAULTS.items():
        text = fetched(repository, path)
        if text is None:
            print(f"not checked: {kind}: {repository} is not at hand")
        known[kind] = shapes.of_values(text, also) if text else None
    return known


def problems(document, known, values, kind_of_export):
    if "apiVersion" not in document:
        schema = values.get(kind_of_export)
        if schema is None:
            return [] if kind_of_export in values else [f"values of {kind_of_export} have no schema"]
        return [f"{'.'.join(map(str, e.path))}: {e.message}" for e in jsonschema.Draft7Validator(schema).iter_errors(document)]
    kind = document["kind"]
    if kind in CORE:
        found = []
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(document, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                found.append(f"{version}: {'.'.join(map(str, error.path))}: {error.message}")
        return found
    if kind in WITHOUT or known.get(kind, "") is None:
        return []
    schema = known.get((document["apiVersion"], kind))
    if schema is None:
        return [f"{document['apiVersion']} {kind} has no definition"]
    return [f"{'.'.join(map(str, e.path))}: {e.message}" for e in jsonschema.Draft7Validator(schema).iter_errors(document)]


def blind(document, known, values, kind_of_export):
    """A check that cannot fail is a defect: a field that no schema knows must be found."""
    kind = document.get("kind", kind_of_export)
    unchecked = kind in WITHOUT or known.get(kind, "") is None or values.get(kind, "") is None
    if unchecked or kind_of_export in VALUES:
        return []
    worse = json.loads(json.dumps(document))
    inside = worse.get("spec") or worse.get("data") or worse.get("resource") or worse
    inside["surprise"] = {"of": 1}
    return [] if problems(worse, known, values, kind_of_export) else [f"{kind}: a field that is not known passes"]


def learn(learnt, document, known, values, kind_of_export):
    """Notes what the schema of `document` says of its fields."""
    kind = document.get("kind", kind_of_export)
    if kind in CORE:
        learnt.add(kind, document, facts.of_core(document))
    elif "apiVersion" not in document:
        learnt.add(kind, document, values[kind])
    elif known.get((document["apiVersion"], kind)):
        learnt.add(kind, document, known[(document["apiVersion"], kind)])


def run(program, arguments):
    done = subprocess.run([program, "export", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"migfit export {' '.join(arguments)}\n{done.stderr}")
    return done.stdout


def main():
    program = sys.argv[1]
    known = definitions()
    values = values_of_charts()
    learnt = facts.Facts()
    checked, wrong, left_out, spoiled = {}, [], set(), set()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "model.json"
        config.write_text(json.dumps(CONFIG))
        for nodes in NODES:
            for spelling in SPELLINGS:
                arguments = [
                    "--all", str(config), "--id", "example/small-llama", "--spelling", spelling, "--replicas", "2",
                    "--namespace", "team-a", "--queue", "team-a", "--priority", "serving", "--max-model-len", "2048",
                    "--gpu-memory-utilization", "0.85", "--team", "team-a: gpu=0", "--team", "team-b", *nodes,
                ]
                for form in ("yaml", "json"):
                    out = Path(folder) / form
                    said = run(program, [*arguments, "--output", str(out), *(["--json"] if form == "json" else [])])
                    left_out.update(line for line in said.splitlines() if line.startswith("left out"))
                for path in sorted((Path(folder) / "json").iterdir()):
                    export = json.loads(path.read_text())
                    name = export["kind"]
                    if export["documents"]:
                        text = (Path(folder) / "yaml" / export["file"]).read_text()
                        if list(yaml.safe_load_all(text)) != export["documents"]:
                            wrong.append(f"{name}: the YAML reads otherwise than the JSON ({spelling}, {nodes[1]})")
                    else:
                        script = Path(folder) / "yaml" / export["file"]
                        subprocess.run(["sh", "-n", str(script)], check=True)
                    for document in export["documents"]:
                        kind = document.get("kind", name)
                        checked[kind] = checked.get(kind, 0) + 1
                        if kind not in spoiled:
                            spoiled.add(kind)
                            wrong.extend(blind(document, known, values, name))
                        learn(learnt, document, known, values, name)
                        for problem in problems(document, known, values, name):
                            wrong.append(f"{name}: {kind}: {problem} ({spelling}, {nodes[1]})")
                    path.unlink()
    for kind, count in sorted(checked.items()):
        print(f"{count:6} {kind}")
    for line in sorted(left_out):
        print(line)
    for line in sorted(set(wrong)):
        print("wrong:", line)
    if not wrong and sys.argv[2:3] == ["--facts"]:
        learnt.write(sys.argv[3])
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
