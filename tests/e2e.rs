//! Real guests: built by the real cargo, baked, and run by a real engine beside their unbaked selves.

#[path = "cli/tool.rs"]
mod tool;

#[path = "support/figures.rs"]
mod support;

#[path = "e2e/host.rs"]
mod host;
#[path = "e2e/sandbox.rs"]
mod sandbox;

#[path = "e2e/same_answers.rs"]
mod same_answers;

#[path = "e2e/collisions.rs"]
mod collisions;
#[path = "e2e/configured.rs"]
mod configured;
#[path = "e2e/constructors.rs"]
mod constructors;
#[path = "e2e/dead_code.rs"]
mod dead_code;
#[path = "e2e/debug_info.rs"]
mod debug_info;
#[path = "e2e/figures.rs"]
mod figures;
#[path = "e2e/freshness.rs"]
mod freshness;
#[path = "e2e/items.rs"]
mod items;
#[path = "e2e/lazies.rs"]
mod lazies;
#[path = "e2e/modules.rs"]
mod modules;
#[path = "e2e/options.rs"]
mod options;
#[path = "e2e/places.rs"]
mod places;
#[path = "e2e/refusals.rs"]
mod refusals;
#[path = "e2e/scrub.rs"]
mod scrub;
#[path = "e2e/together.rs"]
mod together;
#[path = "e2e/without_wasi.rs"]
mod without_wasi;
