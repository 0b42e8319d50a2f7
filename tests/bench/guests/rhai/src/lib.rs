//! A scripting language with its standard library, and a script that was compiled.

use std::error::Error;
use std::sync::LazyLock;

#[cfg(not(feature = "wizer"))]
use preinit_guest::{ZeroFreed, preinit};
use rhai::{AST, Engine, INT, Scope};

#[cfg(not(feature = "wizer"))]
#[global_allocator]
static ALLOCATOR: ZeroFreed<std::alloc::System> = ZeroFreed::new(std::alloc::System);

#[cfg_attr(not(feature = "wizer"), preinit)]
static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::new().expect("a script without errors"));

struct Rules {
    engine: Engine,
    script: AST,
}

impl Rules {
    fn new() -> Result<Self, Box<dyn Error>> {
        // Functions are found by their hashes: the same in every build.
        rhai::config::hashing::set_hashing_seed(Some([1, 2, 3, 4])).expect("nobody has set it");
        let mut engine = Engine::new();
        engine.register_fn("weigh", |name: &str| name.bytes().map(INT::from).sum::<INT>());
        let script = engine.compile(include_str!("rules.rhai"))?;
        Ok(Self { engine, script })
    }
}

#[cfg(feature = "wizer")]
#[unsafe(export_name = "wizer-initialize")]
extern "C" fn initialize() {
    LazyLock::force(&RULES);
}

/// Calls a function of the script: what an order costs.
#[unsafe(no_mangle)]
pub extern "C" fn run(request: u32) -> u32 {
    let Rules { engine, script } = &*RULES;
    let answer: INT = engine
        .call_fn(&mut Scope::new(), script, "order", (INT::from(request),))
        .expect("an answer to any request");
    answer as u32
}
