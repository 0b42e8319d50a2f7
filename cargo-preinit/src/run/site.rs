//! Which function of the guest asked WASI for something: the innermost one that is neither of a standard library nor a shim.

use std::fmt;

use super::guest_stack::GuestStack;

/// A place in the guest that asked WASI for something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    /// The innermost function that is neither of a standard library nor a shim for WASI, demangled; `None` if no such function has a name.
    pub function: Option<String>,
    /// What part of a standard library that function went through, if it is one whose name says more than that of the function.
    pub through: Option<Through>,
    /// The stack.
    pub backtrace: GuestStack,
}

/// A part of a standard library that asks WASI for something of its own accord.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    /// The keys that Rust's `RandomState` draws for hash maps and sets.
    HashKeys,
}

impl Through {
    /// Its name in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::HashKeys => "std-hash-keys",
        }
    }
}

impl fmt::Display for Through {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HashKeys => f.write_str("std's hash keys (`RandomState`)"),
        }
    }
}

impl Site {
    /// Whether std drew the keys of hash maps there: what called WASI, apart from shims, is the function that does nothing else.
    pub(super) fn is_std_drawing_keys(&self) -> bool {
        let mut names = self
            .backtrace
            .0
            .iter()
            .map(|frame| frame.name.as_deref().unwrap_or_default());
        names.find(|name| !is_shim(name)).is_some_and(is_std_drawing_keys)
    }

    /// Finds the function in a stack.
    pub(crate) fn of(backtrace: GuestStack) -> Self {
        let names = || backtrace.0.iter().filter_map(|frame| frame.name.as_deref());
        let function = names().find(|name| is_of_guest(name)).map(without_sdk);
        let before = names().take_while(|name| !is_of_guest(name));
        let through = before.filter_map(through).next();
        Self {
            function,
            through,
            backtrace,
        }
    }
}

/// A name without the parts that `#[preinit]` adds: an initialiser is called as its item is.
fn without_sdk(name: &str) -> String {
    let parts = name.split("::").filter(|part| !part.starts_with("__preinit_"));
    parts.collect::<Vec<&str>>().join("::")
}

/// The part of a standard library that a function belongs to. Only std's own functions count: those of others may have its types in their
/// names.
fn through(name: &str) -> Option<Through> {
    let is_of_keys = is_std_drawing_keys(name)
        || name == "std::hash::random::RandomState::new"
        || name == "<std::hash::random::RandomState>::new";
    is_of_keys.then_some(Through::HashKeys)
}

/// Whether this is the function of std that draws the keys of hash maps, by its demangled name.
fn is_std_drawing_keys(name: &str) -> bool {
    name.starts_with("std::sys::random::") && name.ends_with("::hashmap_random_keys")
}

/// The crates of Rust's standard library and of its shims for WASI, the SDK, and what is generated for it.
const CRATES: [&str; 18] = [
    "std",
    "core",
    "alloc",
    "hashbrown",
    "__rustc",
    "compiler_builtins",
    "panic_unwind",
    "libc",
    "wasi",
    "wasi_ext",
    "wasip1",
    "wasip2",
    "wasip3",
    "wasi_snapshot_preview1",
    "wit_bindgen",
    "wit_bindgen_rt",
    "getrandom",
    "preinit_guest",
];

/// Packages of Go and TinyGo.
const PACKAGES: [&str; 8] = [
    "runtime", "syscall", "os", "time", "io", "fmt", "internal", "crypto",
];

