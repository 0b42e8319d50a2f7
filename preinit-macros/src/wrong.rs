//! Items of a kind that can not be marked, and what to mark instead.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Error, Fields, Item, Path, Type};

/// The mistake in an item that is no function and no static. `here` is its first token behind attributes and visibility.
pub(crate) fn mistake(here: Span, item: ParseStream<'_>) -> Error {
    let (at, text) = match item.fork().parse() {
        // `lazy_static!` and `thread_local!` take attributes on what is in them, and put these on what they make of it.
        Ok(Item::Struct(of)) if is_of_lazy_static(&of.fields) => (of.ident.span(), LAZY_STATIC),
        Ok(Item::Const(of)) if is_local_key(&of.ty) => (of.ident.span(), THREAD_LOCAL),
        Ok(Item::Macro(call)) => match last(&call.mac.path).as_deref() {
            Some("lazy_static") => (here, LAZY_STATIC),
            Some("thread_local") => (here, THREAD_LOCAL),
            _ => (
                here,
                "`#[preinit]` goes on a `fn` or a `static`, and cannot see what a macro makes: put it inside, on the item",
            ),
        },
        _ => (here, "`#[preinit]` goes on a `fn` or a `static`"),
    };
    Error::new(at, text)
}

const LAZY_STATIC: &str = "`#[preinit]` cannot mark what `lazy_static!` makes: write `static NAME: LazyLock<T> = LazyLock::new(|| …);` \
                           instead, or mark a function that calls `lazy_static::initialize(&NAME)`";

const THREAD_LOCAL: &str = "`#[preinit]` cannot mark what `thread_local!` makes, since each thread makes its own: use a `static` with a \
                            `LazyLock`, or, for the thread that a guest starts with, mark a function that calls `NAME.with(|_| ())`";

/// Whether these are the fields of the type that `lazy_static!` makes for a static.
fn is_of_lazy_static(fields: &Fields) -> bool {
    let mut names = fields.iter().map(|field| field.ident.as_ref());
    let first = names.next().flatten();
    first.is_some_and(|name| name == "__private_field") && names.next().is_none()
}

/// Whether this is the type of what `thread_local!` makes.
fn is_local_key(ty: &Type) -> bool {
    matches!(ty, Type::Path(ty) if last(&ty.path).as_deref() == Some("LocalKey"))
}

fn last(path: &Path) -> Option<String> {
    path.segments.last().map(|segment| segment.ident.to_string())
}
