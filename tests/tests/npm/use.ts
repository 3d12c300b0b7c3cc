// What a program without a browser's types and without those of Node has.
declare const console: { log(...values: unknown[]): void };

import { check, estimate, exportKinds, exportManifest, fit, inspect, layouts, match, plan } from "migfit";
import type { Checked, FitAnswer, MigfitError, Offer, ServingInput } from "migfit";

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

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "llama" },
  spec: {
    containers: [
      {
        name: "vllm",
        image: "vllm/vllm-openai:v0.11.0",
        args: ["--model", llama],
        resources: { limits: { "nvidia.com/mig-1g.10gb": 1 } },
      },
    ],
  },
};
const checked: Checked[] = check(pod, { gpus: ["H100-80GB"] });
console.log(checked[0]?.verdict, checked[0]?.findings[0]?.id);

const pools = "pools:\n- name: small\n  gpu: H100-80GB\n  layout: 7x1g.10gb\n- name: big\n  gpu: H100-80GB\n";
const reports = match(pools, { name: "chat", model: llama, serving: { max_model_len: 4096 } });
console.log(reports[0]?.pools[0]?.pool, reports[0]?.pools[0]?.verdict, reports[0]?.pools.length);

console.log(match(pools, pod)[0]?.workload, match(pools, pod)[0]?.pools.length);

const manifest = exportManifest("deployment", { model: llama, device: "H100-80GB 1g.20gb", replicas: 2 });
console.log(manifest.includes("nvidia.com/mig-1g.20gb"), exportKinds().length > 20);

const fleet = { nodes: [{ name: "a", gpu: "H100-80GB" }], workloads: [{ name: "chat", model: llama, replicas: 3 }] };
const { score, bound } = plan(fleet);
console.log(score.gpus, score.missing, bound.proved);

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