/// Functions of a libc that ask WASI for something, or call one that does.
const OF_LIBC: [&str; 63] = [
    "access",
    "arc4random",
    "arc4random_buf",
    "arc4random_uniform",
    "calloc",
    "clock",
    "clock_getres",
    "clock_gettime",
    "clock_nanosleep",
    "clock_time_get",
    "creat",
    "environ_get",
    "exit",
    "faccessat",
    "fclose",
    "fdopen",
    "fdopendir",
    "fflush",
    "fgetc",
    "fgets",
    "find_relpath",
    "fopen",
    "fread",
    "fscanf",
    "fseek",
    "fstat",
    "fstatat",
    "getc",
    "getchar",
    "getdelim",
    "getentropy",
    "getenv",
    "getline",
    "getrandom",
    "gets",
    "gettimeofday",
    "lseek",
    "lstat",
    "malloc",
    "nanosleep",
    "open",
    "openat",
    "opendir",
    "poll",
    "ppoll",
    "pread",
    "pselect",
    "random_get",
    "read",
    "readdir",
    "readdir_next",
    "readlink",
    "readlinkat",
    "readv",
    "realpath",
    "scandir",
    "scanf",
    "secure_getenv",
    "select",
    "sleep",
    "stat",
    "time",
    "usleep",
];

/// How the names of the functions begin by which wasi-libc calls preview 2: wit-bindgen makes them of an interface and a function of it.
const OF_BINDINGS: [&str; 11] = [
    "environment_get_",
    "filesystem_method_",
    "filesystem_preopens_",
    "monotonic_clock_",
    "poll_method_",
    "poll_poll",
    "random_get_random_",
    "streams_method_",
    "wall_clock_now",
    "wall_clock_resolution",
    "wasip2_",
];

/// Whether a function, by its demangled name, only hands a call on to WASI. The shim of a component has no name.
fn is_shim(name: &str) -> bool {
    const SHIMS: [&str; 7] = [
        "wasi",
        "wasip1",
        "wasip2",
        "wasip3",
        "wasi_ext",
        "wit_bindgen",
        "wit_bindgen_rt",
    ];
    name.is_empty() || name.starts_with("__") || krate(name).is_some_and(|krate| SHIMS.contains(&krate))
}

/// Whether a function, by its demangled name, is the guest's own.
fn is_of_guest(name: &str) -> bool {
    // `__wasi_random_get`, `__wasilibc_find_relpath`, `__main_void`, `__preinit_v0_run_…`: reserved for implementations.
    let is_binding = || OF_BINDINGS.iter().any(|prefix| name.starts_with(prefix));
    if name.starts_with("__") || OF_LIBC.contains(&name) || is_binding() {
        return false;
    }
    if let Some((package, _)) = name.split_once('.')
        && !name.contains("::")
    {
        let package = package.trim_start_matches(['(', '*']);
        let package = package.split('/').next().unwrap_or(package);
        return !PACKAGES.contains(&package);
    }
    krate(name).is_none_or(|krate| !CRATES.contains(&krate))
}

/// The crate that a path begins with: that of the type in `<a::Type as b::Trait>::function`, and that of the trait for a type of no crate.
fn krate(name: &str) -> Option<&str> {
    match name.split_once(" as ") {
        Some((ty, of_trait)) => crate_of(ty).or_else(|| crate_of(of_trait)),
        None => crate_of(name),
    }
}

