// A scenario on standard input; the offers of the devices that it names as JSON.
import { readFileSync } from "node:fs";
import { estimate } from "migfit";

const { config, serving, answers } = JSON.parse(readFileSync(0, "utf8"));
const offers = Object.keys(answers).map((device) => estimate(config, device, serving));
console.log(JSON.stringify({ offers }, (_, value) => (typeof value === "bigint" ? Number(value) : value)));
