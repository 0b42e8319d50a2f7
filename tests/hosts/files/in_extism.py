"""Runs the guest as a plugin: `in_extism.py MODULE PATH…` prints what it answers, and how long the first call took."""

import json
import sys
import time

import extism

module, *paths = sys.argv[1:]
with extism.Plugin({"wasm": [{"path": module}]}) as plugin:
    begun = time.perf_counter()
    answers = [plugin.call("answer", paths[0]).decode()]
    seconds = time.perf_counter() - begun
    answers += [plugin.call("answer", path).decode() for path in paths[1:]]
print(json.dumps({"answers": answers, "seconds": seconds}))
