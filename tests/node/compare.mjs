// Reads modules and what to do with them from standard input, as `tests/node.rs` writes it, and answers with what was
// seen: for each case the text of the original and that of the baked module.

import { readFileSync } from "node:fs";
import { Script, createContext } from "node:vm";

// How long a call may take, in milliseconds. What runs longer is in an endless loop.
const LONG = 250;

// Only code that runs in a script can be stopped by the clock.
const slot = createContext({ call: undefined });
const script = new Script("call()");
const withinTime = (call) => {
  slot.call = call;
  return script.runInContext(slot, { timeout: LONG });
};

const text = (value) => {
  if (Array.isArray(value)) return value.map(text).join(", ");
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
};

// V8's word for an error. Messages of both modules come from the same V8, but they may tell of positions.
const failure = (error) => {
  if (error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return "does not end";
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return `trap: ${error.message}`;
  if (WebAssembly.Exception && error instanceof WebAssembly.Exception) return "uncaught exception";
  return `${error.name}: ${error.message.replace(/#\d+:?/g, "#")}`;
};

class World {
  // What the case says of imports holds as long as init runs.
  constructor(bytes, imports, inInit = false) {
    this.log = [];
    this.inInit = inInit;
    const given = {};
    this.given = imports.map((described) => {
      const { module, name } = described;
      const external = this.import(described);
      (given[module] ??= {})[name] = external;
      return [`${module}.${name}`, external];
    });
    this.exports = new WebAssembly.Instance(new WebAssembly.Module(bytes), given).exports;
  }

  // Memories, tables and globals hold something, and never what the tool put there during the bake. Memories may be promised to be fresh.
  import({ module, name, results, parameters, pages, slots, most, element, type, mutable, answer }) {
    const limits = (initial) => (most == null ? { initial } : { initial, maximum: most });
    const filling = (type) => (type === "anyfunc" ? null : type === "externref" ? `${module}.${name}` : undefined);
    if (parameters) return new WebAssembly.Tag({ parameters });
    if (pages !== undefined) {
      const memory = new WebAssembly.Memory(limits(pages));
      if (answer !== "fresh") new Uint8Array(memory.buffer).fill(7, 0, 100);
      return memory;
    }
    if (slots !== undefined) return new WebAssembly.Table({ ...limits(slots), element }, filling(element));
    if (type) {
      const value = { i32: 3, i64: 3n, f32: 1.5, f64: 1.5 }[type] ?? filling(type);
      return new WebAssembly.Global({ value: type, mutable }, value);
    }
    return (...values) => {
      const given = this.inInit ? answer : undefined;
      if (!given) this.log.push(`${module}.${name}(${values.map(text).join(", ")})`);
      const number = given?.startsWith("const:") ? given.slice("const:".length) : undefined;
      const numberOf = (type) => (type === "i64" ? BigInt(number) : Number(number));
      const answers = results.map(number !== undefined ? numberOf : given ? zeroOf : defaultOf);
      return answers.length > 1 ? answers : answers[0];
    };
  }

  // Calls a function, and says how it went. The calls of imports come first.
  call(called, values) {
    let answer;
    try {
      answer = text(withinTime(() => called(...values)) ?? null);
    } catch (error) {
      answer = failure(error);
    }
    return [...this.log.splice(0), answer].join("; ");
  }

  // What the tool does to a guest that carries the SDK.
  // Zeroes what the baked module is known not to have.
  clear(dead) {
    for (const { start, end } of dead) new Uint8Array(this.exports.memory.buffer).fill(0, start, end);
  }

  setPhase(phase) {
    const address = this.exports.__preinit_v1_phase?.value;
    if (address === undefined) return;
    new DataView(this.exports.memory.buffer).setUint32(Number(address), phase, true);
  }
}

const zeroOf = (type) => ({ i32: 0, i64: 0n, f32: 0, f64: 0 })[type] ?? null;

const defaultOf = (type) => (type === "i32" ? 7 : zeroOf(type));

const argument = ({ type, value }) => {
  if (type === "i64") return BigInt(value);
  return ["i32", "f32", "f64"].includes(type) ? Number(value) : null;
};

// Calls a function whose type JavaScript does not tell: what it refuses to convert tells.
const ask = (world, called) => {
  let guesses = [[]];
  for (let count = 0; count < called.length; count++) {
    guesses = guesses.flatMap((guess) => [0, 0n, null].map((value) => [...guess, value]));
  }
  let answer = "cannot be called";
  for (const guess of guesses.slice(0, 243)) {
    answer = world.call(called, guess);
    if (!answer.startsWith("TypeError") && !answer.startsWith("SyntaxError")) break;
  }
  return answer;
};

function* rows(buffer) {
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    if (row.some((byte) => byte !== 0)) yield `  ${at}: ${row.join(" ")}`;
  }
}

