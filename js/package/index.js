// Browsers, bundlers and Deno: the module is fetched from beside this file.
import start from "./migfit.js";

await start();

export { advise, check, estimate, exportKinds, exportManifest, fit, gpus, inspect, layouts, match, models, plan } from "./migfit.js";
