//! An input twice as large costs about twice as much, whichever part of it grows.
//!
//! The module's fuel is counted at three sizes, each twice the one before. Of a linear cost the second step is twice
//! the first, of a quadratic one four times.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::door::{call, create, granite, models, pod, pod_on};

/// The second step in hundredths of the first, at most: between `n log n` and a square.
const MOST: u64 = 280;

/// What grows, and how far the smallest of the three goes.
type Growing = (&'static str, usize, fn(usize) -> Value);

const GROWING: [Growing; 16] = [
    ("containers", 40, containers),
    ("arguments", 400, |n| with_arguments(&words(n, "--unknown"))),
    ("one flag again and again", 400, |n| with_arguments(&vec!["--max-model-len=4096".to_owned(); n])),
    ("a script of many lines", 400, |n| with_script(&lines(n, "export A=1"))),
    ("a here-document", 400, |n| {
        with_script(&format!("cat > f <<EOF\n{}EOF\n", lines(n, "text $A ${B:-c}")))
    }),
    ("a script of words that continue", 400, |n| with_script(&"word \\\n".repeat(n))),
    ("environment", 400, environment),
    ("labels and annotations", 400, labels),
    ("affinity", 200, affinity),
    ("tolerations", 200, tolerations),
    ("a text", 100_000, |n| with_arguments(&["x".repeat(n)])),
    ("models in the settings", 20, many_models),
    ("layers of a model", 400, layers),
    ("patterns of modules that are not packed", 40, patterns),
    ("fields of a config that nothing knows", 400, unknown_fields),
    ("YAML inside a manifest", 200, serve_config),
];

fn words(count: usize, stem: &str) -> Vec<String> {
    (0..count).map(|number| format!("{stem}-{number}=1")).collect()
}

fn lines(count: usize, line: &str) -> String {
    format!("{line}\n").repeat(count)
}

fn judged(object: &Value) -> Value {
    json!({"settings": models(), "request": create(object)})
}

fn granite_pod() -> Value {
    pod_on("NVIDIA-H100-80GB-HBM3", "nvidia.com/mig-2g.20gb", &["--model", "ibm-granite/granite-7b-base"])
}

fn containers(count: usize) -> Value {
    let mut object = granite_pod();
    let one = object["spec"]["containers"][0].clone();
    let several = (0..count).map(|number| {
        let mut container = one.clone();
        container["name"] = json!(format!("c{number}"));
        container["image"] = json!("nginx");
        container["resources"] = json!({});
        container
    });
    object["spec"]["containers"].as_array_mut().unwrap().extend(several);
    judged(&object)
}

fn with_arguments(words: &[String]) -> Value {
    let mut object = granite_pod();
    object["spec"]["containers"][0]["args"]
        .as_array_mut()
        .unwrap()
        .extend(words.iter().map(|word| json!(word)));
    judged(&object)
}

fn with_script(script: &str) -> Value {
    let mut object = granite_pod();
    let container = &mut object["spec"]["containers"][0];
    container["command"] = json!(["sh", "-c"]);
    container["args"] = json!([format!("{script}\nvllm serve ibm-granite/granite-7b-base\n")]);
    judged(&object)
}

fn environment(count: usize) -> Value {
    let mut object = granite_pod();
    let variables: Vec<Value> =
        (0..count).map(|number| json!({"name": format!("V{number}"), "value": "$(V0)"})).collect();
    object["spec"]["containers"][0]["env"] = json!(variables);
    judged(&object)
}

fn labels(count: usize) -> Value {
    let mut object = granite_pod();
    let labels: Map<String, Value> =
        (0..count).map(|number| (format!("example.com/l{number}"), json!("v"))).collect();
    object["metadata"]["labels"] = json!(labels);
    object["metadata"]["annotations"] = json!(labels);
    judged(&object)
}

fn affinity(count: usize) -> Value {
    let mut object = granite_pod();
    let terms: Vec<Value> = (0..count)
        .map(|number| {
            json!({"matchExpressions": [{"key": "example.com/zone", "operator": "In", "values": [number.to_string()]}]})
        })
        .collect();
    object["spec"]["affinity"] = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}});
    judged(&object)
}

