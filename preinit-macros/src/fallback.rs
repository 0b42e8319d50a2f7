//! The expansion of an attribute that was misused: the errors, and the item as it stands, so that code which names the item
//! gives no further errors.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Error};

use crate::item::Item;

/// All mistakes in one item, to be reported together.
#[derive(Default)]
pub(crate) struct Mistakes(Option<Error>);

impl Mistakes {
    pub(crate) fn add(&mut self, at: impl ToTokens, text: impl Display) {
        self.push(Error::new_spanned(at, text));
    }

    pub(crate) fn push(&mut self, mistake: Error) {
        match &mut self.0 {
            None => self.0 = Some(mistake),
            Some(first) => first.combine(mistake),
        }
    }

    /// The value, if there was no mistake.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Error> {
        self.0.map_or(Ok(value), Err)
    }

    /// All mistakes and a last one.
    pub(crate) fn and(mut self, last: Error) -> Error {
        self.push(last.clone());
        self.0.unwrap_or(last)
    }
}

/// The errors, and the item without any `#[preinit]`: a second attribute would expand on its own and repeat the errors.
pub(crate) fn expand(mistakes: &Error, tokens: TokenStream) -> TokenStream {
    let errors = mistakes.to_compile_error();
    let item = match Item::parse(tokens.clone()) {
        Ok(Item::Function(mut function)) => {
            function.attrs.retain(|attr| !is_preinit(attr));
            function.into_token_stream()
        }
        Ok(Item::Static(mut it)) => {
            it.attrs.retain(|attr| !is_preinit(attr));
            it.into_token_stream()
        }
        Err(_) => tokens,
    };
    quote! { #errors #item }
}

/// Whether this is `#[preinit]`, under whatever path.
pub(crate) fn is_preinit(attr: &Attribute) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == "preinit")
}
