// One errand at a time; to stop one, the page ends the worker.
import init, { errand } from "./migfit_worker.js";

const ready = init({ module_or_path: new URL("./migfit_worker_bg.wasm", import.meta.url) });

onmessage = async ({ data: { asked, file } }) => {
  try {
    const text = file && (await file.text());
    await ready;
    errand(asked, text, (report) => postMessage(report));
  } catch (error) {
    postMessage(JSON.stringify({ broken: { why: String(error) } }));
  }
};
