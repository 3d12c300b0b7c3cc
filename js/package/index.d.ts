export { advise, estimate, fit, gpus, inspect, layouts, models } from "./migfit.js";
export type * from "./migfit.js";
