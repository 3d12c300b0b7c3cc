/** A `config.json` as text or parsed, or the id of a well-known model. */
export type ModelInput = string | Record<string, unknown>;

/** How a model is to be served; what is left out is the engine's default. 64-bit numbers may be `number` or `bigint`. */
export type ServingInput = { [K in keyof Serving]?: bigint extends Serving[K] ? number | Serving[K] : Serving[K] | number };

/** What lies beside a `config.json`. */
export interface InspectOptions {
  /** The content of ModelOpt's `hf_quant_config.json`, parsed. */
  hfQuantConfig?: Record<string, unknown>;
}

/** On what a model is judged. */
export interface FitOptions {
  /** Cards by name, key or product label (`H100-80GB`); every card of the catalog where absent. */
  gpus?: string[];
}

/** What `fit` answers: the same as `migfit fit --json`. */
export interface FitAnswer extends FitReport {
  /** The model in figures. */
  model: Inspection;
  /** How it was asked to be served. */
  serving: Serving;
}

/** Which layouts are asked for. */
export interface LayoutOptions {
  /** What stands on the card already: `3g.40gb@4, 2x1g.10gb`. */
  used?: string;
  /** Which profiles full layouts are made of; `classic` where absent. */
  profiles?: "classic" | "plain" | "all";
  /** Number of the GPU in the commands; 0 where absent. */
  index?: number;
}

/** A model that is known by id. */
export interface KnownModel {
  /** As its publisher spells it. */
  id: string;
  /** Its parameters, as published. */
  parameters: bigint | null;
  /** Where the facts come from. */
  source: Source;
}

/** Kubernetes objects: YAML or JSON as text (several documents), one parsed object, or several. */
export type ManifestInput = string | Record<string, unknown> | Record<string, unknown>[];

/** What is known besides the manifests. */
export interface CheckOptions {
  /** Configs of models by the id that workloads use; well-known models need none. */
  models?: Record<string, Record<string, unknown>>;
  /** The cluster's cards; any card of the catalog may be meant where absent. */
  gpus?: string[];
  /** The cluster's pools: nodes, resource slices, or any other form that is read. */
  pools?: ManifestInput;
}

/** What is known besides the workloads. */
export interface MatchOptions {
  /** Configs of models by the id that workloads use; well-known models need none. */
  models?: Record<string, Record<string, unknown>>;
}

/** One object and what is wrong with it. */
export interface Checked extends Review {
  /** Its kind. */
  kind: string;
  /** Its name. */
  name: string;
  /** Its namespace, where it says. */
  namespace: string | null;
}

/** What is to be written down. For a workload: `model`, `device` and how it is served; for nodes: `gpu` and `layouts`; for teams: `teams` besides. */
export interface ExportInput {
  /** A config, or the id of a well-known model. */
  model?: ModelInput;
  /** The model's id, where `model` is a config. */
  id?: string;
  /** `H100-80GB 2g.20gb`. */
  device?: string;
  /** How it is served. */
  serving?: ServingInput;
  /** Name of the objects. */
  name?: string;
  /** Their namespace. */
  namespace?: string;
  /** Copies; 1 where absent. */
  replicas?: number;
  /** The engine's image. */
  image?: string;
  /** How the cluster wants a device asked for; `mixed` where absent. */
  spelling?: "mixed" | "single" | "gke" | "aks" | "dra-profile" | "dra-capacity" | "dra-first-available" | "dra-extended" | "hami";
  /** The card of the nodes. */
  gpu?: string;
  /** One for each GPU of a node: `3x2g.20gb 1g.10gb`, or `whole`. */
  layouts?: string[];
  /** Nodes that are cut so; 1 where absent. */
  nodes?: number;
  /** Name of the pool. */
  pool?: string;
  /** Devices that each team is promised, by profile or `gpu`. */
  teams?: Record<string, Record<string, number>>;
}

/** Who sits where. */
export interface Plan {
  /** Every GPU of the fleet, in its order. */
  gpus: PlannedGpu[];
  /** What every workload got, in the order of the fleet. */
  served: { workload: string; tenant: string | null; replicas: [device: string, count: bigint][]; devices: bigint; acceptable: string[] }[];
  /** What found no place, with all reasons. */
  unplaced: { workload: string; missing: bigint; reasons: string[] }[];
  /** The measure by which plans are compared: the first figure decides, the next break ties. */
  score: { missing: bigint; gpus: bigint; stranded: Bytes; idle_compute: bigint };
  /** How near to the best it is: no plan uses fewer GPUs than `gpus`. */
  bound: { gpus: bigint; missing: bigint; proved: boolean };
  /** What an hour of the machines in use costs; `null` where one of them has no price. */
  price: Price | null;
}

/** One GPU of a plan. */
export interface PlannedGpu {
  /** Its machine. */
  node: string;
  /** The pool of its machine. */
  pool: string;
  /** The cloud's name for its machine. */
  instance_type: string | null;
  /** Its number on that machine. */
  index: number;
  /** Key of the card in the catalog. */
  gpu: string;
  /** Whether it is used, and how. */
  mode: "unused" | "whole" | "sliced";
  /** The instances: `3g.40gb@4`. */
  layout: string[];
  /** Who sits there, by start. */
  seats: { device: string; start: number | null; holder: "nobody" | { stranger: string } | { replica: { workload: string; number: bigint; rank: bigint } } }[];
  /** What the layout leaves unused, `null` for a GPU that is not cut. */
  leftover: Leftover | null;
}

/** What is thrown: every reason at once. */
export interface MigfitError extends Error {
  name: "MigfitError";
  /** A stable word for programs: that of the first problem. */
  code: string;
  /** What can be done about the first problem, where that is known. */
  hint: string | null;
  /** All of them. */
  problems: Problem[];
}
