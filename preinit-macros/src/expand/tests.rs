use proc_macro2::TokenStream;
use quote::quote;
use snapbox::{IntoData, assert_data_eq, str};

use crate::site::Site;

/// Expands as the compiler would, for an item in line 3.
#[track_caller]
fn check(args: TokenStream, item: TokenStream, expected: impl IntoData) {
    let expansion = super::expand(args, item, |_, _| site());
    assert_data_eq!(pretty(expansion), expected);
}

fn site() -> Site {
    Site {
        file: "src/lib.rs".to_owned(),
        line: 3,
        column: 8,
        id: "0123".to_owned(),
        speaks_for_binary: false,
    }
}

fn pretty(expansion: TokenStream) -> String {
    let file = syn::parse2(expansion).expect("an expansion is a list of items");
    prettyplease::unparse(&file)
}

#[test]
fn a_lazy_static_has_an_initialiser_of_its_own() {
    check(
        quote!(),
        quote! {
            /// The routes.
            pub(crate) static ROUTES: LazyLock<Router> = LazyLock::new(build_router);
        },
        str![[r#"
/// The routes.
pub(crate) static ROUTES: LazyLock<Router> = LazyLock::new({
    use ::preinit_guest::__private0_1_0 as __preinit;
    #[allow(deprecated, reason = "a deprecated item may be preinitialised")]
    const _: __preinit::Run = {
        #[cfg(target_family = "wasm")]
        #[unsafe(export_name = "__preinit_v1_item_0123")]
        static __PREINIT_ITEM: __preinit::Item = __preinit::Label {
            order: 0i32,
            line: 3u32,
            column: 8u32,
            name: ::core::concat!(::core::module_path!(), "::ROUTES"),
            file: "src/lib.rs",
        }
            .lazy(&ROUTES, __preinit::kind::<LazyLock<Router>>(), __preinit_initialise);
        #[cfg_attr(
            target_family = "wasm",
            unsafe(export_name = "__preinit_v1_run_0123")
        )]
        extern "C" fn __preinit_run() -> __preinit::Code {
            __preinit::run(|__preinit_report| {
                __preinit::Report::force_lazy(
                    __preinit_report,
                    &ROUTES,
                    __preinit::kind::<LazyLock<Router>>(),
                );
            })
        }
        __preinit_run
    };
    #[inline(never)]
    fn __preinit_initialise(__preinit_slot: &mut __preinit::Slot) {
        __preinit::Slot::fill(
            __preinit_slot,
            &ROUTES,
            __preinit::kind::<LazyLock<Router>>(),
            build_router,
        );
    }
    || unsafe {
        __preinit::initialise(
            &ROUTES,
            __preinit::kind::<LazyLock<Router>>(),
            __preinit_initialise,
        )
    }
});

"#]],
    );
}

#[test]
fn a_static_with_a_function() {
    check(
        quote!(with = make::<3>, order = -7),
        quote!(
            static CFG: OnceLock<Config> = OnceLock::new();
        ),
        str![[r#"
static CFG: OnceLock<Config> = OnceLock::new();
const _: () = {
    use ::preinit_guest::__private0_1_0 as __preinit;
    #[allow(deprecated, reason = "a deprecated item may be preinitialised")]
    const _: __preinit::Run = {
        #[cfg(target_family = "wasm")]
        #[unsafe(export_name = "__preinit_v1_item_0123")]
        static __PREINIT_ITEM: __preinit::Item = __preinit::Label {
            order: -7i32,
            line: 3u32,
            column: 8u32,
            name: ::core::concat!(::core::module_path!(), "::CFG"),
            file: "src/lib.rs",
        }
            .of(&CFG);
        #[cfg_attr(
            target_family = "wasm",
            unsafe(export_name = "__preinit_v1_run_0123")
        )]
        extern "C" fn __preinit_run() -> __preinit::Code {
            __preinit::run(|__preinit_report| {
                __preinit_report.force_with::<OnceLock<Config>>(&CFG, make::<3>);
            })
        }
        __preinit_run
    };
};

"#]],
    );
}

