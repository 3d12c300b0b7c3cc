// Written by a test from the core's definitions.

/**
 * A way of serving that fits.
 */
export type Advice = { 
/**
 * The changes, as a reader would say them, in the order in which they cost least.
 */
changes: Array<string>, 
/**
 * The settings with the changes made.
 */
serving: Serving, 
/**
 * `fits` or `tight`.
 */
verdict: Verdict, 
/**
 * What is left.
 */
spare: Bytes, };

/**
 * A generation of GPUs, which decides number formats and how MIG mode is toggled.
 */
export type Architecture = "volta" | "turing" | "ampere" | "ada" | "hopper" | "blackwell" | "cdna2" | "cdna3" | "cdna4";

/**
 * Something that the answer rests on and the file does not say.
 */
export type Assumption = { 
/**
 * A stable word for programs, `kebab-case`.
 */
code: string, 
/**
 * What was assumed and why, for a reader.
 */
text: string, };

/**
 * An amount of memory in bytes (2^30 bytes are one GiB, 2^20 one MiB).
 *
 * Sums saturate: an amount that large is a misfit on every device, never a wrapped small one.
 */
export type Bytes = bigint;

/**
 * What a layer keeps.
 */
export type CacheKind = "full" | "sliding" | "chunked" | "latent" | "indexer" | "compressed" | "cross" | "state";

/**
 * What a device can hold beside everything that is fixed.
 */
export type Capacity = { 
/**
 * Bytes left for the cache.
 */
cache_bytes: Bytes, 
/**
 * Blocks of the pool that these make.
 */
blocks: bigint, 
/**
 * Most sequences of the length asked for; `None` where a sequence keeps nothing.
 */
max_sequences: bigint | null, 
/**
 * Longest context in tokens for the number of sequences asked for, at most the model's own; 0 where not even one token fits.
 */
max_context: bigint, };

/**
 * A bound on the speed of one sequence: no engine writes tokens faster than the memory can be read.
 */
export type Ceiling = { 
/**
 * Tokens per second of one sequence as long as was asked for, in tenths, rounded down.
 */
tokens_per_second_tenths: bigint, 
/**
 * Bytes that are read for one token: the weights that it passes, and its cache.
 */
bytes_per_token: bigint, 
/**
 * Bytes per second of the device; an instance has the share of its memory slices.
 */
bandwidth: bigint, 
/**
 * Where the bandwidth comes from.
 */
source: Source, 
/**
 * Always [`Confidence::Floor`]: a bound, of time.
 */
confidence: Confidence, };

/**
 * One kind of unit of a pool.
 */
export type ChoiceReport = { 
/**
 * As a reader calls it: `H100-80GB 3g.40gb`.
 */
device: string, 
/**
 * What a container asks Kubernetes for.
 */
resource: string, 
/**
 * Labels that a pod must select beside it: nodes that announce slices as `nvidia.com/gpu` are told apart by them.
 */
node_selector: { [key in string]: string }, 
/**
 * Whether it holds the workload.
 */
verdict: Verdict, 
/**
 * Whether there is room.
 */
room: Room, 
/**
 * Streaming multiprocessors.
 */
sms: number | null, 
/**
 * Memory bandwidth in bytes per second.
 */
bandwidth: bigint | null, 
/**
 * Memory that a container can count on.
 */
memory: Bytes, 
/**
 * What it needs of it, where anything is said of memory.
 */
need: Bytes | null, 
/**
 * Memory of one replica's units that it does not need.
 */
stranded: Bytes, 
/**
 * Memory that is missing.
 */
shortfall: Bytes, 
/**
 * Compute slices that no instance has, in ten-thousandths of those of the GPUs that carry the unit.
 */
idle_compute_ten_thousandths: bigint | null, 
/**
 * The price of an hour of one replica.
 */
price_per_hour: Price | null, 
/**
 * Units of one node.
 */
units_per_node: bigint, 
/**
 * Units on the nodes that there are.
 */
units_now: bigint, 
/**
 * Units with every node.
 */
units_most: bigint, 
/**
 * The pods of one replica.
 */
shape: Shape, 
/**
 * Replicas that there is room for now.
 */
replicas_now: bigint, 
/**
 * Replicas that there is room for with every node.
 */
replicas_most: bigint, 
/**
 * Every reason.
 */
reasons: Array<Told>, };

