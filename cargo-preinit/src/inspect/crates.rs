//! Which crate a function belongs to, by its demangled name.

/// What stands for the crate of a function without a name.
pub const NO_NAME: &str = "(no name)";

/// What stands for the crate of a function whose name is not a path, such as `malloc` or what `#[unsafe(no_mangle)]` exports.
pub const UNMANGLED: &str = "(unmangled)";

/// What stands for the crate of a function with a mangled C++ name.
pub const CPP: &str = "(C++)";

/// How deep types are followed. Names are not trusted.
const MAX_DEPTH: u32 = 32;

/// The crate of a function, by its name as it stands in the module.
///
/// A method of an implementation belongs to the crate that its type names, and if that is a primitive or a parameter, to the crate of
/// its trait. `core`, `alloc` and `std` are crates like others.
pub(crate) fn crate_of(name: Option<&str>) -> String {
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return NO_NAME.to_owned();
    };
    match rustc_demangle::try_demangle(name) {
        Ok(demangled) => {
            let path = format!("{demangled:#}");
            of_path(&path, 0).unwrap_or(UNMANGLED).to_owned()
        }
        Err(_) if name.starts_with("_Z") => CPP.to_owned(),
        // A tool may have demangled all names already. Without that, only names of Rust have paths.
        Err(_) => of_path(name, 0).unwrap_or(UNMANGLED).to_owned(),
    }
}

/// The crate that a path begins with, as in `a::b`, `<T as a::B>::c` or `<a::B>::c`.
fn of_path(path: &str, depth: u32) -> Option<&str> {
    if depth > MAX_DEPTH {
        return None;
    }
    let path = path.trim_start();
    let Some(rest) = path.strip_prefix('<') else {
        let end = path
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(path.len());
        let (first, rest) = path.split_at(end);
        return (rest.starts_with("::") && is_name(first)).then_some(first);
    };
    let inner = &rest[..end_of(rest, '>')];
    match split(inner, " as ") {
        Some((ty, of_trait)) => of_type(ty, depth + 1).or_else(|| of_path(of_trait, depth + 1)),
        None => of_type(inner, depth + 1),
    }
}

/// The crate that a type names.
fn of_type(ty: &str, depth: u32) -> Option<&str> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut ty = ty.trim();
    loop {
        let shorter = ["&", "*const ", "*mut ", "mut ", "dyn ", "impl ", "(", "["]
            .iter()
            .find_map(|prefix| ty.strip_prefix(prefix))
            .or_else(|| without_lifetime(ty))
            .or_else(|| without_binder(ty));
        match shorter {
            Some(shorter) => ty = shorter.trim_start(),
            None => break,
        }
    }
    let of_first = of_path(ty, depth + 1);
    // Of a tuple, the first part that names a crate.
    of_first.or_else(|| {
        let (_, rest) = split(ty, ",")?;
        of_type(rest, depth + 1)
    })
}

/// What stands behind a lifetime, as in `'a T`.
fn without_lifetime(ty: &str) -> Option<&str> {
    let rest = ty.strip_prefix('\'')?;
    Some(rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'))
}

/// What stands behind `for<'a>`.
fn without_binder(ty: &str) -> Option<&str> {
    let rest = ty.strip_prefix("for<")?;
    rest.get(end_of(rest, '>') + 1..)
}

/// Where the bracket that is open before `text` closes, or where `text` ends.
fn end_of(text: &str, close: char) -> usize {
    scan(text, |at, rest| rest.starts_with(close).then_some(at)).unwrap_or(text.len())
}

/// The parts before and behind the first `separator` that is in no brackets.
fn split<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let at = scan(text, |at, rest| rest.starts_with(separator).then_some(at))?;
    Some((&text[..at], &text[at + separator.len()..]))
}

/// Tries each place of a text that is in no brackets.
fn scan(text: &str, found: impl Fn(usize, &str) -> Option<usize>) -> Option<usize> {
    let mut open = 0_u32;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        // The arrow of a function pointer closes nothing.
        let is_arrow = c == '>' && last == '-';
        if open == 0
            && !is_arrow
            && let Some(at) = found(at, &text[at..])
        {
            return Some(at);
        }
        match c {
            '<' | '(' | '[' | '{' => open += 1,
            '>' if is_arrow => {}
            '>' | ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        last = c;
    }
    None
}

/// Whether a text is a name, not a number or nothing.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_belong_to_crates() {
        for (name, expected) in [
            // Legacy mangling.
            ("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core"),
            (
                "_ZN70_$LT$alloc..vec..Vec$LT$T$C$A$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17h0123456789abcdefE",
                "alloc",
            ),
            (
                "_ZN44_$LT$$RF$T$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE",
                "core",
            ),
            (
                "_ZN56_$LT$$RF$mut$u20$my..Reader$u20$as$u20$std..io..Read$GT$4read17h0123456789abcdefE",
                "my",
            ),
            // v0 mangling.
            ("_RNvCskwGfYPst2Cb_7mycrate3foo", "mycrate"),
            ("_RNvMs_NtCs1_7mycrate3modNtB4_3Foo3bar", "mycrate"),
            ("_RNvXs_Cs1_7mycratehNtCs2_4core5Clone5clone", "core"),
            // Neither.
            ("malloc", UNMANGLED),
            ("_ZN3foo3barEv", CPP),
            ("__wasm_call_ctors", UNMANGLED),
            ("std::io::stdio::print", "std"),
        ] {
            let crate_name = crate_of(Some(name));
            assert_eq!(crate_name, expected, "{name}: {}", crate::text::demangle(name));
        }
        assert_eq!(crate_of(None), NO_NAME);
        assert_eq!(crate_of(Some("")), NO_NAME);
    }

    #[test]
    fn types_name_crates() {
        for (path, expected) in [
            ("<a::B<c::D> as e::F>::g", Some("a")),
            ("<T as e::F<a::B>>::g", Some("e")),
            ("<u32 as e::F>::g", Some("e")),
            ("<[T] as alloc::slice::ToOwned>::to_owned", Some("alloc")),
            ("<[a::B; 3] as e::F>::g", Some("a")),
            ("<(u8, a::B) as e::F>::g", Some("a")),
            ("<&'a mut dyn a::B + core::marker::Send as e::F>::g", Some("a")),
            ("<dyn for<'a> a::B<'a> as e::F>::g", Some("a")),
            ("<<a::B as c::D>::E as f::G>::h", Some("a")),
            ("<fn(a::B) -> c::D as e::F>::g", Some("e")),
            ("<*const a::B>::g", Some("a")),
            ("<a::B>::g::{closure#0}", Some("a")),
            ("core::ptr::drop_in_place<a::B>", Some("core")),
            ("plain", None),
            ("<", None),
            ("<>::f", None),
            ("< as >::f", None),
            ("::a::b", None),
        ] {
            assert_eq!(of_path(path, 0), expected, "{path}");
        }
        let deep = "<".repeat(100_000);
        assert_eq!(of_path(&deep, 0), None);
        let deep = format!("{}a::B", "&".repeat(100_000));
        assert_eq!(of_type(&deep, 0), Some("a"));
    }
}
