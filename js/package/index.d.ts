export { advise, check, estimate, exportKinds, exportManifest, fit, gpus, inspect, layouts, match, models, plan } from "./migfit.js";
export type * from "./migfit.js";