/**
 * CUDA compute capability, `9.0`.
 */
export type ComputeCapability = string;

/**
 * How a figure was obtained. Doors must show an estimate or a floor differently from a measurement.
 */
export type Confidence = "measured" | "published" | "derived" | "floor" | "estimate";

/**
 * A number format.
 */
export type DType = string;

/**
 * Bytes held in one number format.
 */
export type DTypeBytes = { 
/**
 * The format.
 */
dtype: DType, 
/**
 * The bytes.
 */
bytes: Bytes, };

/**
 * A line below the summary.
 */
export type Detail = { "kind": "need", "text": string } | { "kind": "have", "text": string } | { "kind": "why", "text": string } | { "kind": "fix", "text": string } | { "kind": "hint", "text": string };

/**
 * How drafts of the next tokens are made.
 */
export type Drafting = "mtp" | "eagle" | "eagle3" | "draft_model" | "ngram";

/**
 * Engines of an instance or of a GPU. `None` where no source says.
 */
export type Engines = { 
/**
 * Copy engines.
 */
copy: number | null, 
/**
 * Video decoders (NVDEC).
 */
decoders: number, 
/**
 * Video encoders (NVENC).
 */
encoders: number, 
/**
 * JPEG engines.
 */
jpeg: number, 
/**
 * Optical flow accelerators.
 */
ofa: number, };

/**
 * A kind of export.
 */
export type ExportKind = { 
/**
 * What flags and links call it: `deployment`.
 */
id: string, 
/**
 * What a reader calls it: `Deployment and Service`.
 */
title: string, 
/**
 * What it is for, in one line.
 */
about: string, 
/**
 * What it is made from.
 */
needs: ExportNeeds, };

/**
 * What an export is made from.
 */
export type ExportNeeds = "workload" | "nodes" | "teams";

/**
 * A figure with the place where it was read.
 */
export type Figure = { 
/**
 * The figure, in the unit of the field that holds it.
 */
value: bigint, 
/**
 * Where it was read.
 */
source: Source, };

/**
 * The figures behind a verdict.
 */
export type Figures = { 
/**
 * The model's id, or its architecture where it has none.
 */
model: string, 
/**
 * Where it was found.
 */
source: string, 
/**
 * The engine, `unknown` where it is not recognised.
 */
engine: string, 
/**
 * The device that the verdict speaks about.
 */
device: string, 
/**
 * What a container asks Kubernetes for.
 */
resource: string, 
/**
 * What is needed.
 */
need: Bytes, 
/**
 * What may be used.
 */
usable: Bytes, 
/**
 * The answer for this device.
 */
verdict: Verdict, 
/**
 * Longest sequence, in tokens.
 */
max_model_len: bigint, 
/**
 * Sequences held at the same time.
 */
sequences: bigint, };

/**
 * One thing to tell the author of an object.
 */
export type Finding = { 
/**
 * What was found.
 */
id: Lint, 
/**
 * How much it matters.
 */
severity: Severity, 
/**
 * The container that it is about, empty where it is about the object.
 */
container: string, 
/**
 * Where in the object: `spec.containers[0].resources.limits["nvidia.com/gpu"]`; several where several
 * parts are at odds.
 */
at: Array<string>, 
/**
 * The summary, in one line.
 */
text: string, 
/**
 * The lines below it.
 */
details: Array<Detail>, 
/**
 * The figures, where it is about memory.
 */
measure: Measure | null, };

/**
 * The answer for every device.
 */
export type FitReport = { 
/**
 * The engine, as a reader calls it.
 */
engine: string, 
/**
 * Format of the weights that are not packed.
 */
dtype: DType, 
/**
 * How the others are packed, absent where none is.
 */
quantization: string | null, 
/**
 * Format of the cache.
 */
kv_cache_dtype: DType, 
/**
 * Longest sequence, in tokens.
 */
max_model_len: bigint, 
/**
 * Sequences held at the same time.
 */
sequences: bigint, 
/**
 * Share of the device that the engine takes.
 */
gpu_memory_utilization: Ratio, 
/**
 * One answer per device, in the order given.
 */
offers: Array<Offer>, 
/**
 * The offer with the least memory that fits: its place in `offers`.
 */
smallest: number | null, };

