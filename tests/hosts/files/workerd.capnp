using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "worker", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:PORT", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "page.js", esModule = embed "page.js"),
    (name = "page_bg.wasm", wasm = embed "page_bg.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