// Everything exported or imported that is no function. A function is known by what it answers.
const state = (world, names) => {
  const lines = [];
  const reference = (value) => text(value) + (typeof value === "function" ? `: ${ask(world, value)}` : "");
  const exported = names.map(([name, own]) => [name, world.exports[own]]);
  for (const [name, found] of [...exported, ...world.given]) {
    if (found instanceof WebAssembly.Memory) {
      lines.push(`memory ${name}: ${found.buffer.byteLength} bytes`, ...rows(found.buffer));
    } else if (found instanceof WebAssembly.Global) {
      let shown;
      try {
        shown = reference(found.value);
      } catch (error) {
        // A vector or an exception, which JavaScript may not see.
        shown = failure(error);
      }
      lines.push(`global ${name}: ${shown}`);
    } else if (found instanceof WebAssembly.Table) {
      lines.push(`table ${name}: ${found.length} slots`);
      for (let index = 0; index < Number(found.length); index++) {
        let shown;
        try {
          shown = reference(found.get(typeof found.length === "bigint" ? BigInt(index) : index));
        } catch (error) {
          shown = failure(error);
        }
        lines.push(`  ${index}: ${shown}`);
      }
    }
  }
  return lines;
};

const answers = (world, calls, own) =>
  calls.map(({ export: name, arguments: values }) =>
    world.call(world.exports[own ? own.get(name) : name], values.map(argument)),
  );

const observe = (world, { calls, names }, own) => [
  ...answers(world, calls, own).map((answer, position) => `${calls[position].export}: ${answer}`),
  ...state(world, names.map(([name, old]) => [name, own ? old : name])),
  // The functions that were found have been called, which may have changed something.
  "and then:",
  ...state(world, names.map(([name, old]) => [name, own ? old : name])),
];

const run = (task) => {
  const [original, baked] = [readFileSync(task.original), readFileSync(task.baked)];
  if (!WebAssembly.validate(original)) return { unsupported: true };
  let before;
  try {
    before = new World(original, task.importsOfOriginal, true);
  } catch (error) {
    // JavaScript cannot make an import of that type.
    if (error instanceof WebAssembly.LinkError) return { unsupported: true };
    throw error;
  }
  const after = new World(baked, task.imports);
  const again = after.exports._initialize;
  if (again) {
    const answer = after.call(again, []);
    if (answer !== "null") return { error: `\`_initialize\` of the baked module: ${answer}` };
  }
  const stated = answers(new World(baked, task.imports), task.answers);
  if (task.expected.length > 0) return { answers: stated, expected: answers(after, task.expected) };
  before.setPhase(1);
  for (const { export: name, arguments: values } of task.init) {
    const answer = before.call(before.exports[name], values.map(argument));
    if (/trap|exception|does not end|Error/.test(answer)) return { error: `\`${name}\`: ${answer}` };
  }
  before.inInit = false;
  before.setPhase(2);
  before.clear(task.dead);
  return {
    answers: stated,
    original: observe(before, task, new Map(task.names)).join("\n"),
    baked: observe(after, task).join("\n"),
  };
};

const tasks = JSON.parse(readFileSync(0, "utf8"));
const results = tasks.map((task) => {
  try {
    return run(task);
  } catch (error) {
    return { error: `${error.name}: ${error.message}` };
  }
});
process.stdout.write(JSON.stringify(results));
