// Runs the library that `wasm-bindgen` bound: `bound.mjs FOLDER PATH…` prints what it answers, and how long the first call took
// with the making of the instance.
import { readFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [folder, ...paths] = process.argv.slice(2);
const { answer, initSync, Visitor } = await import(pathToFileURL(`${folder}/page.js`));
const module = new WebAssembly.Module(readFileSync(`${folder}/page_bg.wasm`));
const begun = performance.now();
initSync({ module });
const first = answer(paths[0]);
const seconds = (performance.now() - begun) / 1000;
const ada = new Visitor("Ada");
const visits = [ada.visit(paths[0]), ada.visit(paths[1])];
console.log(JSON.stringify({ answers: [first, ...paths.slice(1).map(answer), ...visits], seconds }));
