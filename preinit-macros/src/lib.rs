//! The `#[preinit]` attribute of [`preinit-guest`](https://docs.rs/preinit-guest), which documents and re-exports it.
//!
//! Depend on `preinit-guest`, never on this crate: the expansion names a private module of exactly this version of
//! `preinit-guest`.
#![warn(missing_docs)]

use proc_macro::TokenStream;

mod args;
mod expand;
mod fallback;
mod item;
mod roots;
mod site;
mod valid;
mod wrong;

#[expect(missing_docs, reason = "documented where `preinit-guest` re-exports it")]
#[proc_macro_attribute]
pub fn preinit(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::expand(args.into(), item.into(), site::Site::of).into()
}