#[test]
fn a_function_runs_its_body_once() {
    check(
        quote!(order = 10,),
        quote! {
            /// Loads.
            #[inline(never)]
            pub extern "C" fn load() -> Result<(), ConfigError> {
                #![expect(unused)]
                read()?;
                Ok(())
            }
        },
        str![[r#"
/// Loads.
#[inline(never)]
#[expect(unused)]
pub extern "C" fn load() -> Result<(), ConfigError> {
    use ::preinit_guest::__private0_1_0 as __preinit;
    static __PREINIT_ONCE: __preinit::Once = __preinit::Once::new(
        ::core::concat!(::core::module_path!(), "::load"),
    );
    #[allow(deprecated, reason = "a deprecated item may be preinitialised")]
    const _: __preinit::Run = {
        #[cfg(target_family = "wasm")]
        #[unsafe(export_name = "__preinit_v1_item_0123")]
        static __PREINIT_ITEM: __preinit::Item = __preinit::Label {
            order: 10i32,
            line: 3u32,
            column: 8u32,
            name: ::core::concat!(::core::module_path!(), "::load"),
            file: "src/lib.rs",
        }
            .function(__preinit_body);
        #[cfg_attr(
            target_family = "wasm",
            unsafe(export_name = "__preinit_v1_run_0123")
        )]
        extern "C" fn __preinit_run() -> __preinit::Code {
            __preinit::run(|__preinit_report| {
                let _ = __preinit::function::<
                    Result<(), ConfigError>,
                >(__preinit_report, |_| load());
            })
        }
        __preinit_run
    };
    #[inline(never)]
    fn __preinit_body(__preinit_mark: &mut __preinit::Mark) -> Result<(), ConfigError> {
        __preinit_mark.leave(&__PREINIT_ONCE);
        read()?;
        Ok(())
    }
    __preinit::function::<Result<(), ConfigError>>(&__PREINIT_ONCE, __preinit_body)
}

"#]],
    );
}

#[test]
fn a_function_that_resumes_stays_an_ordinary_one() {
    check(
        quote!(resume),
        quote!(
            fn reseed() {
                SEED.set(random());
            }
        ),
        str![[r#"
fn reseed() {
    const _: () = {
        use ::preinit_guest::__private0_1_0 as __preinit;
        #[allow(deprecated, reason = "a deprecated item may be preinitialised")]
        const _: extern "C" fn() = {
            #[cfg(target_family = "wasm")]
            #[unsafe(export_name = "__preinit_v1_item_0123")]
            static __PREINIT_ITEM: __preinit::Item = __preinit::Label {
                order: 0i32,
                line: 3u32,
                column: 8u32,
                name: ::core::concat!(::core::module_path!(), "::reseed"),
                file: "src/lib.rs",
            }
                .resume();
            #[cfg_attr(
                target_family = "wasm",
                unsafe(export_name = "__preinit_v1_resume_0123")
            )]
            extern "C" fn __preinit_resume() {
                __preinit::resume::<()>(|| reseed());
            }
            __preinit_resume
        };
    };
    SEED.set(random());
}

"#]],
    );
}

#[test]
fn one_item_of_a_binary_exports_its_constructors() {
    let site = Site {
        speaks_for_binary: true,
        ..site()
    };
    let expansion = super::expand(quote!(), quote! { fn load() {} }, |_, _| site);
    assert_data_eq!(
        pretty(expansion),
        str![[r#"
fn load() {
    use ::preinit_guest::__private0_1_0 as __preinit;
    static __PREINIT_ONCE: __preinit::Once = __preinit::Once::new(
        ::core::concat!(::core::module_path!(), "::load"),
    );
    #[allow(deprecated, reason = "a deprecated item may be preinitialised")]
    const _: __preinit::Run = {
        #[cfg(target_family = "wasm")]
        #[unsafe(export_name = "__preinit_v1_item_0123")]
        static __PREINIT_ITEM: __preinit::Item = __preinit::Label {
            order: 0i32,
            line: 3u32,
            column: 8u32,
            name: ::core::concat!(::core::module_path!(), "::load"),
            file: "src/lib.rs",
        }
            .function(__preinit_body);
        #[cfg_attr(
            target_family = "wasm",
            unsafe(export_name = "__preinit_v1_run_0123")
        )]
        extern "C" fn __preinit_run() -> __preinit::Code {
            __preinit::run(|__preinit_report| {
                let _ = __preinit::function::<()>(__preinit_report, |_| load());
            })
        }
        #[cfg(target_os = "wasi")]
        #[unsafe(export_name = "__preinit_v1_constructors")]
        extern "C" fn __preinit_constructors() {
            __preinit::constructors();
        }
        __preinit_run
    };
    #[inline(never)]
    fn __preinit_body(__preinit_mark: &mut __preinit::Mark) -> () {
        __preinit_mark.leave(&__PREINIT_ONCE);
    }
    __preinit::function::<()>(&__PREINIT_ONCE, __preinit_body)
}

"#]]
    );
}

