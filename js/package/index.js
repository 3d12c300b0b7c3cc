// Browsers, bundlers and Deno: the module is fetched from beside this file.
import start from "./migfit.js";

await start();

export { advise, estimate, fit, gpus, inspect, layouts, models } from "./migfit.js";
