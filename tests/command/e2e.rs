//! Guests in Rust, built by cargo, baked, and run by an engine beside their originals.

mod host;
mod sandbox;

mod same_answers;

mod action;
mod bindings;
mod collisions;
mod components;
mod configured;
mod constructors;
mod dead_code;
mod debug_info;
mod figures;
mod freshness;
mod imports;
mod impurity;
mod in_place;
mod instances;
mod items;
mod json;
mod lazies;
mod lock;
mod modules;
mod options;
mod places;
mod profile;
mod refusals;
mod reports;
mod runs;
mod scrub;
mod settings;
mod size;
mod templates;
mod together;
mod without_wasi;
mod workspace;
