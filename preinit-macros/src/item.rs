//! The item that carries the attribute.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Error, ForeignItemStatic, Ident, ItemFn, ItemStatic, Result, Signature, Token, Visibility,
};

use crate::wrong;

/// An item of a kind that can be preinitialised; [`valid`](crate::valid) says whether this one can.
pub(crate) enum Item {
    Function(Box<ItemFn>),
    Static(ItemStatic),
}

impl Item {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        syn::parse2(tokens)
    }

    pub(crate) fn ident(&self) -> &Ident {
        match self {
            Self::Function(function) => &function.sig.ident,
            Self::Static(it) => &it.ident,
        }
    }

    pub(crate) fn attrs(&self) -> &[Attribute] {
        match self {
            Self::Function(function) => &function.attrs,
            Self::Static(it) => &it.attrs,
        }
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let head = input.fork();
        head.call(Attribute::parse_outer)?;
        head.parse::<Visibility>()?;

        if head.peek(Token![static]) {
            if let Ok(bare) = input.fork().parse::<ForeignItemStatic>() {
                return Err(Error::new_spanned(
                    bare.semi_token,
                    "a `#[preinit]` static needs a value",
                ));
            }
            return input.parse().map(Self::Static);
        }
        let here = head.span();
        if head.parse::<Signature>().is_err() {
            return Err(wrong::mistake(here, input));
        }
        if head.peek(Token![;]) {
            return Err(Error::new(head.span(), "a `#[preinit]` function needs a body"));
        }
        input.parse().map(Box::new).map(Self::Function)
    }
}
