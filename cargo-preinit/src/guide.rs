//! The guide, for those who write guests: the pages of the book in `cargo-preinit/guide`, whose blocks of Rust are tests.
//!
//! | Page | |
//! |---|---|
//! | [`introduction`] | what a baked module is, and what it saves |
//! | [`first_bake`] | from `cargo new` to a baked guest |
//! | [`state`] | what is baked, and what is refused |
//! | [`frozen`] | what must not be the same in every instance |
//! | [`size`] | what makes an output large, and what helps |
//! | [`imports`] | imports that init calls, and hosts without WASI |
//! | [`components`] | components |
//! | [`ci`] | CI with JSON |
//! | [`wizer`] | moving from Wizer |
//! | [`hosts`] | a page for each host, and what they have in common |

macro_rules! pages {
    ($($name:ident = $path:literal),* $(,)?) => {
        $(
            // A label that has several definitions leads to the first one: here to modules, in the book to files.
            #[doc = include_str!("guide/links.md")]
            #[doc = include_str!("guide/pictures.md")]
            #[doc = ""]
            #[doc = include_str!(concat!("../guide/src/", $path))]
            pub mod $name {}
        )*
    };
}

pages! {
    introduction = "introduction.md",
    first_bake = "first-bake.md",
    state = "state.md",
    frozen = "frozen.md",
    size = "size.md",
    imports = "imports.md",
    components = "components.md",
    ci = "ci.md",
    wizer = "wizer.md",
    hosts = "hosts.md",
    hosts_fastly = "hosts/fastly.md",
    hosts_spin = "hosts/spin.md",
    hosts_wasmcloud = "hosts/wasmcloud.md",
    hosts_shopify = "hosts/shopify.md",
    hosts_extism = "hosts/extism.md",
    hosts_envoy = "hosts/envoy.md",
    hosts_workers = "hosts/workers.md",
    hosts_browser = "hosts/browser.md",
    hosts_typst = "hosts/typst.md",
    hosts_zed = "hosts/zed.md",
}
