//! The compiled templates of a site, with inheritance, macros and filters.

use std::sync::LazyLock;

use minijinja::{Environment, Error, Value, context};
#[cfg(not(feature = "wizer"))]
use preinit_guest::{ZeroFreed, preinit};

#[cfg(not(feature = "wizer"))]
#[global_allocator]
static ALLOCATOR: ZeroFreed<std::alloc::System> = ZeroFreed::new(std::alloc::System);

const TEMPLATES: [(&str, &str); 5] = [
    ("base.html", include_str!("../templates/base.html")),
    ("parts.html", include_str!("../templates/parts.html")),
    ("list.html", include_str!("../templates/list.html")),
    ("product.html", include_str!("../templates/product.html")),
    ("feed.xml", include_str!("../templates/feed.xml")),
];

#[cfg_attr(not(feature = "wizer"), preinit)]
static SITE: LazyLock<Environment<'static>> = LazyLock::new(|| site().expect("valid templates"));

fn site() -> Result<Environment<'static>, Error> {
    let mut site = Environment::new();
    for (name, template) in TEMPLATES {
        site.add_template(name, template)?;
    }
    let menu = ["products", "about", "contact"].map(|name| context! { name, path => format!("/{name}") });
    let name = "Tea & more";
    site.add_global(
        "site",
        context! { name, language => "en", address => "https://example.com", menu },
    );
    Ok(site)
}

#[cfg(feature = "wizer")]
#[unsafe(export_name = "wizer-initialize")]
extern "C" fn initialize() {
    LazyLock::force(&SITE);
}

const PAGES: [&str; 3] = ["list.html", "product.html", "feed.xml"];

/// Renders one of the pages: a sum over its text.
#[unsafe(no_mangle)]
pub extern "C" fn run(request: u32) -> u32 {
    let products: Vec<Value> = (1..=8)
        .map(|number| {
            let tags = ["gift", "new", "fair-trade", "new"];
            context! {
                number,
                name => format!("Tea <no. {number}>"),
                amount => 1250 * (number + request) % 9000,
                tags => tags[..number as usize % 5].to_vec(),
            }
        })
        .collect();
    let page = SITE
        .get_template(PAGES[request as usize % PAGES.len()])
        .and_then(|page| page.render(context! { products, path => "/products", chosen => request }))
        .expect("a page for any request");
    page.bytes()
        .fold(0, |sum, byte| (sum * 31 + u32::from(byte)) & 0xff_ffff)
}
