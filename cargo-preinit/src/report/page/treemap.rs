//! Squarified treemaps: rectangles in a rectangle, with areas in given proportions, and as square as can be.
//!
//! The algorithm is that of M. Bruls, K. Huizing and J. J. van Wijk, *Squarified Treemaps*, 2000: rectangles are laid along the shorter side
//! of what is free, in rows, and a row takes another one as long as its worst ratio of sides does not get worse.

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    fn area(self) -> f64 {
        self.width * self.height
    }
}

/// Divides a rectangle in proportion to the weights, which are in descending order. A weight of 0 has a rectangle without an area.
pub(super) fn squarify(weights: &[u64], whole: Rect) -> Vec<Rect> {
    let total: u64 = weights.iter().sum();
    if total == 0 {
        return vec![
            Rect {
                width: 0.0,
                height: 0.0,
                ..whole
            };
            weights.len()
        ];
    }
    #[expect(clippy::cast_precision_loss, reason = "areas are drawn with two decimals")]
    let areas: Vec<f64> = weights
        .iter()
        .map(|weight| whole.area() * (*weight as f64 / total as f64))
        .collect();
    let mut rects = Vec::with_capacity(areas.len());
    let mut free = whole;
    let mut rest = &areas[..];
    while !rest.is_empty() {
        let side = free.width.min(free.height);
        let mut count = 1;
        while count < rest.len() && worst(&rest[..=count], side) <= worst(&rest[..count], side) {
            count += 1;
        }
        let (row, others) = rest.split_at(count);
        // What is left takes all that is free, so that rounding leaves no gap.
        let is_last = others.iter().all(|area| *area <= 0.0);
        free = lay(row, free, is_last, &mut rects);
        rest = others;
    }
    rects
}

/// The worst ratio of sides in a row along a side.
fn worst(row: &[f64], side: f64) -> f64 {
    let sum: f64 = row.iter().sum();
    let (largest, smallest) = row
        .iter()
        .fold((0.0_f64, f64::INFINITY), |(largest, smallest), area| {
            (largest.max(*area), smallest.min(*area))
        });
    let (side, sum) = (side * side, sum * sum);
    (side * largest / sum).max(sum / (side * smallest))
}

/// Lays a row along the shorter side, and returns what stays free.
fn lay(row: &[f64], free: Rect, is_last: bool, rects: &mut Vec<Rect>) -> Rect {
    let sum: f64 = row.iter().sum();
    let is_column = free.width >= free.height;
    let (side, other) = match is_column {
        true => (free.height, free.width),
        false => (free.width, free.height),
    };
    let depth = match is_last || side <= 0.0 {
        true => other,
        false => (sum / side).min(other),
    };
    let mut at = 0.0;
    for area in row {
        let length = if sum > 0.0 { side * (area / sum) } else { 0.0 };
        let length = length.min(side - at);
        rects.push(match is_column {
            true => Rect {
                x: free.x,
                y: free.y + at,
                width: depth,
                height: length,
            },
            false => Rect {
                x: free.x + at,
                y: free.y,
                width: length,
                height: depth,
            },
        });
        at += length;
    }
    match is_column {
        true => Rect {
            x: free.x + depth,
            width: free.width - depth,
            ..free
        },
        false => Rect {
            y: free.y + depth,
            height: free.height - depth,
            ..free
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Rect = Rect {
        x: 10.0,
        y: 20.0,
        width: 560.0,
        height: 360.0,
    };

    fn check(weights: &[u64]) {
        const ERROR: f64 = 1e-6;
        let rects = squarify(weights, WHOLE);
        assert_eq!(rects.len(), weights.len());
        let total: u64 = weights.iter().sum();
        for (rect, weight) in rects.iter().zip(weights) {
            let expected = WHOLE.area() * *weight as f64 / total.max(1) as f64;
            assert!(
                (rect.area() - expected).abs() < ERROR * WHOLE.area(),
                "{rect:?} is for {weight} of {total}"
            );
            let is_inside = rect.x >= WHOLE.x - ERROR
                && rect.y >= WHOLE.y - ERROR
                && rect.x + rect.width <= WHOLE.x + WHOLE.width + ERROR
                && rect.y + rect.height <= WHOLE.y + WHOLE.height + ERROR;
            assert!(is_inside && rect.width >= 0.0 && rect.height >= 0.0, "{rect:?}");
        }
        for (position, one) in rects.iter().enumerate() {
            for other in &rects[position + 1..] {
                let width = (one.x + one.width).min(other.x + other.width) - one.x.max(other.x);
                let height = (one.y + one.height).min(other.y + other.height) - one.y.max(other.y);
                assert!(width <= ERROR || height <= ERROR, "{one:?} and {other:?} overlap");
            }
        }
    }

    #[test]
    fn rectangles_are_inside_apart_and_in_proportion() {
        check(&[]);
        check(&[0, 0]);
        check(&[1]);
        check(&[6, 6, 4, 3, 2, 2, 1]);
        check(&[u64::MAX / 4, 1, 0]);
        check(&[1; 100]);
        let mut state = 1_u64;
        for count in [2, 3, 10, 300] {
            let mut weights: Vec<u64> = (0..count)
                .map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    (state >> 40) * (state >> 44)
                })
                .collect();
            weights.sort_unstable_by(|a, b| b.cmp(a));
            check(&weights);
        }
    }

    #[test]
    fn the_example_of_the_paper() {
        let whole = Rect {
            x: 0.0,
            y: 0.0,
            width: 6.0,
            height: 4.0,
        };
        let rects = squarify(&[6, 6, 4, 3, 2, 2, 1], whole);
        let sides: Vec<(f64, f64)> = rects.iter().map(|rect| (rect.width, rect.height)).collect();
        let round = |(width, height): (f64, f64)| ((width * 100.0).round(), (height * 100.0).round());
        let sides: Vec<_> = sides.into_iter().map(round).collect();
        assert_eq!(
            sides,
            [
                (300.0, 200.0),
                (300.0, 200.0),
                (171.0, 233.0),
                (129.0, 233.0),
                (120.0, 167.0),
                (120.0, 167.0),
                (60.0, 167.0),
            ]
        );
    }
}
