//! How long the readers take for hostile input of twice the size: `cargo run --release -p migfit-fuzz --example growth`,
//! for some targets alone where their names follow.
//!
//! Twice the input may take twice the time. A line that ends in `GROWS` took much more for the last doubling. On Linux
//! it is the processor's time that counts, which other work on the machine does not lengthen.

use std::time::{Duration, Instant};

use migfit_fuzz::{TARGETS, Target};
use serde_json::{Value, json};

/// A shape of input: the target that reads it, what it is, its smallest size, and how it is made.
type Shape = (&'static str, &'static str, usize, fn(usize) -> String);

/// Sizes are numbers of parts, so that the largest of each is some megabytes.
const SHAPES: &[Shape] = &[
    ("yaml", "a list", 50_000, |n| "- a\n".repeat(n)),
    ("yaml", "keys of one map", 20_000, |n| lines(n, |i| format!("k{i}: v"))),
    ("yaml", "documents", 20_000, |n| "---\na: 1\n".repeat(n)),
    ("yaml", "anchors and aliases", 10_000, |n| lines(n, |i| format!("- &a{i} {{x: 1}}\n- *a{i}"))),
    ("yaml", "anchors around anchors", 1_000, |n| {
        let deep: String = (0..90).map(|i| format!("&b{i} [")).collect();
        format!("{deep}{}{}", "x,".repeat(n), "]".repeat(90))
    }),
    ("yaml", "merges of one map", 1_000, |n| {
        format!("a: &a {{x: 1, y: 2}}\nb:\n  <<: [{}]\n", "*a,".repeat(n))
    }),
    ("yaml", "brackets that are not closed", 50_000, |n| "[".repeat(n)),
    ("yaml", "one long text", 500_000, |n| format!("a: \"{}\"", "x\\n".repeat(n))),
    ("yaml", "a folded text", 50_000, |n| format!("a: >\n{}", "  x\n".repeat(n))),
    ("config", "fields that nobody knows", 20_000, |n| with_model(&fields(n), "")),
    ("config", "kinds of layers", 20_000, |n| {
        with_model("", &format!("\"layer_types\": [{}]", vec!["\"full_attention\""; n].join(",")))
    }),
    ("config", "modules that are not packed", 5_000, |n| {
        packed(n, |i| format!("model.layers.{i}.mlp.down_proj"))
    }),
    ("config", "patterns of modules", 5_000, |n| packed(n, |i| format!("re:model.*.{i}.*proj.*"))),
    ("quantization", "patterns of modules", 5_000, |n| {
        let all: Vec<String> = (0..n).map(|i| format!("\"*.{i}.*_proj\"")).collect();
        format!(
            "{{\"quant_method\": \"modelopt\", \"quant_algo\": \"FP8\", \"ignore\": [{}]}}",
            all.join(",")
        )
    }),
    ("side_file", "layers one by one", 10_000, |n| {
        let layer = |i| format!("\"model.layers.{i}.mlp.up_proj\": {{\"quant_algo\": \"FP8\"}}");
        let all: Vec<String> = (0..n).map(layer).collect();
        format!(
            "{{\"quantization\": {{\"quant_algo\": \"MIXED_PRECISION\", \"quantized_layers\": {{{}}}}}}}",
            all.join(",")
        )
    }),
    ("evidence", "tensors of an index", 20_000, |n| {
        let all: Vec<String> = (0..n).map(|i| format!("\"model.layers.{i}.w\": \"a.safetensors\"")).collect();
        format!("{{\"metadata\": {{\"total_size\": 1}}, \"weight_map\": {{{}}}}}", all.join(","))
    }),
    ("adapter", "modules", 10_000, |n| {
        let all: Vec<String> = (0..n).map(|i| format!("\"m{i}_proj\"")).collect();
        format!("{{\"peft_type\": \"LORA\", \"r\": 8, \"target_modules\": [{}]}}", all.join(","))
    }),
    ("layout", "profiles", 5_000, |n| "1g.10gb, ".repeat(n)),
    ("layout", "a name that is none", 100_000, |n| "1g".repeat(n)),
    ("names", "a long name", 100_000, |n| "mig-1g.10gb+me".repeat(n)),
    ("inventory", "nodes", 2_000, |n| {
        let node = |i| {
            json!({"kind": "Node", "metadata": {"name": format!("n{i}"),
            "labels": {"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"}}, "status": {"allocatable": {"nvidia.com/gpu": "8"}}})
        };
        json!({"kind": "List", "items": (0..n).map(node).collect::<Vec<_>>()}).to_string()
    }),
    ("inventory", "devices of a slice", 2_000, |n| {
        let device = |i| {
            json!({"name": format!("gpu-{i}"), "attributes": {"type": {"string": "gpu"},
            "productName": {"string": "NVIDIA H100 80GB HBM3"}}, "capacity": {"memory": {"value": "81559Mi"}}})
        };
        json!({"kind": "ResourceSlice", "spec": {"driver": "gpu.nvidia.com", "nodeName": "n",
            "devices": (0..n).map(device).collect::<Vec<_>>()}})
        .to_string()
    }),
    ("smi", "GPUs", 10_000, |n| {
        lines(n, |i| {
            format!("GPU {i}: NVIDIA H100 80GB HBM3 (UUID: GPU-{i})\n  MIG 1g.10gb Device 0: (UUID: M-{i})")
        })
    }),
    ("pools", "pools", 1_000, |n| {
        format!(
            "pools:\n{}",
            lines(n, |i| format!("- {{name: p{i}, gpu: H100-80GB, layout: 7x1g.10gb, nodes: 2}}"))
        )
    }),
    ("fleet", "nodes", 1_000, |n| {
        format!("nodes:\n{}", lines(n, |i| format!("- {{name: n{i}, gpu: H100-80GB, gpus: 2}}")))
    }),
    ("fleet", "workloads apart from each other", 200, |n| {
        let all: Vec<String> = (0..n).map(|i| format!("w{i}")).collect();
        let one = |i| format!("- {{name: w{i}, memory: 9Gi, apartFrom: [{}]}}", all.join(","));
        format!("nodes:\n- {{name: a, gpu: H100-80GB}}\nworkloads:\n{}", lines(n, one))
    }),
    ("selector", "terms", 150, |n| vec!["device.driver == 'a'"; n].join(" && ")),
    ("log", "lines", 50_000, |n| {
        "INFO Model loading took 14.9889 GiB and 5.1 seconds\nINFO GPU KV cache size: 38,944 tokens\n"
            .repeat(n)
    }),
    ("workload", "containers", 1_000, |n| pod(&json!({"containers": (0..n).map(vllm).collect::<Vec<_>>()}))),
    ("workload", "variables", 10_000, |n| {
        let env = |i| json!({"name": format!("V{i}"), "value": "x"});
        let mut one = vllm(0);
        one["env"] = (0..n).map(env).collect();
        pod(&json!({"containers": [one]}))
    }),
    ("workload", "arguments", 10_000, |n| {
        let mut one = vllm(0);
        one["args"] = (0..n).map(|i| json!(format!("--flag-{i}=1"))).collect();
        pod(&json!({"containers": [one]}))
    }),
    ("workload", "brackets that are not closed", 200_000, |n| script("vllm", &["$(".repeat(n)], "")),
    ("workload", "a variable in a script", 4_000, |n| {
        script("sh", &["-c".to_owned(), "$A ".repeat(n)], &"x".repeat(n))
    }),
    ("workload", "scripts in a script", 2_000, |n| {
        script("sh", &["-c".to_owned(), "sh -c '$A'\n".repeat(n)], &"x ".repeat(n))
    }),
    ("workload", "claims of a container", 500, |n| {
        let mut one = vllm(0);
        one["resources"]["claims"] = (0..n).map(|i| json!({"name": format!("c{i}")})).collect();
        let claims: Value =
            (0..n).map(|i| json!({"name": format!("c{i}"), "resourceClaimName": "x"})).collect();
        pod(&json!({"containers": [one], "resourceClaims": claims}))
    }),
    ("workload", "terms of an affinity", 1_000, |n| {
        let term = |i| {
            json!({"matchExpressions": [{"key": "nvidia.com/gpu.product", "operator": "In",
            "values": [format!("NVIDIA-{i}"), "NVIDIA-H100-80GB-HBM3"]}]})
        };
        let terms: Vec<Value> = (0..n).map(term).collect();
        let affinity = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}});
        pod(&json!({"affinity": affinity, "containers": [vllm(0)]}))
    }),
    ("request", "containers", 200, |n| request(&json!({"containers": (0..n).map(vllm).collect::<Vec<_>>()}))),
    ("request", "volumes that nobody asks for", 5_000, |n| {
        let volume = |i| json!({"name": format!("v{i}"), "emptyDir": {}});
        request(&json!({"containers": [vllm(0)], "volumes": (0..n).map(volume).collect::<Vec<_>>()}))
    }),
    ("request", "tolerations", 2_000, |n| {
        let one = |i| json!({"key": format!("k{i}"), "operator": "Exists"});
        request(&json!({"containers": [vllm(0)], "tolerations": (0..n).map(one).collect::<Vec<_>>()}))
    }),
    ("settings", "models", 1_000, |n| {
        let one = |i| (format!("own/m{i}"), json!({"memory": "1Gi"}));
        json!({"models": (0..n).map(one).collect::<serde_json::Map<_, _>>()}).to_string()
    }),
    ("settings", "pools", 500, |n| {
        let one = |i| json!({"name": format!("p{i}"), "gpu": "H100-80GB", "devices": ["1g.10gb"]});
        json!({"pools": (0..n).map(one).collect::<Vec<_>>()}).to_string()
    }),
    ("link", "a long link", 100_000, |n| format!("v=1&c={}", "a".repeat(n))),
    ("cards", "cards", 16, |n| {
        let one = |i| json!({"key": format!("card-{i}"), "architecture": "hopper", "memoryMiB": 24_000});
        json!({"gpus": (0..n).map(one).collect::<Vec<_>>()}).to_string()
    }),
    ("declared", "labels", 5_000, |n| {
        format!("model: a/b\nnodeSelector:\n{}", lines(n, |i| format!("  k{i}: v")))
    }),
];

