//! The arguments of the attribute: `#[preinit(order = 10, with = make, crate = some::path)]`, or `#[preinit(resume)]`.

use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Error, Expr, ExprPath, Ident, Lit, Path, Result, Token, UnOp};

use crate::fallback::Mistakes;

/// The arguments of an attribute, all of them optional.
#[derive(Default)]
pub(crate) struct Args {
    /// `order = N`: lower runs first.
    pub(crate) order: Option<i32>,
    /// `with = path`: the function that makes the value of a static.
    pub(crate) with: Option<With>,
    /// `crate = path`: where `preinit-guest` is, if not at `::preinit_guest`.
    pub(crate) guest: Option<Path>,
    /// `resume`: the function runs in each baked instance, not at build time.
    pub(crate) resume: Option<Ident>,
}

/// The argument `with = path`.
pub(crate) struct With {
    pub(crate) key: Ident,
    pub(crate) function: ExprPath,
}

impl Args {
    /// Reads all arguments; a mistake in one does not hide those in the next.
    pub(crate) fn parse(tokens: proc_macro2::TokenStream, mistakes: &mut Mistakes) -> Self {
        let mut args = Self::default();
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(mistake) = args.argument(input) {
                    mistakes.push(mistake);
                    skip_to_comma(input);
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        if let Err(mistake) = parser.parse2(tokens) {
            mistakes.push(mistake);
        }
        args
    }

    fn argument(&mut self, input: ParseStream<'_>) -> Result<()> {
        let key = input.call(Ident::parse_any).map_err(|error| {
            Error::new(
                error.span(),
                "expected an argument: `order = N`, `with = path`, `resume` or `crate = path`",
            )
        })?;
        match key.to_string().as_str() {
            "order" => {
                let order = integer(&value(&key, "10", input)?)?;
                set(&mut self.order, &key, order)
            }
            "with" => {
                let function = path(&key, value(&key, "make", input)?)?;
                set(
                    &mut self.with,
                    &key,
                    With {
                        key: key.clone(),
                        function,
                    },
                )
            }
            "crate" => {
                let guest = path(&key, value(&key, "some::path", input)?)?;
                set(&mut self.guest, &key, guest.path)
            }
            "resume" => {
                if input.peek(Token![=]) {
                    return Err(input.error("`resume` takes no value"));
                }
                set(&mut self.resume, &key, key.clone())
            }
            other => Err(Error::new(
                key.span(),
                format_args!("unknown argument `{other}`: expected `order`, `with`, `resume` or `crate`"),
            )),
        }
    }
}

fn set<T>(slot: &mut Option<T>, key: &Ident, value: T) -> Result<()> {
    if slot.is_some() {
        return Err(Error::new(key.span(), format_args!("`{key}` is given twice")));
    }
    *slot = Some(value);
    Ok(())
}

/// The expression after `key =`.
fn value(key: &Ident, example: &str, input: ParseStream<'_>) -> Result<Expr> {
    let missing = || {
        Error::new(
            key.span(),
            format_args!("`{key}` needs a value, such as `{key} = {example}`"),
        )
    };
    if !input.peek(Token![=]) {
        return Err(missing());
    }
    input.parse::<Token![=]>()?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(missing());
    }
    let value = input.parse()?;
    if !input.is_empty() && !input.peek(Token![,]) {
        return Err(input.error("expected `,`"));
    }
    Ok(ungroup(value))
}

/// The expression that a `macro_rules!` fragment such as `$value:expr` wraps in invisible groups.
fn ungroup(mut value: Expr) -> Expr {
    while let Expr::Group(group) = value {
        value = *group.expr;
    }
    value
}

fn integer(value: &Expr) -> Result<i32> {
    let (sign, literal) = match value {
        Expr::Unary(negation) if matches!(negation.op, UnOp::Neg(_)) => ("-", &*negation.expr),
        other => ("", other),
    };
    let Expr::Lit(literal) = literal else {
        return Err(Error::new_spanned(value, "`order` takes an integer literal"));
    };
    match &literal.lit {
        Lit::Int(digits) if matches!(digits.suffix(), "" | "i32") => {
            format!("{sign}{}", digits.base10_digits())
                .parse()
                .map_err(|_| Error::new_spanned(value, "`order` must fit in an `i32`"))
        }
        _ => Err(Error::new_spanned(value, "`order` takes an integer literal")),
    }
}

fn path(key: &Ident, value: Expr) -> Result<ExprPath> {
    match value {
        Expr::Path(path) => Ok(path),
        other => Err(Error::new_spanned(
            other,
            format_args!("`{key}` takes a path", key = key.unraw()),
        )),
    }
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        // Cannot fail: there is a token, and any token is a token tree.
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