#[test]
fn the_guest_crate_may_have_another_name() {
    check(
        quote!(crate = crate::sdk),
        quote!(
            fn r#static() {}
        ),
        str![[r#"
fn r#static() {
    use crate::sdk::__private0_1_0 as __preinit;
    static __PREINIT_ONCE: __preinit::Once = __preinit::Once::new(
        ::core::concat!(::core::module_path!(), "::static"),
    );
    #[allow(deprecated, reason = "a deprecated item may be preinitialised")]
    const _: __preinit::Run = {
        #[cfg(target_family = "wasm")]
        #[unsafe(export_name = "__preinit_v1_item_0123")]
        static __PREINIT_ITEM: __preinit::Item = __preinit::Label {
            order: 0i32,
            line: 3u32,
            column: 8u32,
            name: ::core::concat!(::core::module_path!(), "::static"),
            file: "src/lib.rs",
        }
            .function(__preinit_body);
        #[cfg_attr(
            target_family = "wasm",
            unsafe(export_name = "__preinit_v1_run_0123")
        )]
        extern "C" fn __preinit_run() -> __preinit::Code {
            __preinit::run(|__preinit_report| {
                let _ = __preinit::function::<()>(__preinit_report, |_| r#static());
            })
        }
        __preinit_run
    };
    #[inline(never)]
    fn __preinit_body(__preinit_mark: &mut __preinit::Mark) -> () {
        __preinit_mark.leave(&__PREINIT_ONCE);
    }
    __preinit::function::<()>(&__PREINIT_ONCE, __preinit_body)
}

"#]],
    );
}

#[test]
fn mistakes_come_together_and_leave_the_item() {
    check(
        quote!(order = high, with, unknown = 1),
        quote! {
            #[again::preinit]
            async fn load<T>(count: usize) {}
        },
        str![[r#"
::core::compile_error! {
    "`order` takes an integer literal"
}
::core::compile_error! {
    "`with` needs a value, such as `with = make`"
}
::core::compile_error! {
    "unknown argument `unknown`: expected `order`, `with`, `resume` or `crate`"
}
::core::compile_error! {
    "`#[preinit]` is given twice"
}
::core::compile_error! {
    "a `#[preinit]` function must not be `async`: nothing would poll it at build time"
}
::core::compile_error! {
    "a `#[preinit]` function must not be generic: which one would run at build time?"
}
::core::compile_error! {
    "a `#[preinit]` function must not take arguments"
}
async fn load<T>(count: usize) {}

"#]],
    );
}

#[test]
fn variadic_functions_are_refused() {
    // Not among the tests of the compiler's output: stable compilers add an error of their own.
    check(
        quote!(),
        quote! {
            extern "C" fn load(_: ...) {}
        },
        str![[r#"
::core::compile_error! {
    "a `#[preinit]` function must not be variadic"
}
extern "C" fn load(_: ...) {}

"#]],
    );
}

#[test]
fn an_item_of_another_kind_stays() {
    check(
        quote!(with = make, with = make),
        quote!(
            pub struct Table;
        ),
        str![[r#"
::core::compile_error! {
    "`with` is given twice"
}
::core::compile_error! {
    "`#[preinit]` goes on a `fn` or a `static`"
}
pub struct Table;

"#]],
    );
}

#[test]
fn names_are_those_of_the_guest_crate() {
    let abi = include_str!("../../../preinit-guest/src/abi.rs");
    for (constant, value) in [
        ("ITEM_PREFIX", super::ITEM_PREFIX),
        ("RUN_PREFIX", super::RUN_PREFIX),
        ("RESUME_PREFIX", super::RESUME_PREFIX),
        ("CONSTRUCTORS_FUNCTION", super::CONSTRUCTORS_FUNCTION),
    ] {
        let definition = format!("pub const {constant}: &str = \"{value}\";");
        assert!(abi.contains(&definition), "{definition}");
    }
}