/**
 * One GPU model.
 */
export type Gpu = { 
/**
 * Stable word for programs: `h100-80gb-sxm`.
 */
key: string, 
/**
 * Full name: `NVIDIA H100 80GB SXM5`.
 */
name: string, 
/**
 * The label that a person reads, unique in the catalog: `H100-80GB`.
 */
short_name: string, 
/**
 * Generation.
 */
architecture: Architecture, 
/**
 * CUDA compute capability, for NVIDIA GPUs.
 */
compute_capability: ComputeCapability | null, 
/**
 * Values of the node label `nvidia.com/gpu.product`.
 */
product_labels: Array<string>, 
/**
 * Names that clouds give to the accelerator: `nvidia-h100-80gb`.
 */
cloud_names: Array<string>, 
/**
 * PCI device ids.
 */
pci: Array<PciBoard>, 
/**
 * Memory of the whole GPU as its driver reports it.
 */
memory: Memory, 
/**
 * Streaming multiprocessors (compute units on AMD).
 */
sms: number | null, 
/**
 * Memory bandwidth in bytes per second.
 */
bandwidth: Figure | null, 
/**
 * NVLink (Infinity Fabric on AMD) bandwidth of one GPU, both directions together, in bytes per
 * second; 0 where the card has none. MIG instances cannot use it.
 */
nvlink: Figure | null, 
/**
 * Compute slices in MIG mode, 0 for a GPU without MIG.
 */
compute_slices: number, 
/**
 * Memory slices in MIG mode, 0 for a GPU without MIG.
 */
memory_slices: number, 
/**
 * Engines of the whole GPU.
 */
engines: Engines, 
/**
 * MIG profiles, none for a GPU without MIG.
 */
profiles: Array<Profile>, 
/**
 * Names of profiles that older drivers print.
 */
old_names: Array<OldName>, 
/**
 * What toggling MIG mode takes, for a GPU with MIG.
 */
mig_mode: MigMode | null, 
/**
 * Where the row was read.
 */
sources: Array<Source>, };

/**
 * The part of a model that a module belongs to.
 */
export type Group = "embeddings" | "attention" | "dense_mlp" | "routed_experts" | "shared_experts" | "router" | "recurrent_mixers" | "norms" | "vision_tower" | "audio_tower" | "projector" | "lm_head" | "task_head" | "mtp";

/**
 * The parameters of one part of a model.
 */
export type GroupCount = { 
/**
 * The part.
 */
group: Group, 
/**
 * Its parameters.
 */
parameters: bigint, };

/**
 * A model in figures. The JSON form is described by `docs/schema/inspect.json`.
 */
export type Inspection = { 
/**
 * `model_type` of the file.
 */
model_type: string, 
/**
 * First of `architectures`.
 */
architecture: string, 
/**
 * Whether the architecture is known; otherwise every figure is an estimate.
 */
known: boolean, 
/**
 * What it is used for.
 */
task: Task, 
/**
 * Numbers of parameters.
 */
parameters: Parameters, 
/**
 * The format that the file declares.
 */
stored_dtype: DType | null, 
/**
 * The format in which an engine serves it.
 */
served_dtype: DType, 
/**
 * How the checkpoint packs its weights, absent where it does not.
 */
quantization: string | null, 
/**
 * The weights as served, on one device.
 */
weights: Weights, 
/**
 * The longest sequence, in tokens.
 */
context_tokens: bigint, 
/**
 * The field that says so.
 */
context_field: string, 
/**
 * What is kept per token and per sequence, as served, on one device.
 */
kv_cache: KvCache, 
/**
 * What the answer rests on and the file does not say.
 */
assumptions: Array<Assumption>, };

/**
 * The answer for one container. Memory is in bytes, context in tokens.
 */
export type Judgment = { container: string } & Partial<Figures>;

/**
 * What one model keeps while it serves, on one rank.
 */
export type KvCache = { 
/**
 * The format of keys and values.
 */
dtype: DType, 
/**
 * Bytes that every further token of a sequence costs, over all layers that keep every token, rounded up.
 */
bytes_per_token: Bytes, 
/**
 * Bytes that a sequence costs whatever its length.
 */
state_bytes_per_sequence: Bytes, 
/**
 * What each kind of layer keeps.
 */
layers: Array<LayerCache>, };

