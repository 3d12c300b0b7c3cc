//! Input that is right, made by the project's own writers or written by hand.

use migfit::catalog;
use migfit::gpu::devices;
use migfit_web::state::{Action, Field, State, link as links};
use serde_json::{Value, json};

fn bytes(values: &[Value]) -> Vec<Vec<u8>> {
    values.iter().map(|value| value.to_string().into_bytes()).collect()
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// One config of each shape of the catalog.
pub(crate) fn config() -> Vec<Vec<u8>> {
    let configs = catalog::ids().filter_map(|id| catalog::find(id).ok()?.config().ok());
    let mut all: Vec<Vec<u8>> =
        configs.map(|config| Value::Object(config).to_string().into_bytes()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

pub(crate) fn quantization() -> Vec<Vec<u8>> {
    bytes(&[
        json!({"quant_method": "awq", "bits": 4, "group_size": 128, "zero_point": true, "version": "gemm",
            "modules_to_not_convert": ["lm_head"]}),
        json!({"quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": true, "sym": true, "lm_head": false}),
        json!({"quant_method": "fp8", "activation_scheme": "dynamic", "weight_block_size": [128, 128],
            "ignored_layers": ["model.layers.0.mlp.down_proj"]}),
        json!({"quant_method": "compressed-tensors", "format": "pack-quantized", "ignore": ["re:.*lm_head"],
            "config_groups": {"group_0": {"targets": ["Linear"], "weights": {"num_bits": 4, "group_size": 32,
                "strategy": "group", "symmetric": true, "type": "int"}}}}),
        json!({"quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_use_double_quant": true,
            "bnb_4bit_quant_type": "nf4"}),
        json!({"quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn"]}),
        json!({"quant_method": "modelopt", "quant_algo": "NVFP4", "group_size": 16, "exclude_modules": ["lm_head"]}),
        json!({"quant_method": "torchao", "quant_type": {"default": {"_type": "Int4WeightOnlyConfig"}}}),
        json!({"quant_method": "hqq", "quant_config": {"weight_quant_params": {"nbits": 4, "group_size": 64}}}),
    ])
}

pub(crate) fn side_file() -> Vec<Vec<u8>> {
    bytes(&[
        json!({"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "FP8", "kv_cache_quant_algo": "FP8",
            "exclude_modules": ["lm_head"]}}),
        json!({"quantization": {"quant_algo": "MIXED_PRECISION", "quantized_layers": {
            "model.layers.0.mlp.up_proj": {"quant_algo": "NVFP4", "group_size": 16}}}}),
    ])
}

pub(crate) fn evidence() -> Vec<Vec<u8>> {
    let header = json!({"__metadata__": {"format": "pt"},
        "lm_head.weight": {"dtype": "BF16", "shape": [32000, 4096], "data_offsets": [0, 262_144_000]}})
    .to_string();
    let length = (header.len() as u64).to_le_bytes();
    let mut all = bytes(&[
        json!({"metadata": {"total_size": 13_476_831_232_u64}, "weight_map": {"lm_head.weight": "a.safetensors"}}),
        json!({"safetensors": {"parameters": {"BF16": 6_738_415_616_u64}, "total": 6_738_415_616_u64}}),
    ]);
    all.push([&length[..], header.as_bytes()].concat());
    all
}

pub(crate) fn adapter() -> Vec<Vec<u8>> {
    bytes(&[
        json!({"peft_type": "LORA", "r": 16, "lora_alpha": 32, "target_modules": ["q_proj", "v_proj"],
            "base_model_name_or_path": "meta-llama/Llama-3.1-8B-Instruct", "rank_pattern": {"down_proj": 8}}),
        json!({"peft_type": "LORA", "r": 8, "target_modules": "all-linear", "use_dora": true}),
    ])
}

pub(crate) fn cards() -> Vec<Vec<u8>> {
    bytes(&[
        json!({"gpus": [{"key": "h100-80gb-sxm", "memoryMiB": 81_000}]}),
        json!({"gpus": [{"key": "my-card", "architecture": "hopper", "memoryMiB": 24_000, "computeSlices": 3,
            "memorySlices": 3, "bandwidthGBs": 900,
            "profiles": [{"name": "1g.8gb", "memoryMiB": 7_600, "memorySlices": 1, "starts": [0, 1, 2]}]}]}),
    ])
}

pub(crate) fn names() -> Vec<Vec<u8>> {
    let labels = devices().iter().map(|device| device.label());
    let slices = devices().iter().filter(|device| device.profile.is_some());
    let resources = slices.map(|device| device.resource_name());
    labels.chain(resources).chain(catalog::ids().map(str::to_owned)).map(String::into_bytes).collect()
}

pub(crate) fn layout() -> Vec<Vec<u8>> {
    texts(&[
        "3g.40gb@4, 2x1g.10gb",
        "3g 2g 1g 1g",
        "nothing",
        "4g.20gb@0, 3g.20gb@4",
        "7g",
        "1g.6gb+me, 1g.6gb, 2g.12gb",
    ])
}

pub(crate) fn inventory() -> Vec<Vec<u8>> {
    bytes(&[
        json!({"kind": "Node", "metadata": {"name": "n", "labels": {"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
            "nvidia.com/mig.strategy": "mixed", "nvidia.com/mig-1g.10gb.count": "7",
            "nvidia.com/mig-1g.10gb.memory": "9984"}},
            "status": {"allocatable": {"nvidia.com/mig-1g.10gb": "7", "nvidia.com/gpu": "0"}}}),
        json!({"kind": "ResourceSlice", "spec": {"driver": "gpu.nvidia.com", "nodeName": "n", "devices": [
            {"name": "gpu-0-mig-1g10gb-19-0", "attributes": {"type": {"string": "mig"},
                "profile": {"string": "1g.10gb"}, "productName": {"string": "NVIDIA H100 80GB HBM3"}},
                "capacity": {"memory": {"value": "9984Mi"}, "multiprocessors": {"value": "16"}}}]}}),
        json!({"version": "v1", "mig-configs": {"all-balanced": [{"devices": "all", "mig-enabled": true,
            "mig-devices": {"1g.10gb": 2, "2g.20gb": 1, "3g.40gb": 1}}]}}),
    ])
}

pub(crate) fn smi() -> Vec<Vec<u8>> {
    texts(&[
        "GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-1)\n  MIG 1g.10gb     Device  0: (UUID: MIG-1)\n",
        "| GPU instances:                                         |\n\
         | GPU   Name               Profile  Instance   Placement  |\n\
         |                            ID       ID       Start:Size |\n\
         |   0  MIG 3g.20gb            9        2          4:4     |\n",
    ])
}

pub(crate) fn pools() -> Vec<Vec<u8>> {
    texts(&[
        "pools:\n- name: small\n  gpu: H100-80GB\n  layout: 7x1g.10gb\n  nodes: 2\n  gpusPerNode: 8\n",
        "kind: InferenceEnvironment\nspec:\n  nodePools:\n  - name: h100\n    acceleratorType: nvidia-h100-80gb\n    \
         acceleratorCount: 8\n    nodeCount: 1\n    capabilities: {memoryPerGpu: 40Gi, \
         migConfiguration: {enabled: true, profile: 3g.40gb}}\n",
    ])
}

pub(crate) fn declared() -> Vec<Vec<u8>> {
    texts(&[
        "name: chat\nmodel: meta-llama/Llama-3.1-8B-Instruct\nserving: {max_model_len: 4096, sequences: 2}\nreplicas: 3\n",
        "replicaTopology:\n  nodes: 1\n  gpusPerNode: 1\n  requires: {memoryPerGpu: 40Gi, precisionSupport: [fp8]}\n",
    ])
}

pub(crate) fn fleet() -> Vec<Vec<u8>> {
    texts(&["nodes:\n- {name: a, gpu: H100-80GB, gpus: 2, pricePerHour: 2.5, today: [{gpu: 0, instances: \
         [{profile: 3g.40gb, start: 4, holder: x}]}]}\n- {name: b, instanceType: p5.48xlarge, count: 3, use: whole}\n\
         workloads:\n- {name: x, memory: 9Gi, replicas: 4, spread: {perGpu: 1}, apartFrom: [y]}\n\
         - {name: y, model: Qwen/Qwen2.5-1.5B-Instruct, sequences: 8, floors: {sms: 16}}\nalone: [t]\nkeep: true\n"])
}

pub(crate) fn selector() -> Vec<Vec<u8>> {
    texts(&[
        "device.attributes['gpu.nvidia.com'].profile == '1g.10gb'",
        "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40Gi')) >= 0 && \
         device.attributes['gpu.nvidia.com'].productName.lowerAscii().matches('^.*a100.*$')",
        "device.driver == 'gpu.nvidia.com' && (device.capacity['gpu.nvidia.com'].multiprocessors.isGreaterThan(quantity(\"10\")))",
    ])
}

pub(crate) fn log() -> Vec<Vec<u8>> {
    texts(&[
        "INFO vLLM API server version 0.11.0\nINFO Model loading took 14.9889 GiB and 5.1 seconds\n\
         INFO Available KV cache memory: 4.75 GiB\nINFO GPU KV cache size: 38,944 tokens\n\
         INFO Maximum concurrency for 32,000 tokens per request: 1.22x\n",
        "[TP0] Load weight end. type=LlamaForCausalLM, dtype=torch.bfloat16, avail mem=63.99 GB, mem usage=15.06 GB.\n\
         [TP0] KV Cache is allocated. #tokens: 400000, K size: 24.41 GB, V size: 24.41 GB\n",
    ])
}

fn pod() -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p",
            "annotations": {"migfit.io/model": "ibm-granite/granite-7b-base"}},
        "spec": {"nodeSelector": {"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"},
            "containers": [{"name": "vllm", "image": "vllm/vllm-openai:v0.11.0", "command": ["sh", "-c"],
                "args": ["exec vllm serve $MODEL --max-model-len 4k -tp=1 --gpu-memory-utilization 0.9"],
                "env": [{"name": "MODEL", "value": "meta-llama/Llama-3.1-8B-Instruct"}],
                "resources": {"limits": {"nvidia.com/mig-1g.10gb": "1"}}}]}})
}

