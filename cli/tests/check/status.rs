use super::*;

fn pod(name: &str, resource: &str, model: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  nodeSelector: {{nvidia.com/gpu.product: \
         NVIDIA-H100-80GB-HBM3}}\n  containers:\n  - name: c\n    image: vllm/vllm-openai:v0.33.0\n    args: [--model, \
         {model}, --max-model-len, \"4096\", --max-num-seqs, \"64\"]\n    resources: {{limits: {{{resource}: 1}}}}\n"
    )
}

#[test]
fn the_worst_answer_decides_and_proof_wins_over_doubt() {
    let fits = pod("fits", "nvidia.com/mig-3g.40gb", "meta-llama/Llama-3.1-8B-Instruct");
    let no = pod("no", "nvidia.com/mig-1g.10gb", "meta-llama/Llama-3.1-8B-Instruct");
    let unknown = pod("unknown", "nvidia.com/mig-1g.10gb", "nobody/knows");
    let plain =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: nginx}]}\n";
    let folder = folder(&[
        ("fits.yaml", &fits),
        ("no.yaml", &no),
        ("unknown.yaml", &unknown),
        ("plain.yaml", plain),
        ("broken.yaml", "a: [\n"),
    ]);
    let status = |args: &[&str]| check(folder.path(), args).0;
    assert_eq!(status(&["fits.yaml"]), 0);
    assert_eq!(status(&["plain.yaml"]), 0);
    assert_eq!(status(&["no.yaml", "fits.yaml"]), 1);
    assert_eq!(status(&["unknown.yaml", "fits.yaml"]), 2);
    assert_eq!(status(&["broken.yaml", "fits.yaml"]), 2);
    assert_eq!(status(&["absent.yaml"]), 2);
    assert_eq!(status(&["."]), 1);
    assert_eq!(status(&[]), 2);
    assert_eq!(status(&["fits.yaml", "--format", "poem"]), 2);
}

#[test]
fn warnings_count_where_that_is_asked_for() {
    let twice =
        pod("twice", "nvidia.com/mig-3g.40gb", "Qwen/Qwen2.5-14B-Instruct").replace("40gb: 1", "40gb: 2");
    let folder = folder(&[("a.yaml", &twice)]);
    assert_eq!(check(folder.path(), &["a.yaml"]).0, 0);
    assert_eq!(check(folder.path(), &["a.yaml", "--strict"]).0, 1);
}

#[test]
fn models_and_pools_come_from_files() {
    let config = r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336,
        "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32000,
        "max_position_embeddings": 32768, "torch_dtype": "bfloat16"}"#;
    let object = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: vllm/vllm-openai\n    \
                  args: [--model, own/7b, --max-model-len, \"4096\"]\n    resources: {limits: {nvidia.com/gpu: 1}}\n";
    let pools = "pools:\n- {name: small, gpu: H100-80GB, gpusPerNode: 8, nodes: 2, layout: 7x1g.10gb, resource: nvidia.com/gpu}\n";
    let models = format!("{{\"own/7b\": {{\"config\": {config}}}}}");
    let folder = folder(&[
        ("p.yaml", object),
        ("config.json", config),
        ("models.json", &models),
        ("pools.yaml", pools),
    ]);
    let (status, text, _) =
        check(folder.path(), &["p.yaml", "--model", "own/7b=config.json", "--pools", "pools.yaml"]);
    assert!(
        text.contains("own/7b needs 14.8 GiB, nvidia.com/gpu has 8.9 GiB usable: 5.9 GiB short"),
        "{text}"
    );
    assert!(
        text.contains("have: 0.92 of the 9.6 GiB of H100-80GB 1g.10gb, a floor (the pools of --pools)"),
        "{text}"
    );
    assert_eq!(status, 1);
    let (status, _, _) =
        check(folder.path(), &["p.yaml", "--models", "models.json", "--gpus", "H100-80GB,A100-80GB"]);
    assert_eq!(status, 0);
    let (status, _, error) =
        check(folder.path(), &["p.yaml", "--gpus", "A100", "--model", "own", "--models", "absent"]);
    assert_eq!(status, 2);
    assert_eq!(
        error.lines().filter(|line| line.starts_with("error: ")).collect::<Vec<_>>(),
        [
            "error: command line: GPU: found `A100`, which names 2 cards, expected one of A100-40GB, A100-80GB",
            "error: command line: --model: found \"own\", expected ID=CONFIG",
            "error: absent: file: found No such file or directory (os error 2), expected a file that can be read",
        ]
    );
}

#[test]
fn lists_streams_and_folders_are_taken_apart() {
    let one = pod("one", "nvidia.com/mig-1g.10gb", "nobody/knows");
    let item: String = one.lines().map(|line| format!("  {line}\n")).collect();
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}", item.trim_start());
    let folder =
        folder(&[("a/list.yaml", &list), (".git/hidden.yaml", "a: ["), ("a/b/readme.md", "# no manifest")]);
    let (status, text, _) = check(folder.path(), &["."]);
    assert_eq!(status, 2);
    assert!(text.contains("./a/list.yaml:10: warning [unknown-model]\n  Pod one: container c: "), "{text}");
    let (status, _, _) = check(folder.path(), &["a/b"]);
    assert_eq!(status, 2);
}