/**
 * What the layers of one kind keep.
 */
export type LayerCache = { 
/**
 * The kind.
 */
kind: CacheKind, 
/**
 * How many layers are of this kind.
 */
layers: bigint, 
/**
 * Bytes of one entry, in one layer.
 */
bytes_per_token: Bytes, 
/**
 * Tokens that one entry stands for, 1 but for compressed ones.
 */
tokens_per_entry: bigint, 
/**
 * Most tokens held, `None` where it is the whole sequence.
 */
window: bigint | null, 
/**
 * Bytes per sequence whatever its length, in one layer.
 */
state_bytes: Bytes, };

/**
 * A layout in figures.
 */
export type LayoutReport = { 
/**
 * Key of the card in the catalog.
 */
gpu: string, 
/**
 * The instances, by start: `2g.10gb@0`.
 */
layout: Array<string>, 
/**
 * What is left unused.
 */
leftover: Leftover, 
/**
 * What can still be created, by start: `1g.5gb@6`.
 */
creatable: Array<string>, 
/**
 * The command that creates it, with starts.
 */
command: string, 
/**
 * An order in which it comes about without starts (inferred), absent where there is none.
 */
order: Array<string> | null, 
/**
 * A command without starts whose order fails (inferred), absent where every order works.
 */
failing_order: string | null, };

/**
 * What a layout leaves unused, and how much of that nothing can use any more.
 */
export type Leftover = { 
/**
 * Compute slices in no instance.
 */
idle_compute: number, 
/**
 * Memory slices in no instance.
 */
free_memory: number, 
/**
 * Memory slices in no instance and within reach of none that can still be created.
 */
stranded_memory: number, 
/**
 * The share of the whole GPU's memory that the stranded slices are, rounded down.
 */
stranded: Bytes, 
/**
 * What the instances promise together.
 */
promised: Bytes, };

/**
 * What can be found.
 */
export type Lint = string;

/**
 * One workload against every pool.
 */
export type MatchReport = { 
/**
 * The workload.
 */
workload: string, 
/**
 * Copies that are asked for.
 */
replicas: bigint, 
/**
 * The units of one.
 */
topology: Topology, 
/**
 * The pools, best first.
 */
pools: Array<PoolReport>, };

/**
 * The figures of a misfit.
 */
export type Measure = { 
/**
 * What is needed.
 */
need: Bytes, 
/**
 * What may be used.
 */
offer: Bytes, 
/**
 * What is missing.
 */
shortfall: Bytes, };

/**
 * Memory of a GPU or of one instance of a profile.
 *
 * Prints what a reader may take it for: `39.5 GiB` where it was measured, `at least 88.5 GiB` for
 * a bound, `about 10.8 GiB (estimate)` where nothing was found.
 */
export type Memory = { 
/**
 * As read on this very device or in the maker's documents; `None` where nobody did.
 */
shown: Bytes | null, 
/**
 * The smallest amount that any source gives, or a bound, or an estimate: see `confidence`.
 * This is the one to promise by.
 */
floor: Bytes, 
/**
 * How `floor` was obtained.
 */
confidence: Confidence, 
/**
 * How `floor` was obtained, in words.
 */
basis: string, 
/**
 * Other values seen, in MiB (older drivers, host and guest, other placements).
 */
seen_mib: Array<number>, };

/**
 * The need inside an engine's budget on one device.
 */
export type MemoryEstimate = { 
/**
 * The parts, in the order of [`TermName`].
 */
terms: Array<Term>, 
/**
 * Their sum.
 */
total: Bytes, 
/**
 * What has to find room beside the engine's budget.
 */
outside: Array<Term>, 
/**
 * What is kept in the host's memory instead, for each device.
 */
host: Bytes, };

/**
 * What toggling MIG mode takes.
 */
export type MigMode = { 
/**
 * Whether the GPU has to be reset to toggle MIG mode.
 */
reset_to_toggle: boolean, 
/**
 * Whether MIG mode is kept over a reboot.
 */
survives_reboot: boolean, };

/**
 * One device and the answer for it.
 */
