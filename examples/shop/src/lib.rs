//! A component: it finds the prices of articles, in an index that takes long to make.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use preinit_guest::preinit;

wit_bindgen::generate!({
    inline: "
        package example:shop;

        world shop {
            /// The price of an article, in cents.
            export price: func(article: string) -> option<u32>;
            /// The articles whose names begin so, at most ten.
            export search: func(prefix: string) -> list<string>;
        }
    ",
});

/// The parts that names of articles are made of.
const PARTS: [[&str; 12]; 3] = [
    [
        "red", "blue", "green", "grey", "large", "small", "light", "heavy", "round", "flat", "old",
        "new",
    ],
    [
        "oak", "pine", "steel", "brass", "glass", "stone", "linen", "wool", "cork", "clay",
        "paper", "wax",
    ],
    [
        "table", "chair", "lamp", "shelf", "bowl", "clock", "box", "frame", "vase", "rug", "bench",
        "hook",
    ],
];

/// The prices by the names of the articles.
#[preinit]
static PRICES: LazyLock<BTreeMap<String, u32>> = LazyLock::new(|| {
    let mut prices = BTreeMap::new();
    let mut price = 17_u32;
    for first in PARTS[0] {
        for second in PARTS[1] {
            for third in PARTS[2] {
                price = price.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                prices.insert(format!("{first} {second} {third}"), price % 100_000);
            }
        }
    }
    prices
});

struct Shop;

impl Guest for Shop {
    fn price(article: String) -> Option<u32> {
        PRICES.get(&article).copied()
    }

    fn search(prefix: String) -> Vec<String> {
        let found = PRICES.range(prefix.clone()..);
        let found = found.take_while(|(article, _)| article.starts_with(&prefix));
        found.take(10).map(|(article, _)| article.clone()).collect()
    }
}

export!(Shop);

#[cfg(test)]
mod tests {
    use super::{Guest as _, Shop};

    #[test]
    fn articles_are_found() {
        assert_eq!(Shop::search("old wax h".to_owned()), ["old wax hook"]);
        assert!(Shop::price("old wax hook".to_owned()).is_some_and(|price| price < 100_000));
        assert_eq!(Shop::price("nothing".to_owned()), None);
    }
}
