//! Checks what an item's tokens tell of whether it can be preinitialised. The traits that the expansion names check the rest.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{FnArg, ItemFn, ItemStatic, ReturnType, Safety, Signature, StaticMutability, Type};

use crate::args::Args;
use crate::fallback::{Mistakes, is_preinit};
use crate::item::Item;

pub(crate) fn check(args: &Args, item: &Item, mistakes: &mut Mistakes) {
    for again in item.attrs().iter().filter(|attr| is_preinit(attr)) {
        mistakes.add(again, "`#[preinit]` is given twice");
    }
    match item {
        Item::Function(function) => check_function(args, function, mistakes),
        Item::Static(it) => {
            if let Some(resume) = &args.resume {
                mistakes.add(
                    resume,
                    "`resume` is for a function: what a static needs in each instance is for a `preinit_guest::PerInstance`",
                );
            }
            check_static(it, mistakes);
        }
    }
}

fn check_function(args: &Args, function: &ItemFn, mistakes: &mut Mistakes) {
    if let Some(with) = &args.with {
        mistakes.add(
            &with.key,
            "`with` is for a `static`: a function makes its values itself",
        );
    }
    if let Some(defaultness) = &function.modifiers.defaultness {
        mistakes.add(defaultness, "a `#[preinit]` function must not be `default`");
    }
    check_signature(&function.sig, mistakes);
}

fn check_signature(sig: &Signature, mistakes: &mut Mistakes) {
    if let Some(constness) = &sig.constness {
        mistakes.add(
            constness,
            "a `#[preinit]` function must not be `const`: it runs once and remembers that it did",
        );
    }
    if let Some(asyncness) = &sig.asyncness {
        mistakes.add(
            asyncness,
            "a `#[preinit]` function must not be `async`: nothing would poll it at build time",
        );
    }
    match &sig.safety {
        Safety::Default => {}
        Safety::Unsafe(token) => {
            mistakes.add(
                token,
                "a `#[preinit]` function must not be `unsafe`: nobody could vouch for the call",
            );
        }
        Safety::Safe(token) => mistakes.add(token, "a `#[preinit]` function must not be `safe`"),
    }
    if let Some(name) = sig.abi.as_ref().and_then(|abi| abi.name.as_ref())
        && !matches!(name.value().as_str(), "C" | "Rust")
    {
        mistakes.add(
            name,
            "a `#[preinit]` function must have the ABI \"Rust\" or \"C\"",
        );
    }
    if !sig.generics.params.is_empty() {
        mistakes.add(
            &sig.generics,
            "a `#[preinit]` function must not be generic: which one would run at build time?",
        );
    }
    if let Some(clause) = &sig.generics.where_clause {
        mistakes.add(clause, "a `#[preinit]` function must not have a `where` clause");
    }
    check_inputs(sig, mistakes);
    check_output(&sig.output, mistakes);
}

fn check_inputs(sig: &Signature, mistakes: &mut Mistakes) {
    match sig.inputs.first() {
        None => {}
        Some(FnArg::Receiver(receiver)) => {
            mistakes.add(
                receiver,
                "a `#[preinit]` function must not take `self`: make it a free function",
            );
        }
        Some(FnArg::Typed(_)) => {
            mistakes.add(&sig.inputs, "a `#[preinit]` function must not take arguments");
        }
    }
    if let Some(variadic) = &sig.variadic {
        mistakes.add(variadic, "a `#[preinit]` function must not be variadic");
    }
}

fn check_output(output: &ReturnType, mistakes: &mut Mistakes) {
    if let ReturnType::Type(_, ty) = output
        && let Type::Never(_) | Type::ImplTrait(_) = &**ty
    {
        mistakes.add(ty, "a `#[preinit]` function returns `()` or `Result<(), E>`");
    }
}

fn check_static(it: &ItemStatic, mistakes: &mut Mistakes) {
    if let StaticMutability::Mut(token) = &it.mutability {
        mistakes.add(token, "a `#[preinit]` static must not be `mut`: use a `LazyLock`");
    }
    check_type(it.ty.to_token_stream(), mistakes);
}

/// Types whose values mean something in the instance that made them only, and what they are.
const OF_ONE_INSTANCE: [(&str, &str); 14] = [
    ("Instant", "a reading of a clock"),
    ("SystemTime", "a reading of a clock"),
    ("File", "an open file"),
    ("ReadDir", "an open directory"),
    ("TcpListener", "a socket"),
    ("TcpStream", "a socket"),
    ("UdpSocket", "a socket"),
    ("Child", "a process"),
    ("JoinHandle", "a thread"),
    ("ThreadId", "a thread"),
    ("JsValue", "a value of JavaScript"),
    ("Closure", "a value of JavaScript"),
    (
        "ThreadRng",
        "a generator of random numbers that is seeded at build time",
    ),
    ("OsRng", "a generator of random numbers"),
];

/// Finds types in a type whose values must not be baked. A type of one's own may have such a name, so a path that leads elsewhere is none.
fn check_type(tokens: TokenStream, mistakes: &mut Mistakes) {
    /// How many colons are before a name that belongs to a path.
    const COLONS: usize = 2;
    // The first name of the path that the last name belongs to, how many names it has, and the colons behind it.
    let mut path: Option<(Ident, usize)> = None;
    let mut colons = 0;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) => {
                path = match path.take() {
                    Some((first, names)) if colons == COLONS => Some((first, names + 1)),
                    _ => Some((name.clone(), 1)),
                };
                colons = 0;
                let goes_on = matches!(tokens.peek(), Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
                if let (false, Some((first, names))) = (goes_on, &path) {
                    check_path(first, *names, &name, mistakes);
                }
            }
            TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
            TokenTree::Group(group) => {
                check_type(group.stream(), mistakes);
                (path, colons) = (None, 0);
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => (path, colons) = (None, 0),
        }
    }
}

/// Checks a path of so many names, by its first and its last.
fn check_path(first: &Ident, names: usize, last: &Ident, mistakes: &mut Mistakes) {
    const CRATES: [&str; 4] = ["std", "wasm_bindgen", "js_sys", "rand"];
    let is_known = names == 1 || CRATES.iter().any(|name| first == name);
    let found = OF_ONE_INSTANCE.iter().find(|(name, _)| is_known && last == name);
    if let Some((name, what)) = found {
        let text = format!(
            "a `#[preinit]` static must not hold a value of type `{name}`: it is {what}, and all instances would share that of the build; make it in a \
             `preinit_guest::PerInstance`, or at run time (a type of your own is named by its path, such as `crate::{name}`)"
        );
        mistakes.add(last, text);
    }
}