export type Offer = { 
/**
 * What a reader calls it: `H100-80GB 3g.40gb`.
 */
device: string, 
/**
 * The GPU's key in the catalog.
 */
gpu: string, 
/**
 * The profile, absent for the whole GPU.
 */
profile: string | null, 
/**
 * What a container asks Kubernetes for.
 */
resource: string, 
/**
 * The memory that the answer counts on.
 */
memory: Bytes, 
/**
 * How that figure was obtained.
 */
memory_confidence: Confidence, 
/**
 * The share that the engine takes, by its own rule where none was asked for.
 */
share: Ratio, 
/**
 * The part of it that the engine may take.
 */
usable: Bytes, 
/**
 * The need, term by term.
 */
estimate: MemoryEstimate, 
/**
 * The answer.
 */
verdict: Verdict, 
/**
 * What is left of `usable`.
 */
spare: Bytes, 
/**
 * What is missing, nothing where it fits.
 */
shortfall: Bytes, 
/**
 * How many sequences, how long a context.
 */
capacity: Capacity, 
/**
 * The bound on its speed, `None` where the bandwidth of the device is not known.
 */
ceiling: Ceiling | null, 
/**
 * What the engine would print when it starts.
 */
startup: Startup, 
/**
 * Why not, or why only just. Largest shortfall first.
 */
reasons: Array<Reason>, };

/**
 * A profile name that older drivers print for a profile of today.
 */
export type OldName = { 
/**
 * As older drivers print it: `7g.79gb`.
 */
old: ProfileName, 
/**
 * As drivers print it today: `7g.80gb`.
 */
new: ProfileName, 
/**
 * Where both were read.
 */
source: Source, };

/**
 * The form in which a pool was written.
 */
export type Origin = "inference_environment" | "inference_cluster" | "inventory" | "own";

/**
 * Numbers of parameters of a model.
 */
export type Parameters = { 
/**
 * All that an engine loads (multi-token prediction layers are apart, in `mtp`).
 */
total: bigint, 
/**
 * Those that one token passes: everything but the experts that its router does not choose.
 */
active: bigint, 
/**
 * By part of the model, parts that do not exist left out.
 */
groups: Array<GroupCount>, 
/**
 * Stored beside the model for speculative decoding, not loaded without it, not in `total`.
 */
mtp: bigint, };

/**
 * A PCI device id and the board it stands for.
 */
export type PciBoard = { 
/**
 * Device id, `0x2330`.
 */
id: number, 
/**
 * Board name.
 */
board: string, };

/**
 * Where instances of a profile may start, in memory slices of the GPU.
 */
export type Placements = { 
/**
 * First memory slices, ascending.
 */
starts: Array<number>, 
/**
 * Memory slices occupied from the start on.
 */
size: number, 
/**
 * Whether a GPU printed these placements or they follow from the family's common table.
 */
confidence: Confidence, };

/**
 * One pool.
 */
export type PoolReport = { 
/**
 * Its name.
 */
pool: string, 
/**
 * Its cluster.
 */
cluster: string | null, 
/**
 * The form in which it was declared.
 */
origin: Origin, 
/**
 * Whether it holds the workload.
 */
verdict: Verdict, 
/**
 * Whether there is room.
 */
room: Room, 
/**
 * Nodes that there are.
 */
nodes: bigint, 
/**
 * Nodes that there can be.
 */
max_nodes: bigint, 
/**
 * Its kinds of unit, best first.
 */
units: Array<ChoiceReport>, 
/**
 * Reasons whatever the unit.
 */
reasons: Array<Told>, 
/**
 * Declared figures that the hardware contradicts.
 */
contradictions: Array<Problem>, };

/**
 * The price of an hour.
 */
export type Price = string;

/**
 * Input that cannot be used. Prints as `subject: found X, expected Y`; the hint stands apart.
 */
export type Problem = { 
/**
 * A stable word for programs, `kebab-case`: `missing-field`.
 */
code: string, 
/**
 * The field, file, flag or object that the message is about.
 */
subject: string, 
/**
 * What was found there, `nothing` where it is missing.
 */
found: string, 
/**
 * What would have been right.
 */
expected: string, 
/**
 * What the reader can do about it, where that is known.
 */
hint: string | null, };

/**
 * A MIG profile of one GPU.
 */