fn tolerations(count: usize) -> Value {
    let mut object = granite_pod();
    let tolerations: Vec<Value> =
        (0..count).map(|number| json!({"key": format!("k{number}"), "operator": "Exists"})).collect();
    object["spec"]["tolerations"] = json!(tolerations);
    judged(&object)
}

fn many_models(count: usize) -> Value {
    let models: Map<String, Value> =
        (0..count).map(|number| (format!("team/model-{number}"), json!({"config": granite()}))).collect();
    let object = pod("nvidia.com/gpu", &["--model", "team/model-0"]);
    json!({"settings": {"models": models}, "request": create(&object)})
}

/// A pod on an H100 whose model is this one.
fn with_config(config: &Value) -> Value {
    let object = pod_on("NVIDIA-H100-80GB-HBM3", "nvidia.com/mig-2g.20gb", &["--model", "team/model"]);
    json!({"settings": {"models": {"team/model": {"config": config}}}, "request": create(&object)})
}

fn layers(count: usize) -> Value {
    let mut config = granite();
    let kinds: Vec<&str> =
        (0..count).map(|layer| ["full_attention", "sliding_attention"][layer % 2]).collect();
    config["model_type"] = json!("qwen3");
    config["architectures"] = json!(["Qwen3ForCausalLM"]);
    config["hidden_size"] = json!(64);
    config["intermediate_size"] = json!(64);
    config["num_hidden_layers"] = json!(count);
    config["layer_types"] = json!(kinds);
    config["sliding_window"] = json!(1024);
    config["use_sliding_window"] = json!(true);
    with_config(&config)
}

fn patterns(count: usize) -> Value {
    let mut config = granite();
    let ignored: Vec<String> =
        (0..count).map(|number| format!("re:.*experts\\.{number}\\..*_proj$")).collect();
    config["quantization_config"] = json!({
        "quant_method": "compressed-tensors", "format": "float-quantized", "ignore": ignored,
        "config_groups": {"group_0": {"targets": ["Linear"],
            "weights": {"num_bits": 8, "type": "float", "strategy": "channel", "symmetric": true, "dynamic": false},
            "input_activations": {"num_bits": 8, "type": "float", "strategy": "token", "symmetric": true,
                "dynamic": true}}},
    });
    with_config(&config)
}

fn unknown_fields(count: usize) -> Value {
    let mut config = granite();
    for number in 0..count {
        config[format!("custom_{number}")] = json!(number);
    }
    with_config(&config)
}

fn serve_config(count: usize) -> Value {
    let mut text = String::from("applications:\n");
    for number in 0..count {
        writeln!(text, "- name: a{number}\n  import_path: app:model\n  args: {{x: [1, 2], y: 'text'}}")
            .unwrap();
    }
    judged(&json!({"apiVersion": "ray.io/v1", "kind": "RayService", "metadata": {"name": "r"}, "spec": {
        "serveConfigV2": text,
        "rayClusterConfig": {"headGroupSpec": {"template": {"spec": {"containers": [{"name": "h", "image": "ray"}]}}}},
    }}))
}

fn fuel(payload: &Value) -> u64 {
    let payload = payload.to_string();
    // The interpreter charges a function's translation to the first call that reaches it.
    call("validate", payload.as_bytes());
    let answer = call("validate", payload.as_bytes());
    assert!(answer.result.is_ok(), "{answer:?}");
    answer.fuel
}

#[test]
fn twice_the_input_costs_twice() {
    let mut steep = Vec::new();
    for (name, size, payload) in GROWING {
        let [small, middle, large] = [size, 2 * size, 4 * size].map(|size| fuel(&payload(size)));
        // What hardly grows, or is cut at a limit, has no steps that could be compared.
        let share = large.saturating_sub(middle) * 100 / middle.saturating_sub(small).max(small / 50);
        println!("{name}: {small}, {middle}, {large}: the second step is {share} % of the first");
        if share > MOST {
            steep.push(format!("{name}: {small}, {middle}, {large}"));
        }
    }
    assert_eq!(steep, [""; 0]);
}
