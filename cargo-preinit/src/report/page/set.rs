//! The options of a bake that are not the default, by their long names.

use clap::ValueEnum;
use serde::Serialize;

use crate::options::{
    BakeOptions, Check, CompiledFunctions, CompilerChoice, DeadCode, Impurity, InitResult, KeepInit, Limits,
    MemoryLayout, OnDenied, Rewriter, ScrubHeap, Stamp, Stdin, Wasi, WasiOptions,
};

/// An option that is set.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct SetOption {
    pub(super) name: &'static str,
    /// Nothing for a flag.
    pub(super) values: Vec<String>,
}

/// The options that are set. Of environment variables only the names are told, and of directories only what the guest calls them.
pub(super) fn options(options: &BakeOptions) -> Vec<SetOption> {
    // What a page does not show is named, so that a new option is not forgotten.
    let BakeOptions {
        init_functions,
        warm_up,
        keep_init_functions,
        init_result,
        renames,
        dead_code,
        memory_layout,
        rewriter,
        scrub_heap,
        check,
        post_process,
        size_budget,
        stamp,
        wasi,
        imports,
        stubs,
        impurity,
        allow_impure,
        machine_texts: _,
        deny,
        on_denied,
        limits,
        compiler,
        compile,
        precompile,
        cache: _,
        memory_scan: _,
        profile: _,
        report: _,
    } = options;
    let mut set = Vec::new();
    let mut several = |name, values: Vec<String>| {
        if !values.is_empty() {
            set.push(SetOption { name, values });
        }
    };
    several("init-func", init_functions.clone());
    several("warm-up", warm_up.clone());
    several(
        "keep-init-func",
        match keep_init_functions {
            KeepInit::Remove => Vec::new(),
            KeepInit::Keep => vec!["callable".to_owned()],
            KeepInit::Empty => vec!["empty".to_owned()],
        },
    );
    several("init-result", unless_default(*init_result, InitResult::default()));
    let renames = renames.iter();
    several(
        "rename",
        renames
            .map(|rename| format!("{}={}", rename.new, rename.old))
            .collect(),
    );
    several("scrub-heap", flag(*scrub_heap == ScrubHeap::Dlmalloc, "dlmalloc"));
    several(
        "memory-layout",
        unless_default(*memory_layout, MemoryLayout::default()),
    );
    several("rewriter", unless_default(*rewriter, Rewriter::default()));
    several("keep-dead-code", flag(*dead_code == DeadCode::Keep, "true"));
    several("verify", flag(*check == Check::Replay, "true"));
    several("stamp", flag(*stamp == Stamp::Add, "true"));
    several("post-process", post_process.clone());
    several(
        "check-size",
        size_budget.iter().map(ToString::to_string).collect(),
    );
    several("on-denied", unless_default(*on_denied, OnDenied::default()));
    several("impurity", unless_default(*impurity, Impurity::default()));
    let allowed = allow_impure.iter();
    several(
        "allow-impure",
        allowed
            .map(|entry| format!("{}={}", entry.item, entry.reason))
            .collect(),
    );
    let imports = imports.iter();
    several(
        "import",
        imports
            .map(|import| format!("{}={}", import.import, import.answer))
            .collect(),
    );
    let stubs = stubs.iter();
    several(
        "stub",
        stubs
            .map(|stub| format!("{}={}", stub.import, name(stub.stub).unwrap_or_default()))
            .collect(),
    );
    several("deny", deny.iter().map(|kind| kind.code().to_owned()).collect());
    if let Wasi::Allowed(WasiOptions {
        args,
        env,
        dirs,
        stdin,
        wall_clock_start,
    }) = wasi
    {
        several("allow-wasi", vec!["true".to_owned()]);
        several("arg", args.clone());
        several("env", env.iter().map(|(name, _)| name.clone()).collect());
        several("dir", dirs.iter().map(|dir| dir.guest.clone()).collect());
        several(
            "standard input",
            flag(*stdin == Stdin::Inherited, "that of the bake"),
        );
        several(
            "SOURCE_DATE_EPOCH",
            wall_clock_start.iter().map(ToString::to_string).collect(),
        );
    }
    let Limits {
        timeout,
        memory_bytes,
        table_elements,
        stack_bytes,
        output_bytes,
    } = *limits;
    let default = Limits::default();
    for (name, value, by_default) in [
        ("timeout", timeout.as_secs(), default.timeout.as_secs()),
        ("max-memory", memory_bytes, default.memory_bytes),
        ("max-table-elements", table_elements, default.table_elements),
        ("max-stack", stack_bytes as u64, default.stack_bytes as u64),
        ("max-output", output_bytes as u64, default.output_bytes as u64),
    ] {
        several(name, flag(value != by_default, &value.to_string()));
    }
    several("compiler", unless_default(*compiler, CompilerChoice::default()));
    several("compile", unless_default(*compile, CompiledFunctions::default()));
    let targets = precompile.targets.iter();
    several("precompile", targets.map(ToString::to_string).collect());
    let settings = precompile.engine.iter();
    several(
        "precompile-engine",
        settings.filter_map(|setting| name(*setting)).collect(),
    );
    set
}

fn flag(is_set: bool, value: &str) -> Vec<String> {
    is_set.then(|| value.to_owned()).into_iter().collect()
}

fn unless_default<T: ValueEnum + PartialEq>(value: T, by_default: T) -> Vec<String> {
    match value == by_default {
        true => Vec::new(),
        false => name(value).into_iter().collect(),
    }
}

/// The name of a value on the command line.
fn name<T: ValueEnum>(value: T) -> Option<String> {
    Some(value.to_possible_value()?.get_name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_is_shown() {
        assert_eq!(options(&BakeOptions::default()), []);
        let set = options(&BakeOptions {
            init_functions: vec!["a".to_owned(), "b".to_owned()],
            rewriter: Rewriter::Walrus,
            wasi: Wasi::Allowed(WasiOptions {
                env: vec![("SECRET".to_owned(), "hunter2".to_owned())],
                ..WasiOptions::default()
            }),
            ..BakeOptions::default()
        });
        let set: Vec<(&str, String)> = set.iter().map(|set| (set.name, set.values.join(" "))).collect();
        let expected = [
            ("init-func", "a b"),
            ("rewriter", "walrus"),
            ("allow-wasi", "true"),
            ("env", "SECRET"),
        ];
        assert_eq!(set, expected.map(|(name, values)| (name, values.to_owned())));
    }
}