export type Profile = { 
/**
 * `3g.40gb`.
 */
name: ProfileName, 
/**
 * Value of `NVML_GPU_INSTANCE_PROFILE_*`.
 */
nvml_id: number, 
/**
 * The number that `nvidia-smi mig -lgip` prints and `-cgi` takes **on this GPU**. It means
 * another profile on another GPU.
 */
smi_id: number | null, 
/**
 * How `smi_id` is known.
 */
smi_id_confidence: Confidence, 
/**
 * Usable memory of one instance.
 */
memory: Memory, 
/**
 * Compute slices of one instance.
 */
compute_slices: number, 
/**
 * Memory slices of one instance, out of the GPU's.
 */
memory_slices: number, 
/**
 * Streaming multiprocessors of one instance.
 */
sms: number | null, 
/**
 * How many instances of this profile one GPU holds at most.
 */
max_instances: number, 
/**
 * Where instances may start.
 */
placements: Placements, 
/**
 * Engines of one instance.
 */
engines: Engines, 
/**
 * Where the row was read.
 */
sources: Array<Source>, };

/**
 * The name of a MIG profile. Prints as NVIDIA's tools print it.
 */
export type ProfileName = string;

/**
 * A share of something, from 0.0001 to 1 in steps of 0.0001.
 */
export type Ratio = string;

/**
 * Why a device is not a plain yes.
 */
export type Reason = { 
/**
 * A stable word for programs, `kebab-case`.
 */
code: string, 
/**
 * The sentence for a reader.
 */
text: string, 
/**
 * What is needed.
 */
need: Bytes, 
/**
 * What is there.
 */
offer: Bytes, };

/**
 * What is wrong with an object.
 */
export type Review = { 
/**
 * The worst answer of its containers, `None` where nothing in it asks for a device.
 */
verdict: Verdict | null, 
/**
 * What to tell the author, in the order of the object.
 */
findings: Array<Finding>, 
/**
 * The containers that ask for devices.
 */
containers: Array<Judgment>, };

/**
 * Whether there is room for all replicas that are asked for.
 */
export type Room = "now" | "after_scaling" | "partly" | "never";

/**
 * How a model is to be served. What is `None` is left to the engine.
 */
export type Serving = { 
/**
 * The engine profile, by id.
 */
engine: string, 
/**
 * Longest sequence in tokens (`--max-model-len`); the model's own length where absent.
 */
max_model_len: bigint | null, 
/**
 * Sequences of that length that must be held at the same time.
 */
sequences: bigint, 
/**
 * Format of weights that are not packed (`--dtype`); `auto` is the checkpoint's, 32-bit ones at 16 bits.
 */
dtype: string, 
/**
 * How weights are packed: `auto` is as the checkpoint has them, `none` asks what it would take unpacked,
 * any preset of `model::quantization::PRESETS` what it would take so.
 */
quantization: string, 
/**
 * Format of the cache (`--kv-cache-dtype`); `auto` is that of the model.
 */
kv_cache_dtype: string, 
/**
 * Share of the device that the engine may take (`--gpu-memory-utilization`).
 */
gpu_memory_utilization: Ratio | null, 
/**
 * Most sequences in one batch (`--max-num-seqs`).
 */
max_num_seqs: bigint | null, 
/**
 * Most tokens in one batch (`--max-num-batched-tokens`).
 */
max_num_batched_tokens: bigint | null, 
/**
 * Devices that share the weights (`--tensor-parallel-size`).
 */
tensor_parallel: bigint, 
/**
 * Groups of such devices that each hold a part of the layers (`--pipeline-parallel-size`).
 */
pipeline_parallel: bigint, 
/**
 * Copies of the attention layers that serve different sequences (`--data-parallel-size`); experts are divided
 * over all devices of all copies.
 */
data_parallel: bigint, 
/**
 * Whether devices hold whole experts instead of a part of each (`--enable-expert-parallel`).
 */
expert_parallel: boolean, 
/**
 * Whether CUDA graphs are switched off (`--enforce-eager`).
 */
enforce_eager: boolean, 
/**
 * LoRA adapters that one batch may use (`--enable-lora --max-loras`). Where this and the next are absent there are
 * none; where one is given the other is the engine's default.
 */
max_loras: bigint | null, 
/**
 * Largest rank of an adapter (`--max-lora-rank`).
 */
max_lora_rank: bigint | null, 
/**
 * How drafts of the next tokens are made (`method` of `--speculative-config`); `None` where there are none.
 */
speculative_method: Drafting | null, 
/**
 * Tokens in a draft (`num_speculative_tokens` of it).
 */
speculative_tokens: bigint | null, 
/**
 * Weights kept in the host's memory, in GiB for each device (`--cpu-offload-gb`).
 */
cpu_offload_gb: bigint | null, 
/**
 * Host memory for keys and values that left the device, in GiB over all devices (`--kv-offloading-size`).
 */
kv_offloading_gb: bigint | null, 
/**
 * Whether the model turns texts into vectors or scores instead of writing (`--runner pooling`); embedding models do
 * so by themselves.
 */
pooling: boolean, 
/**
 * Images in one prompt (`--limit-mm-per-prompt`). Where neither images nor videos are admitted the encoder is not
 * loaded.
 */
images_per_prompt: bigint | null, 
/**
 * Videos in one prompt (`--limit-mm-per-prompt`).
 */
videos_per_prompt: bigint | null, };

