//! Results as a picture: how many times Wizer's figure ours is, a line per metric, a dot per module.

use std::fmt::Write as _;

use crate::results::{Metric, Results};

/// What is drawn, from top to bottom. Metrics that others explain are left out.
const METRICS: [Metric; 9] = [
    Metric::BakeCold,
    Metric::BakeCached,
    Metric::PeakMemory,
    Metric::Size,
    Metric::SizeCompressed,
    Metric::StartOnDemand,
    Metric::StartPooling,
    Metric::StartV8,
    Metric::Fuel,
];

/// Told apart by those who do not see colours, too: the shapes differ. Readable on black and on white.
const COLORS: [&str; 5] = ["#3b82f6", "#d97706", "#16a34a", "#db2777", "#8b5cf6"];

const LABELS: f64 = 300.0;
const WIDTH: f64 = 900.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 70.0;
const LINE: f64 = 34.0;

/// The drawing as SVG.
pub fn svg(results: &Results) -> String {
    let mut subjects: Vec<&str> = Vec::new();
    for row in results.rows.iter().filter(|row| METRICS.contains(&row.metric)) {
        if !subjects.contains(&row.subject.as_str()) {
            subjects.push(&row.subject);
        }
    }
    let ratios = results
        .rows
        .iter()
        .filter(|row| METRICS.contains(&row.metric))
        .filter_map(|row| row.ratio());
    let axis = Axis::around(ratios);
    let bottom = TOP + LINE * METRICS.len() as f64;
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="14" role="img" aria-label="cargo-preinit in relation to Wizer">
<style>
  text {{ fill: #57606a }}
  .rule {{ stroke: #8c959f; stroke-opacity: 0.35 }}
  .one {{ stroke: #8c959f; stroke-width: 2 }}
  @media (prefers-color-scheme: dark) {{ text {{ fill: #9ea7b3 }} }}
</style>
"#,
        height = bottom + 60.0
    );
    for (position, subject) in subjects.iter().enumerate() {
        let x = 20.0 + 170.0 * position as f64;
        let _ = writeln!(
            svg,
            r#"<g>{}<text x="{}" y="29">{subject}</text></g>"#,
            mark(position, x, 24.0, subject),
            x + 14.0
        );
    }
    for power in axis.low..=axis.high {
        let x = axis.x(10_f64.powi(power));
        let class = if power == 0 { "one" } else { "rule" };
        let _ = writeln!(
            svg,
            r#"<line class="{class}" x1="{x:.1}" y1="{}" x2="{x:.1}" y2="{bottom}"/><text x="{x:.1}" y="{}" text-anchor="middle">{}</text>"#,
            TOP - 14.0,
            bottom + 20.0,
            10_f64.powi(power)
        );
    }
    let _ = writeln!(
        svg,
        r#"<text x="{:.1}" y="{}" text-anchor="middle">ours / Wizer: left of 1 is less than Wizer</text>"#,
        f64::midpoint(LABELS, WIDTH - RIGHT),
        bottom + 46.0
    );
    for (line, metric) in METRICS.iter().enumerate() {
        let y = TOP + LINE * (line as f64 + 0.5);
        let _ = writeln!(
            svg,
            r#"<line class="rule" x1="{LABELS}" y1="{y}" x2="{}" y2="{y}"/><text x="{}" y="{}" text-anchor="end">{}</text>"#,
            WIDTH - RIGHT,
            LABELS - 12.0,
            y + 5.0,
            metric.title()
        );
        for row in results.rows.iter().filter(|row| row.metric == *metric) {
            if let Some(ratio) = row.ratio()
                && let Some(position) = subjects.iter().position(|subject| *subject == row.subject)
            {
                let title = format!("{}: {}", row.subject, crate::table::ratio(ratio));
                // A little above or below the line, so that equal ones are all seen.
                let y = y + 4.0 * (position as f64 - (subjects.len() - 1) as f64 / 2.0);
                svg.push_str(&mark(position, axis.x(ratio), y, &title));
                svg.push('\n');
            }
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// From one power of ten to another.
struct Axis {
    low: i32,
    high: i32,
}

impl Axis {
    fn around(ratios: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (-1, 1);
        for ratio in ratios {
            while ratio < 10_f64.powi(low) && low > -9 {
                low -= 1;
            }
            while ratio > 10_f64.powi(high) && high < 9 {
                high += 1;
            }
        }
        Self { low, high }
    }

    fn x(&self, ratio: f64) -> f64 {
        let (low, high) = (f64::from(self.low), f64::from(self.high));
        LABELS + (ratio.log10() - low) / (high - low) * (WIDTH - RIGHT - LABELS)
    }
}

/// A module's mark.
fn mark(position: usize, x: f64, y: f64, title: &str) -> String {
    let color = COLORS[position % COLORS.len()];
    let shape = match position % COLORS.len() {
        0 => format!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="6""#),
        1 => format!(
            r#"<rect x="{:.1}" y="{:.1}" width="11" height="11""#,
            x - 5.5,
            y - 5.5
        ),
        2 => format!(r#"<path d="M{x:.1} {:.1}l7 12h-14z""#, y - 7.0),
        3 => format!(r#"<path d="M{x:.1} {:.1}l7 7l-7 7l-7 -7z""#, y - 7.0),
        _ => format!(r#"<path d="M{x:.1} {:.1}l-7 -12h14z""#, y + 7.0),
    };
    format!(
        r#"{shape} fill="{color}" fill-opacity="0.85"><title>{title}</title></{}>"#,
        element(&shape)
    )
}

fn element(shape: &str) -> &str {
    let name = shape.trim_start_matches('<');
    name.split(' ').next().unwrap_or(name)
}
