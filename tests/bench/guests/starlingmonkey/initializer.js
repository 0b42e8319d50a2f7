// What ComponentizeJS generates from an interface, for `run: func(request: u32) -> u32`.
let [$memory, $realloc] = $bindings;
delete globalThis.$bindings;

let run;

function bindExports() {
  run = $source_mod.run;
}

async function export_run(request) {
  return (await run(request)) >>> 0;
}
