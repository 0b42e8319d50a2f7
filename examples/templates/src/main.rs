//! Renders pages from templates and data that `cargo preinit` parses at build time.
//!
//! Without an argument it prints the table of the elements, and with a symbol the page of that element.

use std::env;
use std::error::Error;
use std::sync::OnceLock;

use example_elements::{ELEMENTS, Element};
use preinit_guest::preinit;
use serde_json::Value;
use tera::{Context, Tera};

static SITE: OnceLock<Site> = OnceLock::new();

/// What all pages have in common.
struct Site {
    templates: Tera,
    context: Context,
}

/// Parses the templates and the data. In a baked guest this has happened already.
#[preinit]
fn load() -> Result<(), Box<dyn Error>> {
    let mut templates = Tera::new();
    templates.add_raw_templates([
        ("base.html", include_str!("../templates/base.html")),
        (
            "components.html",
            include_str!("../templates/components.html"),
        ),
        ("element.html", include_str!("../templates/element.html")),
        ("index.html", include_str!("../templates/index.html")),
        (
            "navigation.html",
            include_str!("../templates/navigation.html"),
        ),
    ])?;
    let site: Value = serde_json::from_str(include_str!("../site.json"))?;
    let mut context = Context::new();
    context.insert("site", &site);
    context.insert("elements", &*ELEMENTS);
    context.insert("table", &table());
    SITE.get_or_init(|| Site { templates, context });
    Ok(())
}

/// Seven periods of eighteen groups.
fn table() -> [[Option<&'static Element>; 18]; 7] {
    let mut table = [[None; 18]; 7];
    for element in ELEMENTS.iter() {
        if let Some(group) = element.group {
            table[element.period - 1][group - 1] = Some(element);
        }
    }
    table
}

fn render(symbol: Option<&str>) -> Result<String, Box<dyn Error>> {
    load()?;
    let site = SITE.get().expect("`load` has set it");
    let mut context = site.context.clone();
    let template = match symbol {
        None => {
            context.insert("page", "index.html");
            "index.html"
        }
        Some(symbol) => {
            let element = example_elements::find(symbol)
                .ok_or_else(|| format!("there is no element `{symbol}`"))?;
            context.insert("page", &format!("{symbol}.html"));
            context.insert("element", element);
            "element.html"
        }
    };
    Ok(site.templates.render(template, &context)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", render(env::args().nth(1).as_deref())?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_element() {
        let page = render(None).unwrap();
        for element in ELEMENTS.iter() {
            assert!(page.contains(&format!(">{}</a>", element.symbol)));
        }
        assert!(page.contains(r#"<li class="current"><a href="index.html">Table</a></li>"#));
        assert!(page.contains("row by row &amp; column by column"));
    }

    #[test]
    fn an_element_has_its_facts_and_its_neighbours() {
        let page = render(Some("Au")).unwrap();
        assert!(page.contains("<title>Gold | The elements</title>"));
        assert!(page.contains("<dt>Weight</dt><dd>196.97</dd>"));
        assert!(page.contains("<h2>Coinage metals</h2>"));
        assert!(page.contains(r#"<a rel="prev" href="Pt.html">78 Platinum</a>"#));
        assert!(page.contains(r#"<a rel="next" href="Hg.html">80 Mercury</a>"#));
    }

    #[test]
    fn an_unknown_symbol_is_an_error() {
        let error = render(Some("Xx")).unwrap_err();
        assert_eq!(error.to_string(), "there is no element `Xx`");
    }
}
