//! Finds the nearest place in an R-tree that `cargo preinit` builds at build time.

use std::sync::LazyLock;

use preinit_guest::preinit;
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// The places in the order of `places.csv`. A place's number is its index here.
#[preinit]
static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    include_str!("../places.csv")
        .lines()
        .skip(1)
        .map(|line| Place::parse(line).expect("a name, a latitude and a longitude"))
        .collect()
});

/// The number of each place, at its point on the unit sphere.
#[preinit]
static TREE: LazyLock<RTree<GeomWithData<[f64; 3], u32>>> = LazyLock::new(|| {
    let points = PLACES.iter().zip(0..);
    RTree::bulk_load(
        points
            .map(|(place, number)| {
                GeomWithData::new(on_sphere(place.latitude, place.longitude), number)
            })
            .collect(),
    )
});

/// What [`nearest`] returns for coordinates that are not numbers.
const NOWHERE: u32 = u32::MAX;

struct Place {
    name: &'static str,
    latitude: f64,
    longitude: f64,
}

impl Place {
    fn parse(line: &'static str) -> Option<Self> {
        let mut fields = line.split(',');
        Some(Self {
            name: fields.next()?,
            latitude: fields.next()?.parse().ok()?,
            longitude: fields.next()?.parse().ok()?,
        })
    }
}

/// The nearest point on the sphere is the nearest in space too, at the poles and across the date line as well.
fn on_sphere(latitude: f64, longitude: f64) -> [f64; 3] {
    let (sin_latitude, cos_latitude) = latitude.to_radians().sin_cos();
    let (sin_longitude, cos_longitude) = longitude.to_radians().sin_cos();
    [
        cos_latitude * cos_longitude,
        cos_latitude * sin_longitude,
        sin_latitude,
    ]
}

fn place(number: u32) -> Option<&'static Place> {
    PLACES.get(usize::try_from(number).ok()?)
}

/// Returns the number of the place that is nearest to these degrees, or [`NOWHERE`].
#[unsafe(no_mangle)]
pub extern "C" fn nearest(latitude: f64, longitude: f64) -> u32 {
    if !latitude.is_finite() || !longitude.is_finite() {
        return NOWHERE;
    }
    TREE.nearest_neighbor(on_sphere(latitude, longitude))
        .map_or(NOWHERE, |found| found.data)
}

/// Where the name of a place begins, or null if there is no such place.
#[unsafe(no_mangle)]
pub extern "C" fn name(number: u32) -> *const u8 {
    place(number).map_or(std::ptr::null(), |place| place.name.as_ptr())
}

/// How many bytes of UTF-8 the name of a place has.
#[unsafe(no_mangle)]
pub extern "C" fn name_len(number: u32) -> usize {
    place(number).map_or(0, |place| place.name.len())
}

/// Asks for the place nearest to every crossing of a grid, and returns a checksum of the answers.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u64 {
    let mut checksum = 0_u64;
    for latitude in (-85..=85).step_by(10) {
        for longitude in (-180..180).step_by(10) {
            let number = nearest(f64::from(latitude), f64::from(longitude));
            checksum = checksum.wrapping_mul(31).wrapping_add(u64::from(number));
        }
    }
    checksum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer without a tree.
    fn nearest_of_all(latitude: f64, longitude: f64) -> u32 {
        let from = on_sphere(latitude, longitude);
        let distance = |place: &Place| -> f64 {
            let to = on_sphere(place.latitude, place.longitude);
            from.iter().zip(to).map(|(a, b)| (a - b).powi(2)).sum()
        };
        (0..)
            .zip(PLACES.iter())
            .min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)))
            .map_or(NOWHERE, |(number, _)| number)
    }

    #[test]
    fn the_tree_finds_what_a_search_of_all_places_finds() {
        for (latitude, longitude) in [
            (51.5, -0.1),
            (0.0, 0.0),
            (-41.0, 179.9),
            (66.0, -179.9),
            (90.0, 0.0),
        ] {
            assert_eq!(
                nearest(latitude, longitude),
                nearest_of_all(latitude, longitude)
            );
        }
    }

    #[test]
    fn a_place_is_nearest_to_itself() {
        for (place, number) in PLACES.iter().zip(0..).step_by(97) {
            assert_eq!(nearest(place.latitude, place.longitude), number);
        }
    }

    #[test]
    fn what_does_not_exist_has_no_answer() {
        assert_eq!(nearest(f64::NAN, 0.0), NOWHERE);
        assert!(name(NOWHERE).is_null());
        assert_eq!(name_len(NOWHERE), 0);
    }
}