/// Doublings of each.
const DOUBLINGS: u32 = 4;
/// Below this a time says nothing.
const SHORT: Duration = Duration::from_millis(5);
/// Above this nothing is measured again.
const LONG: Duration = Duration::from_millis(200);

fn main() {
    println!(
        "{:<14} {:<32} {:>10} {:>10} {:>10} {:>10} {:>10}  last doubling",
        "target", "of", "1", "2", "4", "8", "16"
    );
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    for shape in SHAPES.iter().filter(|shape| wanted.is_empty() || wanted.iter().any(|name| name == shape.0))
    {
        let Some(target) = TARGETS.iter().find(|target| target.name == shape.0) else { continue };
        println!("{}", line(target, shape));
    }
}

fn line(target: &Target, (name, of, smallest, make): &Shape) -> String {
    let times: Vec<Duration> =
        (0..=DOUBLINGS).map(|step| time(target, make(smallest << step).as_bytes())).collect();
    let told: Vec<String> = times.iter().map(|time| format!("{:>8.1}ms", time.as_secs_f64() * 1e3)).collect();
    let (before, last) = match times.as_slice() {
        [.., before, last] => (*before, *last),
        _ => (SHORT, SHORT),
    };
    let ratio = last.as_secs_f64() / before.as_secs_f64().max(1e-9);
    let grows = if ratio > 3.0 && last > SHORT { "  GROWS" } else { "" };
    format!("{name:<14} {of:<32} {}  {ratio:.1}{grows}", told.join(" "))
}