/// The crate that a path begins with, behind the signs of references, slices and the like.
fn crate_of(path: &str) -> Option<&str> {
    let mut rest = path.trim_start_matches(|c: char| !c.is_alphabetic() && c != '_');
    for word in ["mut ", "const ", "dyn "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    let (krate, rest) = rest.split_at(end);
    rest.starts_with("::").then_some(krate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::guest_stack::Frame;

    /// The function and what it went through, of a stack of names.
    fn check(names: &[&str], function: Option<&str>, through: Option<Through>) {
        let frames = names.iter().map(|name| Frame {
            index: 0,
            name: (!name.is_empty()).then(|| (*name).to_owned()),
        });
        let site = Site::of(GuestStack(frames.collect()));
        assert_eq!(
            (site.function.as_deref(), site.through),
            (function, through),
            "{names:?}"
        );
    }

    #[test]
    fn a_hash_map() {
        let names = [
            "__wasi_random_get",
            "std::sys::random::wasip1::hashmap_random_keys",
            "<std::hash::random::RandomState>::new",
            "<std::collections::hash::map::HashMap<&str, guest::Rule>>::new",
            "guest::load",
            "core::ops::function::FnOnce::call_once",
            "guest::RULES::{closure#0}",
        ];
        check(&names, Some("guest::load"), Some(Through::HashKeys));
    }

    #[test]
    fn bindings_of_a_libc() {
        let names = [
            "",
            "filesystem_preopens_get_directories",
            "__wasilibc_populate_preopens",
            "opendir",
            "std::sys::fs::read_dir",
            "guest::list",
            "guest::LISTING::__preinit_initialise",
        ];
        check(&names, Some("guest::list"), None);
        check(
            &["", "environment_get_environment", "getenv", "load_settings"],
            Some("load_settings"),
            None,
        );
        check(&["", "filesystem_of_mine"], Some("filesystem_of_mine"), None);
    }

    /// Whether std drew keys, by a stack of names.
    fn draws_keys(names: &[&str]) -> bool {
        let frames = names.iter().map(|name| Frame {
            index: 0,
            name: (!name.is_empty()).then(|| (*name).to_owned()),
        });
        Site::of(GuestStack(frames.collect())).is_std_drawing_keys()
    }

    #[test]
    fn only_stds_own_function_draws_keys() {
        assert!(draws_keys(&[
            "__wasi_random_get",
            "wasi::lib_generated::random_get",
            "std::sys::random::wasip1::hashmap_random_keys"
        ]));
        assert!(draws_keys(&[
            "",
            "wasip2::imports::get",
            "std::sys::random::hashmap_random_keys",
            "guest::load"
        ]));
        for names in [
            &[
                "wasi::random_get",
                "<std::sync::once_lock::OnceLock<guest::RandomState>>::initialize",
            ][..],
            &["guest::hashmap_random_keys"],
            &["random_get", "std::sys::random::hashmap_random_keys"],
            &[
                "getrandom::fill",
                "guest::key",
                "std::sys::random::hashmap_random_keys",
            ],
            &["", ""],
            &[],
        ] {
            assert!(!draws_keys(names), "{names:?}");
        }
        check(
            &[
                "wasi::random_get",
                "<std::sync::once_lock::OnceLock<guest::RandomState>>::initialize",
                "guest::seed",
            ],
            Some("guest::seed"),
            None,
        );
    }

    #[test]
    fn keys_that_the_guest_draws_itself() {
        let names = [
            "wasi::lib_generated::random_get",
            "getrandom::imp::fill",
            "guest::key",
            "guest::RandomState::new",
        ];
        check(&names, Some("guest::key"), None);
    }

    #[test]
    fn names_of_several_forms() {
        for (name, is_guests) in [
            ("guest::load", true),
            (
                "<guest::Rules as core::iter::traits::collect::FromIterator<_>>::from_iter",
                true,
            ),
            ("<&mut guest::Rules as std::io::Read>::read", true),
            (
                "<alloc::vec::Vec<guest::Rule> as core::clone::Clone>::clone",
                false,
            ),
            ("<&dyn std::io::Read>::read", false),
            ("<T as core::convert::Into<U>>::into", false),
            ("<[T] as guest::Sum>::sum", true),
            ("stdx::time", true),
            ("load", true),
            ("getenv", false),
            ("__wasilibc_find_relpath", false),
            ("main.load", true),
            ("runtime.initRand", false),
            ("internal/poll.Read", false),
            ("(*os.File).Read", false),
        ] {
            assert_eq!(is_of_guest(name), is_guests, "{name}");
        }
    }

    #[test]
    fn an_initialiser_is_called_as_its_item_is() {
        check(
            &["getenv", "guest::NAME::__preinit_initialise"],
            Some("guest::NAME"),
            None,
        );
        check(
            &["guest::NAME::__preinit_initialise::{closure#0}"],
            Some("guest::NAME::{closure#0}"),
            None,
        );
    }

    #[test]
    fn nobody_has_a_name() {
        check(&["", ""], None, None);
        check(&["", "std::env::var"], None, None);
        check(&[], None, None);
    }
}
