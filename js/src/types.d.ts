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
