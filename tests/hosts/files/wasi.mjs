// Runs the command of WASI: `wasi.mjs MODULE PATH`. It prints its answer, and this in a line of its own how long it took with the
// making of the instance.
import { readFileSync } from "node:fs";
import process from "node:process";
import { WASI } from "node:wasi";

const [file, path] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(file));
const begun = performance.now();
const wasi = new WASI({ version: "preview1", args: ["command", path], returnOnExit: true });
wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
console.log((performance.now() - begun) / 1000);
