// Node: the module is read from beside this file, because Node's fetch takes no file; at once, so that CommonJS may
// `require` the package.
import { readFileSync } from "node:fs";
import { initSync } from "./migfit.js";

initSync({ module: readFileSync(new URL("./migfit_bg.wasm", import.meta.url)) });

export { advise, check, estimate, exportKinds, exportManifest, fit, gpus, inspect, layouts, match, models, plan } from "./migfit.js";
