//! The chemical elements.
//!
//! A library whose data is parsed at build time, in whatever guest uses it.

use std::num::ParseIntError;
use std::sync::LazyLock;

use preinit_guest::preinit;
use serde::Serialize;

/// The elements, by number.
#[preinit]
pub static ELEMENTS: LazyLock<Vec<Element>> = LazyLock::new(|| {
    include_str!("../elements.csv")
        .lines()
        .skip(1)
        .map(|line| Element::parse(line).expect("six fields, some of them numbers"))
        .collect()
});

/// A row of the table.
#[derive(Debug, Serialize)]
pub struct Element {
    /// How many protons it has.
    pub number: u32,
    /// One or two letters.
    pub symbol: &'static str,
    /// The English name.
    pub name: &'static str,
    /// The row of the periodic table.
    pub period: usize,
    /// The column of the periodic table. The lanthanides and actinides have none.
    pub group: Option<usize>,
    /// The standard atomic weight as it is written. Elements without a stable isotope may have none.
    pub weight: Option<&'static str>,
}

impl Element {
    fn parse(line: &'static str) -> Result<Self, ParseIntError> {
        let mut fields = line.split(',');
        let mut next = || fields.next().unwrap_or_default();
        Ok(Self {
            number: next().parse()?,
            symbol: next(),
            name: next(),
            period: next().parse()?,
            group: Some(next())
                .filter(|group| !group.is_empty())
                .map(str::parse)
                .transpose()?,
            weight: Some(next()).filter(|weight| !weight.is_empty()),
        })
    }
}

/// Finds an element by its symbol.
pub fn find(symbol: &str) -> Option<&'static Element> {
    ELEMENTS.iter().find(|element| element.symbol == symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_in_the_order_of_their_numbers() {
        assert!((1..=118).eq(ELEMENTS.iter().map(|element| element.number)));
    }

    #[test]
    fn an_element_is_found_by_its_symbol() {
        let gold = find("Au").unwrap();
        assert_eq!((gold.name, gold.number, gold.period), ("Gold", 79, 6));
        assert_eq!((gold.group, gold.weight), (Some(11), Some("196.97")));
        assert!(find("Xx").is_none());
    }

    #[test]
    fn what_is_missing_is_none() {
        let americium = find("Am").unwrap();
        assert_eq!((americium.group, americium.weight), (None, None));
    }
}
