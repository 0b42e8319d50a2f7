//! A validator, compiled from a JSON Schema with references, formats and patterns.

use std::sync::LazyLock;

use jsonschema::Validator;
#[cfg(not(feature = "wizer"))]
use preinit_guest::{ZeroFreed, preinit};
use serde_json::Value;

#[cfg(feature = "component")]
#[path = "../../component.rs"]
mod component;

#[cfg(not(feature = "wizer"))]
#[global_allocator]
static ALLOCATOR: ZeroFreed<std::alloc::System> = ZeroFreed::new(std::alloc::System);

#[cfg_attr(not(feature = "wizer"), preinit)]
static ORDER: LazyLock<Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("order.json")).expect("the schema is JSON");
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is valid")
});

#[cfg(feature = "wizer")]
#[unsafe(export_name = "wizer-initialize")]
extern "C" fn initialize() {
    LazyLock::force(&ORDER);
}

const DOCUMENTS: [&str; 3] = [
    r#"{
        "id": "6f1c2a3e-0b5d-4c7e-9a8f-1d2e3f4a5b6c",
        "placed": "2026-03-14T09:26:53+01:00",
        "customer": {
            "name": "Zoë Ångström",
            "email": "zoe@example.com",
            "host": "2001:db8::7",
            "address": { "street": "Am Ring 3", "town": "Köln", "country": "DE", "postcode": "50667" }
        },
        "lines": [
            { "sku": "TEA-20311", "quantity": 2, "price": 7.5, "gift": false },
            { "sku": "MUG-1042-M", "quantity": 1, "price": 12, "gift": true, "message": "Happy birthday!" }
        ],
        "payment": { "kind": "card", "expires": "09/28" },
        "notes": { "door_code": "1234" },
        "x-shop": null
    }"#,
    r#"{
        "id": "6f1c2a3e",
        "placed": "yesterday",
        "customer": {
            "name": "42",
            "email": "not an address",
            "website": "no uri",
            "address": { "street": "", "town": "Lyon", "country": "FR" }
        },
        "lines": [{ "sku": "tea", "quantity": 0, "price": 1.005, "message": "no gift" }],
        "payment": { "kind": "card" },
        "more": true
    }"#,
    r#"{
        "id": "0e4a9f5b-62d1-4d0b-8f57-3f4de1b0a9c2",
        "placed": "2026-11-02T18:00:00Z",
        "customer": { "name": "Jean-Luc O'Neill", "email": "jl@example.org", "phone": "12" },
        "lines": [{ "sku": "BOOK-778", "quantity": 1, "price": 149, "gift": true }],
        "payment": { "kind": "transfer", "iban": "DE89 3704 0044 0532 0130 00" },
        "notes": { "Door": "code" }
    }"#,
];

/// What is wrong in one of the documents: a sum over the places in it and in the schema.
#[cfg_attr(not(feature = "component"), unsafe(no_mangle))]
pub extern "C" fn run(request: u32) -> u32 {
    let document = DOCUMENTS[request as usize % DOCUMENTS.len()];
    let document: Value = serde_json::from_str(document).expect("the documents are JSON");
    let valid = u32::from(ORDER.is_valid(&document));
    ORDER.iter_errors(&document).fold(valid, |sum, error| {
        let places = [error.instance_path().as_str(), error.schema_path().as_str()];
        places
            .iter()
            .flat_map(|place| place.bytes())
            .fold(sum, |sum, byte| (sum * 31 + u32::from(byte)) & 0xff_ffff)
    })
}
