import { estimate, fit, inspect, layouts } from "migfit";
import type { FitAnswer, MigfitError, Offer, ServingInput } from "migfit";

const llama = "meta-llama/Llama-3.1-8B-Instruct";
const total: bigint = inspect(llama).parameters.total;
console.log(typeof total, String(total));

const serving: ServingInput = { max_model_len: 4096, sequences: 2n, gpu_memory_utilization: 0.92 };
const answer: FitAnswer = fit(llama, serving, { gpus: ["H100-80GB"] });
const best: Offer | undefined = answer.smallest === null ? undefined : answer.offers[answer.smallest];
console.log(best?.resource, best?.verdict);

try {
  fit(llama, {}, { gpus: ["b9000"] });
} catch (thrown) {
  const error = thrown as MigfitError;
  console.log(error.code, error.problems.length);
}

console.log(layouts("A100-40GB", { used: "4g.20gb@0" })[0]?.command);

// What is wrong must not compile: each of these lines is an error of its own.
export function wrong(): void {
  // @ts-expect-error: there is no such setting
  fit(llama, { context: 5 });
  // @ts-expect-error: a device is a name
  estimate(llama, 5);
  // @ts-expect-error: bytes are no number
  const bytes: number = estimate(llama, "A30").usable;
  // @ts-expect-error: no such verdict
  const sure = estimate(llama, "A30").verdict === "yes";
  void [bytes, sure];
}