pub(crate) fn workload() -> Vec<Vec<u8>> {
    let mut deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}});
    deployment["spec"] = json!({"replicas": 2, "template": pod()});
    bytes(&[pod(), deployment])
}

pub(crate) fn yaml() -> Vec<Vec<u8>> {
    texts(&[
        "a: &x {b: 1, c: [yes, no, ~, 0x10, 1.5, '01']}\nd:\n  <<: *x\n  e: |\n    text\n---\n- 1\n- \"two\"\n...\n",
        "# nothing\n",
        "{\"a\": [1, 2.5, null, \"x\"]}",
        // Read back as its neighbour.
        "[4444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444]",
    ])
}

pub(crate) fn request() -> Vec<Vec<u8>> {
    let request = json!({"uid": "1", "operation": "CREATE", "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"}, "namespace": "n", "object": pod()});
    bytes(&[
        json!({"request": request, "settings": {}}),
        json!({"request": request, "settings": all_settings()}),
    ])
}

fn all_settings() -> Value {
    json!({"gpus": ["H100-80GB"], "unknownModel": "deny", "unreadable": "warn", "parallelOnSlices": "allow",
        "models": {"own/model": {"config": {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2,
            "num_attention_heads": 4, "intermediate_size": 128, "vocab_size": 1000}}}})
}

pub(crate) fn settings() -> Vec<Vec<u8>> {
    bytes(&[json!({}), all_settings()])
}

pub(crate) fn link() -> Vec<Vec<u8>> {
    let config = config().into_iter().next().unwrap_or_default();
    let filled = State::default()
        .apply(Action::Text(String::from_utf8_lossy(&config).into()))
        .apply(Action::Set(Field::Context, "8192".to_owned()))
        .apply(Action::Set(Field::Sequences, "4".to_owned()));
    [State::default(), filled].iter().map(|state| links::write(state).fragment.into_bytes()).collect()
}
