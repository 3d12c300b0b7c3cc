//! A model to try the page with.

/// Fields of ibm-granite/granite-7b-base, those that decide its size.
pub const GRANITE_7B_BASE: &str = r#"{
  "architectures": ["LlamaForCausalLM"],
  "model_type": "llama",
  "hidden_size": 4096,
  "intermediate_size": 11008,
  "num_hidden_layers": 32,
  "num_attention_heads": 32,
  "num_key_value_heads": 32,
  "max_position_embeddings": 4096,
  "vocab_size": 32000,
  "tie_word_embeddings": false,
  "torch_dtype": "float32"
}
"#;

/// The name of the example, as a file would give it.
pub const GRANITE_FILE: &str = "granite-7b-base.json";

/// A manifest that asks for a slice too small for its model.
pub const MANIFEST: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: llama
  namespace: models
spec:
  selector: {matchLabels: {app: llama}}
  template:
    metadata: {labels: {app: llama}}
    spec:
      nodeSelector: {nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3}
      containers:
      - name: vllm
        image: vllm/vllm-openai:v0.33.0
        args: [--model, meta-llama/Llama-3.1-8B-Instruct]
        resources: {limits: {nvidia.com/mig-1g.10gb: 1}}
";

/// A fleet of two machines and what it is to serve.
pub const FLEET: &str = "nodes:
- {name: h100, count: 2, gpu: H100-80GB, gpus: 2}
workloads:
- {name: chat, model: meta-llama/Llama-3.1-8B-Instruct, replicas: 3, serving: {max_model_len: 8192}}
- {name: code, model: Qwen/Qwen2.5-7B-Instruct, replicas: 2}
- {name: embed, memory: 6Gi, replicas: 4}
- {name: large, memory: 200Gi, replicas: 1}
";

/// Settings of the admission policy that move a workload to the slice that holds it.
pub const POLICY_SETTINGS: &str = "pools:
- name: mig
  gpu: H100-80GB
  devices: [1g.10gb, 1g.20gb, 3g.40gb]
  nodeSelector: {pool: mig}
  tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
mutate: {rightSize: true, placement: true, flags: true}
";