/// The fastest of three, or of one that takes long.
fn time(target: &Target, data: &[u8]) -> Duration {
    let once = || {
        let (started, before) = (Instant::now(), processor());
        _ = (target.run)(data);
        match (before, processor()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => started.elapsed(),
        }
    };
    let first = once();
    if first > LONG { first } else { first.min(once()).min(once()) }
}

/// What this thread has had of a processor, where the system tells it.
fn processor() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(|i| line(i) + "\n").collect()
}

fn fields(n: usize) -> String {
    (0..n).map(|i| format!("\"f{i}\": 1,")).collect()
}

fn with_model(first: &str, last: &str) -> String {
    let comma = if last.is_empty() { "" } else { "," };
    format!(
        "{{{first}\"model_type\": \"llama\", \"hidden_size\": 4096, \"num_hidden_layers\": 32, \"num_attention_heads\": 32, \
         \"intermediate_size\": 14336, \"vocab_size\": 128256{comma}{last}}}"
    )
}

fn packed(n: usize, name: impl Fn(usize) -> String) -> String {
    let all: Vec<String> = (0..n).map(|i| format!("{:?}", name(i))).collect();
    let list = all.join(",");
    with_model(
        "",
        &format!(
            "\"quantization_config\": {{\"quant_method\": \"awq\", \"bits\": 4, \"group_size\": 128, \
         \"modules_to_not_convert\": [{list}]}}"
        ),
    )
}

fn vllm(number: usize) -> Value {
    json!({"name": format!("c{number}"), "image": "vllm/vllm-openai:v0.33.0",
        "args": ["--model", "meta-llama/Llama-3.1-8B-Instruct", "--max-model-len=8192"],
        "resources": {"limits": {"nvidia.com/mig-1g.10gb": "1"}}})
}

fn pod(spec: &Value) -> String {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}).to_string()
}

fn request(spec: &Value) -> String {
    let object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec});
    json!({"settings": {}, "request": {"uid": "1", "operation": "CREATE", "namespace": "n",
        "kind": {"group": "", "version": "v1", "kind": "Pod"}, "object": object}})
    .to_string()
}

fn script(program: &str, words: &[String], value: &str) -> String {
    let mut one = vllm(0);
    one["command"] = json!([program]);
    one["args"] = json!(words);
    one["env"] = json!([{"name": "A", "value": value}]);
    pod(&json!({"containers": [one]}))
}
