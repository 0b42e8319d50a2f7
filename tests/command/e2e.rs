//! Real guests: built by the real cargo, baked, and run by a real engine beside their unbaked selves.

mod host;
mod sandbox;

mod same_answers;

mod collisions;
mod configured;
mod constructors;
mod dead_code;
mod debug_info;
mod figures;
mod freshness;
mod items;
mod lazies;
mod modules;
mod options;
mod places;
mod refusals;
mod scrub;
mod together;
mod without_wasi;
