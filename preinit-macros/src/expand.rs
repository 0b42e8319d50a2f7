//! Expands an attribute and its item.
//!
//! An unnamed constant holds the exports, beside a static or within a function's body. A function's body moves into a
//! function of its own. So does the expression that makes a static's value, if the tokens show it; the exports are then
//! within the static's value. Natively nothing is exported, but everything is type-checked.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{AttrStyle, Error, Expr, ExprCall, Ident, ItemFn, ItemStatic, ReturnType};

use crate::args::Args;
use crate::fallback::{self, Mistakes};
use crate::item::Item;
use crate::site::Site;
use crate::valid;

/// The names of the exports; a test compares them with `preinit_guest::abi`.
const ITEM_PREFIX: &str = "__preinit_v1_item_";
const RUN_PREFIX: &str = "__preinit_v1_run_";
const RESUME_PREFIX: &str = "__preinit_v1_resume_";
const CONSTRUCTORS_FUNCTION: &str = "__preinit_v1_constructors";

/// Expands `#[preinit(args)] item`; `locate` returns the site of the item with this name and these tokens.
pub(crate) fn expand(
    args: TokenStream,
    item: TokenStream,
    locate: impl FnOnce(Span, TokenStream) -> Site,
) -> TokenStream {
    let (args, parsed) = match read(args, item.clone()) {
        Ok(read) => read,
        Err(mistakes) => return fallback::expand(&mistakes, item),
    };
    let exports = Exports {
        site: locate(parsed.ident().span(), item),
        order: args.order.unwrap_or(0),
        name: name(parsed.ident()),
        private: private(&args),
    };
    match parsed {
        Item::Function(function) if args.resume.is_some() => expand_resume(*function, &exports),
        Item::Function(function) => expand_function(*function, &exports),
        Item::Static(it) => expand_static(&it, &args, &exports),
    }
}

fn read(args: TokenStream, item: TokenStream) -> Result<(Args, Item), Error> {
    let mut mistakes = Mistakes::default();
    let args = Args::parse(args, &mut mistakes);
    match Item::parse(item) {
        Ok(item) => {
            valid::check(&args, &item, &mut mistakes);
            mistakes.finish((args, item))
        }
        Err(mistake) => Err(mistakes.and(mistake)),
    }
}

