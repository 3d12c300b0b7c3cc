// Node: the module is read from beside this file, because Node's fetch takes no file.
import { readFile } from "node:fs/promises";
import { initSync } from "./migfit.js";

initSync({ module: await readFile(new URL("./migfit_bg.wasm", import.meta.url)) });

export { advise, check, estimate, exportKinds, exportManifest, fit, gpus, inspect, layouts, match, models, plan } from "./migfit.js";
