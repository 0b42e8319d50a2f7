//! Notes that Rust's standard library made keys for hash maps where it has no random numbers.
//!
//! On `wasm32-unknown-unknown` the keys follow from addresses: no import is called, so nothing else shows it. The function is known by its
//! name, and sets a flag when it is called.

use wasm_encoder::Instruction;

use super::Additions;
use super::exports::{Injected, export_global};
use crate::guest::GuestModule;
use crate::text::demangle;

/// The function of std, whose module is that for targets without random numbers.
const FUNCTION: &str = "std::sys::random::unsupported::hashmap_random_keys";

/// Adds the flag. Returns whether there is such a function.
pub(super) fn flag(module: &GuestModule<'_>, additions: &mut Additions) -> bool {
    let mut names = module.names.iter();
    // The names of most functions do not have it in them, mangled or not.
    let found = names.find(|(_, name)| name.contains("hashmap_random_keys") && demangle(name) == FUNCTION);
    let Some(body) = found.and_then(|(function, _)| module.body(*function)) else {
        return false;
    };
    let flag = additions.flag(module);
    export_global(additions, Injected::HashKeys, flag);
    additions.insert(
        body.code_start,
        &[Instruction::I32Const(1), Instruction::GlobalSet(flag.0)],
    );
    true
}

#[cfg(test)]
mod tests {
    use crate::options::{BakeOptions, WarningKind};
    use crate::pipeline::bake;
    use crate::warning::Warning;

    /// The init functions that a warning names.
    fn warned(name: &str) -> Vec<String> {
        let text = format!(
            r#"(module (memory 1)
                (func ${name} (i32.store (i32.const 8) (i32.const 1)))
                (func (export "before")) (func (export "maps") (call ${name})) (func (export "behind")) (func (export "run")))"#
        );
        let options = BakeOptions {
            init_functions: ["before", "maps", "behind"].map(str::to_owned).to_vec(),
            ..BakeOptions::default()
        };
        let baked = bake(text.as_bytes(), &options).expect("it can be baked");
        let by = baked.report.warnings.iter().find_map(|warning| match warning {
            Warning::HashKeys { by } => Some(by),
            _ => None,
        });
        assert_eq!(
            by.is_some(),
            baked
                .report
                .warnings
                .iter()
                .any(|warning| warning.kind() == WarningKind::HashKeys)
        );
        let steps = by.into_iter().flatten().filter_map(|asker| asker.step.as_ref());
        steps.map(|step| step.name()).collect()
    }

    #[test]
    fn the_step_that_had_keys_made_is_named() {
        for name in [
            "_ZN3std3sys6random11unsupported19hashmap_random_keys17h0123456789abcdefE",
            "_RNvNtNtNtCs0_3std3sys6random11unsupported19hashmap_random_keys",
            "std::sys::random::unsupported::hashmap_random_keys",
        ] {
            assert_eq!(warned(name), ["maps"], "{name}");
        }
    }

    #[test]
    fn other_functions_are_none_of_its() {
        assert!(
            warned("_ZN5guest3sys6random11unsupported19hashmap_random_keys17h0123456789abcdefE").is_empty()
        );
        assert!(warned("_ZN3std3sys6random6wasip119hashmap_random_keys17h0123456789abcdefE").is_empty());
    }
}
