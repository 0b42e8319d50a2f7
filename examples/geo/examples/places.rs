//! Makes up the places of `places.csv`:
//!
//! ```sh
//! cargo run -p example-geo --example places > places.csv && mv places.csv geo/places.csv
//! ```

use std::collections::BTreeSet;

const PLACES: usize = 8_000;

const BEFORE: [&str; 8] = ["", "", "", "", "North ", "Upper ", "Little ", "Old "];
const BEGINNINGS: [&str; 48] = [
    "Ald", "Amber", "Ash", "Bar", "Beck", "Birch", "Black", "Bram", "Bright", "Cald", "Carn",
    "Clar", "Cold", "Crom", "Dal", "Dun", "Elm", "Fair", "Fen", "Glen", "Gold", "Hart", "Haver",
    "Hazel", "Ings", "Kel", "Kings", "Lang", "Lin", "Maple", "Mar", "Mill", "Nor", "Oak", "Over",
    "Pen", "Raven", "Red", "Rose", "Sand", "Silver", "Stan", "Stone", "Thorn", "Wal", "West",
    "White", "Wind",
];
const ENDINGS: [&str; 40] = [
    "bank", "beck", "bridge", "brook", "burgh", "bury", "by", "castle", "cliff", "combe", "cote",
    "dale", "den", "field", "fold", "ford", "gate", "ham", "haven", "hill", "holme", "hurst",
    "ley", "mere", "minster", "moor", "mouth", "ness", "port", "ridge", "shaw", "stead", "stow",
    "thorpe", "ton", "well", "wick", "wood", "worth", "yard",
];

/// Where people might live: the south-west and the north-east corner, in degrees.
const REGIONS: [[f64; 4]; 12] = [
    [-38.0, -70.0, -20.0, -50.0],
    [-33.0, 18.0, -20.0, 31.0],
    [-37.0, 142.0, -27.0, 152.0],
    [-8.0, 106.0, -6.5, 114.0],
    [5.0, -10.0, 12.0, 15.0],
    [10.0, 73.0, 28.0, 87.0],
    [17.0, -103.0, 25.0, -98.0],
    [24.0, 104.0, 39.0, 119.0],
    [31.0, -115.0, 48.0, -75.0],
    [33.0, 131.0, 41.0, 141.0],
    [42.0, -4.0, 54.0, 38.0],
    [56.0, 10.0, 65.0, 60.0],
];

fn main() {
    let mut random = SplitMix(1);
    let mut names = BTreeSet::new();
    println!("name,latitude,longitude");
    while names.len() < PLACES {
        let name = format!(
            "{}{}{}",
            random.pick(&BEFORE),
            random.pick(&BEGINNINGS),
            random.pick(&ENDINGS)
        );
        let [south, west, north, east] = *random.pick(&REGIONS);
        let latitude = random.between(south, north);
        let longitude = random.between(west, east);
        if names.insert(name.clone()) {
            println!("{name},{latitude:.3},{longitude:.3}");
        }
    }
}

/// The generator that Sebastiano Vigna published under this name.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// At least 0 and less than 1.
    fn unit(&mut self) -> f64 {
        let bits = u32::try_from(self.next() >> 32).expect("32 bits are left");
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.unit() * (high - low)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let len = u64::try_from(from.len()).expect("a short list");
        &from[usize::try_from(self.next() % len).expect("less than the length")]
    }
}
