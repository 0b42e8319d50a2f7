//! Checks what an item's tokens tell of whether it can be preinitialised. The traits that the expansion names check the rest.

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
        Item::Static(it) => check_static(it, mistakes),
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
}