/**
 * How much a finding matters.
 */
export type Severity = "note" | "warning" | "error";

/**
 * The pods of one replica.
 */
export type Shape = { 
/**
 * How many, at least 1.
 */
pods: bigint, 
/**
 * Units of each, on one node.
 */
units_per_pod: bigint, 
/**
 * Whether no two of them may stand on one node.
 */
apart: boolean, };

/**
 * Where a figure was read.
 */
export type Source = { 
/**
 * The document or code: `NVIDIA MIG User Guide`.
 */
title: string, 
/**
 * The edition, commit, section or date read: `R580`, `vllm/v1/worker/gpu_worker.py, 0.33.0`.
 */
version: string, 
/**
 * How the figure was obtained.
 */
confidence: Confidence, };

/**
 * Lines of a start-up log, put into words only where they are shown.
 */
export type Startup = { 
/**
 * The lines about the cache, without time and place; none where the engine would not come that far.
 */
lines: Array<string>, 
/**
 * How the error begins with which it would stop.
 */
error: string | null, 
/**
 * Sequences of the longest length at once as the engine counts them, in hundredths.
 */
concurrency: bigint | null, };

/**
 * What a model is used for; decides whether there is a cache at all.
 */
export type Task = "generate" | "encode_then_generate" | "embed";

/**
 * One part of the need.
 */
export type Term = { 
/**
 * What it pays for.
 */
name: TermName, 
/**
 * How much.
 */
bytes: Bytes, 
/**
 * How far the truth may lie from it.
 */
error: Bytes, 
/**
 * How the figure was obtained.
 */
confidence: Confidence, 
/**
 * The formula with the values put in.
 */
formula: string, };

/**
 * What a term pays for.
 */
export type TermName = "weights" | "draft" | "adapters" | "kv_cache" | "activations" | "cuda_graphs" | "non_torch" | "context";

/**
 * A reason in words.
 */
export type Told = { 
/**
 * A stable word for programs.
 */
code: string, 
/**
 * How much it weighs.
 */
severity: Weight, 
/**
 * The sentence for a reader.
 */
text: string, };

/**
 * The units of one replica.
 */
export type Topology = { "kind": "ranks", 
/**
 * Ranks that share every layer.
 */
tensor: bigint, 
/**
 * Groups of such ranks: pipeline stages times copies of the attention layers.
 */
groups: bigint, } | { "kind": "stated", 
/**
 * Nodes of one replica.
 */
nodes: bigint, 
/**
 * Units on each.
 */
units_per_node: bigint, };

/**
 * Whether a model fits a device.
 */
export type Verdict = "fits" | "tight" | "no" | "unknown";

/**
 * How much a reason weighs, least first.
 */
export type Weight = "note" | "tight" | "unsure" | "refuses";

/**
 * Bytes of the weights on one rank of a tensor parallel group.
 */
export type Weights = { 
/**
 * All of them.
 */
bytes: Bytes, 
/**
 * By number format, widest first; scales stand with the weights that they scale.
 */
by_dtype: Array<DTypeBytes>, };