/// The path of an item, as an expression.
fn name(ident: &Ident) -> TokenStream {
    let tail = format!("::{}", ident.unraw());
    quote! { ::core::concat!(::core::module_path!(), #tail) }
}

/// The only module that expansions name. It has the version in its name, so that an attribute and a guest crate of different
/// versions fail to compile.
fn private(args: &Args) -> TokenStream {
    let module = format_ident!(
        "__private{}_{}_{}",
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
    );
    match &args.guest {
        Some(guest) => quote! { #guest::#module },
        None => quote! { ::preinit_guest::#module },
    }
}

fn expand_function(function: ItemFn, exports: &Exports) -> TokenStream {
    let Exports { name, private, .. } = exports;
    let output = output(&function);
    let ItemFn {
        attrs,
        vis,
        sig,
        block,
        ..
    } = with_outer_attributes(function);
    let ident = &sig.ident;
    // Without its braces: the compiler would warn that they are unnecessary.
    let body = &block.stmts;
    // Both calls are to the same function, so that the compiler reports an unsuitable return type once, not twice.
    let exported = exports.expand(
        &quote! { function(__preinit_body) },
        &quote! { let _ = __preinit::function::<#output>(__preinit_report, |_| #ident()); },
    );
    quote! {
        #(#attrs)*
        #vis #sig {
            use #private as __preinit;
            static __PREINIT_ONCE: __preinit::Once = __preinit::Once::new(#name);
            #exported
            #[inline(never)]
            fn __preinit_body(__preinit_mark: &mut __preinit::Mark) -> #output {
                __preinit_mark.leave(&__PREINIT_ONCE);
                #(#body)*
            }
            __preinit::function::<#output>(&__PREINIT_ONCE, __preinit_body)
        }
    }
}

/// A function without attributes of its own body: the body gets something in front, or moves, so its `#![…]` become attributes of the function.
fn with_outer_attributes(mut function: ItemFn) -> ItemFn {
    for attr in &mut function.attrs {
        attr.style = AttrStyle::Outer;
    }
    function
}

/// The type that a function returns.
fn output(function: &ItemFn) -> TokenStream {
    match &function.sig.output {
        ReturnType::Default => quote! { () },
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    }
}

/// A function that runs in each baked instance stays an ordinary one. The exports are within its body, so that it has to be a free
/// function.
fn expand_resume(function: ItemFn, exports: &Exports) -> TokenStream {
    let Exports { private, .. } = exports;
    let output = output(&function);
    let ItemFn {
        attrs,
        vis,
        sig,
        block,
        ..
    } = with_outer_attributes(function);
    let ident = &sig.ident;
    let body = &block.stmts;
    let exported = exports.expand_resume(&quote! { __preinit::resume::<#output>(|| #ident()); });
    quote! {
        #(#attrs)*
        #vis #sig {
            const _: () = {
                use #private as __preinit;
                #exported
            };
            #(#body)*
        }
    }
}

fn expand_static(it: &ItemStatic, args: &Args, exports: &Exports) -> TokenStream {
    let ItemStatic { ident, ty, .. } = it;
    let private = &exports.private;
    // An unsuitable type is reported where it stands.
    let here = ty.span().resolved_at(Span::call_site());
    let force_with = args.with.as_ref().map(|with| {
        let function = &with.function;
        quote_spanned! { here=> __preinit_report.force_with::<#ty>(&#ident, #function); }
    });
    let Some((call, make)) = lazy_call(&it.expr) else {
        let force = quote_spanned! { here=> __preinit_report.force::<#ty>(&#ident); };
        let exported = exports.expand(&quote! { of(&#ident) }, &force_with.unwrap_or(force));
        return quote! {
            #it
            const _: () = {
                use #private as __preinit;
                #exported
            };
        };
    };
    // The compiler gives one error for an unsuitable type if all of them have the same words at the same place. Names of local
    // variables stay those of the expansion.
    let place = ty.span();
    let ty = located_at(ty.to_token_stream(), place);
    let kind = quote_spanned! { place=> __preinit::kind::<#ty>() };
    let (slot, report) = (quote! { __preinit_slot }, quote! { __preinit_report });
    let initialiser = quote! { __preinit_initialise };
    let force = quote_spanned! { place=> __preinit::Report::force_lazy(#report, &#ident, #kind); };
    let exported = exports.expand(
        &quote_spanned! { place=> lazy(&#ident, #kind, #initialiser) },
        &force_with.unwrap_or(force),
    );
    let fill = quote_spanned! { place=> __preinit::Slot::fill(#slot, &#ident, #kind, #make); };
    let initialise = quote_spanned! { place=> __preinit::initialise(&#ident, #kind, #initialiser) };
    // Inside the static's own value, so that no other scope has the initialiser's name.
    let value = quote! {
        {
            use #private as __preinit;
            #exported
            #[inline(never)]
            fn __preinit_initialise(__preinit_slot: &mut __preinit::Slot) {
                #fill
            }
            // SAFETY: the initialiser fills its slot, and nothing else.
            || unsafe { #initialise }
        }
    };
    let it = ItemStatic {
        expr: Box::new(Expr::Call(ExprCall {
            args: [Expr::Verbatim(value)].into_iter().collect(),
            ..call.clone()
        })),
        ..it.clone()
    };
    it.into_token_stream()
}

/// A call of `LazyLock::new` or `Lazy::new`, and its argument, the function that makes the value.
fn lazy_call(value: &Expr) -> Option<(&ExprCall, &Expr)> {
    let Expr::Call(call) = value else { return None };
    let Expr::Path(function) = &*call.func else {
        return None;
    };
    let mut segments = function.path.segments.iter().rev();
    let (new, ty) = (segments.next()?, segments.next()?);
    let is_lazy = new.ident == "new" && (ty.ident == "LazyLock" || ty.ident == "Lazy");
    match call.args.first() {
        Some(make) if is_lazy && call.args.len() == 1 => Some((call, make)),
        _ => None,
    }
}

/// Tokens that the compiler reports at another place. What their names mean stays.
fn located_at(tokens: TokenStream, place: Span) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            let stream = located_at(group.stream(), place);
            token = Group::new(group.delimiter(), stream).into();
        }
        token.set_span(token.span().located_at(place));
        token
    });
    tokens.collect()
}

/// What the exports of an item are made of.
struct Exports {
    site: Site,
    order: i32,
    name: TokenStream,
    private: TokenStream,
}

impl Exports {
    /// The descriptor, made by the method call `descriptor`, and the function that runs `job` with a `__preinit_report`.
    ///
    /// An unnamed constant holds both: it adds no name to the scope of a function's body, and keeps the item from
    /// looking dead in native builds.
    fn expand(&self, descriptor: &TokenStream, job: &TokenStream) -> TokenStream {
        let run_export = format!("{RUN_PREFIX}{}", self.site.id);
        let item = self.item(descriptor);
        let constructors = self.constructors();
        quote! {
            #[allow(deprecated, reason = "a deprecated item may be preinitialised")]
            const _: __preinit::Run = {
                #item

                #[cfg_attr(target_family = "wasm", unsafe(export_name = #run_export))]
                extern "C" fn __preinit_run() -> __preinit::Code {
                    __preinit::run(|__preinit_report| { #job })
                }
                #constructors
                __preinit_run
            };
        }
    }

    /// The descriptor, and the function that does `job` in an instance.
    fn expand_resume(&self, job: &TokenStream) -> TokenStream {
        let resume_export = format!("{RESUME_PREFIX}{}", self.site.id);
        let item = self.item(&quote! { resume() });
        let constructors = self.constructors();
        quote! {
            #[allow(deprecated, reason = "a deprecated item may be preinitialised")]
            const _: extern "C" fn() = {
                #item

                #[cfg_attr(target_family = "wasm", unsafe(export_name = #resume_export))]
                extern "C" fn __preinit_resume() { #job }
                #constructors
                __preinit_resume
            };
        }
    }

    /// The function that runs the constructors, where this item speaks for a binary.
    fn constructors(&self) -> Option<TokenStream> {
        self.site.speaks_for_binary.then(|| {
            quote! {
                #[cfg(target_os = "wasi")]
                #[unsafe(export_name = #CONSTRUCTORS_FUNCTION)]
                extern "C" fn __preinit_constructors() {
                    __preinit::constructors();
                }
            }
        })
    }

    /// The descriptor.
    fn item(&self, descriptor: &TokenStream) -> TokenStream {
        let Self {
            order, name, site, ..
        } = self;
        let Site {
            file,
            line,
            column,
            id,
            ..
        } = site;
        let item_export = format!("{ITEM_PREFIX}{id}");
        quote! {
            #[cfg(target_family = "wasm")]
            #[unsafe(export_name = #item_export)]
            static __PREINIT_ITEM: __preinit::Item = __preinit::Label {
                order: #order,
                line: #line,
                column: #column,
                name: #name,
                file: #file,
            }
            .#descriptor;
        }
    }
}

#[cfg(test)]
mod tests;
