//! Validates JSON documents against schemas that `cargo preinit` compiles at build time.

use std::ptr;
use std::sync::LazyLock;

use jsonschema::Validator;
use preinit_guest::preinit;
use serde_json::Value;

#[preinit]
static ORDER: LazyLock<Validator> =
    LazyLock::new(|| compile(include_str!("../schemas/order.json")));

#[preinit]
static MAP: LazyLock<Validator> = LazyLock::new(|| compile(include_str!("../schemas/map.json")));

#[preinit]
static WORKFLOW: LazyLock<Validator> =
    LazyLock::new(|| compile(include_str!("../schemas/workflow.json")));

/// What [`validate`] returns for text that is not JSON.
const NOT_JSON: u32 = u32::MAX;

fn compile(schema: &str) -> Validator {
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is valid")
}

/// The schemas that the document satisfies: bit 0 for an order, 1 for a map, 2 for a workflow.
fn satisfied(document: &Value) -> u32 {
    [&ORDER, &MAP, &WORKFLOW]
        .into_iter()
        .zip(0..)
        .map(|(schema, bit)| u32::from(schema.is_valid(document)) << bit)
        .sum()
}

/// Gives the host room for a document. [`validate`] takes it back.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(len: usize) -> *mut u8 {
    Box::into_raw(vec![0; len].into_boxed_slice()).cast()
}

/// Returns the schemas that the document satisfies, a bit for each, or [`NOT_JSON`].
///
/// # Safety
///
/// `document` comes from [`alloc`] with the same `len`, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn validate(document: *mut u8, len: usize) -> u32 {
    // SAFETY: `alloc` made it from such a box, and the caller hands it over.
    let document = unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(document, len)) };
    match serde_json::from_slice(&document) {
        Ok(document) => satisfied(&document),
        Err(_) => NOT_JSON,
    }
}

/// Validates the documents in `samples.json`, and returns a checksum of what it finds.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u64 {
    let samples: Vec<Value> =
        serde_json::from_str(include_str!("../samples.json")).expect("the samples are JSON");
    let mut checksum = Checksum::default();
    for sample in &samples {
        checksum.add(&satisfied(sample).to_le_bytes());
        for schema in [&ORDER, &MAP, &WORKFLOW] {
            for error in schema.iter_errors(sample) {
                checksum.add(error.instance_path().as_str().as_bytes());
                checksum.add(error.schema_path().as_str().as_bytes());
            }
        }
    }
    checksum.0
}

/// FNV-1a.
struct Checksum(u64);

impl Default for Checksum {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sample_satisfies_its_schema() {
        let samples: Vec<Value> = serde_json::from_str(include_str!("../samples.json")).unwrap();
        let found: Vec<u32> = samples.iter().map(satisfied).collect();
        assert_eq!(found, [1, 0, 0, 2, 0, 0, 4, 0, 0]);
    }

    #[test]
    fn a_host_passes_a_document() {
        let ask = |document: &str| {
            let room = alloc(document.len());
            // SAFETY: the room is as long as the document, and `validate` gets it once.
            unsafe {
                ptr::copy_nonoverlapping(document.as_ptr(), room, document.len());
                validate(room, document.len())
            }
        };
        assert_eq!(
            ask(r#"{ "type": "Point", "coordinates": [24.9, 60.2] }"#),
            2
        );
        assert_eq!(ask(r#"{ "type": "Point" }"#), 0);
        assert_eq!(ask("nonsense"), NOT_JSON);
    }

    #[test]
    fn the_checksum_is_always_the_same() {
        assert_eq!(run(), run());
    }
}
