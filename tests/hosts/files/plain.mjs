// Runs the module without imports: `plain.mjs MODULE PATH…` prints what it answers, and how long the first call took with the
// making of the instance.
import { readFileSync } from "node:fs";
import process from "node:process";

const [file, ...paths] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(file));
const begun = performance.now();
const { room, answer, memory } = new WebAssembly.Instance(module).exports;

function ask(path) {
    const bytes = new TextEncoder().encode(path);
    const at = room(bytes.length);
    new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
    const found = BigInt.asUintN(64, answer(at, bytes.length));
    return new TextDecoder().decode(new Uint8Array(memory.buffer, Number(found & 0xffffffffn), Number(found >> 32n)));
}

const first = ask(paths[0]);
const seconds = (performance.now() - begun) / 1000;
console.log(JSON.stringify({ answers: [first, ...paths.slice(1).map(ask)], seconds }));
