//! The pages of the guide, so that `cargo test` compiles and runs their blocks of Rust.

macro_rules! pages {
    ($($name:ident = $path:literal),* $(,)?) => {
        $(
            #[doc = include_str!(concat!("../guide/src/", $path))]
            mod $name {}
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
