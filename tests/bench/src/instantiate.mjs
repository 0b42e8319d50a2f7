// Instantiates the modules given as arguments many times, in turns, and prints the least time of each, in milliseconds.

import { readFileSync } from "node:fs";

// For how long, in milliseconds; but so often at least, and at most.
const LONG = 4000;
const [LEAST, MOST] = [20, 1000];

const subjects = process.argv.slice(2).map((path) => {
  const module = new WebAssembly.Module(readFileSync(path));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
  return { module, imports, least: Infinity };
});

const started = performance.now();
for (let round = 0; round < MOST && (round < LEAST || performance.now() - started < LONG); round++) {
  for (const subject of subjects) {
    const before = performance.now();
    new WebAssembly.Instance(subject.module, subject.imports);
    subject.least = Math.min(subject.least, performance.now() - before);
    // Memories of instances that nobody holds are gone before the next one is made.
    globalThis.gc();
  }
}

console.log(JSON.stringify(subjects.map(({ least }) => least)));
