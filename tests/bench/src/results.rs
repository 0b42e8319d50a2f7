//! What was measured, and what was aimed at.

use serde::{Deserialize, Serialize};

/// All that a comparison found out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Results {
    /// On what, with what, and how.
    pub notes: Vec<String>,
    pub rows: Vec<Row>,
    /// Where our bakes spend their time.
    pub stages: Vec<(String, Vec<crate::stages::Stage>)>,
}

/// One figure of one module.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    pub metric: Metric,
    pub subject: String,
    /// Of the module before it is baked.
    pub input: Option<f64>,
    pub ours: f64,
    pub wizer: Option<f64>,
    /// Of an empty module with a memory of the same size.
    pub empty: Option<f64>,
    /// Of the same with one byte of data, which is an image to be mapped.
    pub one_byte: Option<f64>,
    /// What was aimed at.
    pub targets: Vec<Target>,
    /// What there is to add.
    pub note: Option<String>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Metric {
    BakeCold,
    BakeColdCpu,
    BakeCached,
    PeakMemory,
    Size,
    SizeCompressed,
    StartOnDemand,
    StartPooling,
    StartV8,
    Fuel,
    Sparse,
    TableEntries,
    Checked,
    Reached,
    NextVersion,
    Variants,
    SecondInit,
    Unchanged,
}

/// A bound.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Target {
    pub against: Against,
    /// The most that ours may be, as a multiple of the other.
    pub at_most: f64,
}

/// What a target compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Against {
    Wizer,
    Input,
    Empty,
    /// The metric's own unit.
    Nothing,
}

impl Metric {
    /// In the order of the table.
    pub const ALL: [Self; 18] = [
        Self::BakeCold,
        Self::BakeColdCpu,
        Self::BakeCached,
        Self::PeakMemory,
        Self::Size,
        Self::SizeCompressed,
        Self::StartOnDemand,
        Self::StartPooling,
        Self::StartV8,
        Self::Fuel,
        Self::Sparse,
        Self::TableEntries,
        Self::Checked,
        Self::Reached,
        Self::NextVersion,
        Self::Variants,
        Self::SecondInit,
        Self::Unchanged,
    ];

    /// Whether it is measured on each of the modules.
    pub fn is_of_modules(self) -> bool {
        !matches!(
            self,
            Self::Sparse
                | Self::TableEntries
                | Self::Checked
                | Self::Reached
                | Self::NextVersion
                | Self::Variants
                | Self::SecondInit
                | Self::Unchanged
        )
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::BakeCold => "Bake, nothing cached",
            Self::BakeColdCpu => "Bake, nothing cached, time of all processors",
            Self::BakeCached => "Bake again, compiled code cached",
            Self::PeakMemory => "Peak memory of the bake",
            Self::Size => "Size of the module",
            Self::SizeCompressed => "Size, compressed (zstd -19)",
            Self::StartOnDemand => "Instantiation in wasmtime, on demand",
            Self::StartPooling => "Instantiation in wasmtime, pooling",
            Self::StartV8 => "Instantiation in V8",
            Self::Fuel => "Fuel of start and first call",
            Self::Sparse => "Bake of a memory of 1 GiB, 1 % touched",
            Self::TableEntries => "100,000 table entries identified",
            Self::Variants => "Ten variants, in bakes of one",
            Self::Checked => "Bake again, cached, as by default: init runs again with other answers",
            Self::Reached => "Bake, nothing cached, in bakes that compile all functions",
            Self::NextVersion => {
                "Bake of a guest's next version, of which one function differs, in bakes with nothing cached"
            }
            Self::SecondInit => "Bake with a second init where it can tell something, in bakes without",
            Self::Unchanged => "`cargo preinit` where nothing changed, in `cargo build`s",
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Self::BakeCold | Self::BakeColdCpu | Self::BakeCached | Self::Sparse | Self::TableEntries => {
                Unit::Millis
            }
            Self::PeakMemory => Unit::Mebibytes,
            Self::Size | Self::SizeCompressed => Unit::Kibibytes,
            Self::StartOnDemand | Self::StartPooling | Self::StartV8 => Unit::Micros,
            Self::Fuel => Unit::Thousands,
            Self::Checked
            | Self::Reached
            | Self::NextVersion
            | Self::Variants
            | Self::SecondInit
            | Self::Unchanged => Unit::Times,
        }
    }
}

/// What the values of a metric are given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Millis,
    Micros,
    Mebibytes,
    Kibibytes,
    Thousands,
    Times,
}

impl Unit {
    pub fn name(self) -> &'static str {
        match self {
            Self::Millis => "ms",
            Self::Micros => "us",
            Self::Mebibytes => "MiB",
            Self::Kibibytes => "KiB",
            Self::Thousands => "thousands",
            Self::Times => "times",
        }
    }
}

impl Row {
    /// What a target compares with, if it was measured.
    fn base(&self, against: Against) -> Option<f64> {
        match against {
            Against::Wizer => self.wizer,
            Against::Input => self.input,
            Against::Empty => self.empty,
            Against::Nothing => Some(1.0),
        }
    }

    /// The targets that are missed, each with what ours is as a multiple of the other.
    pub fn misses(&self) -> Vec<(Target, f64)> {
        self.targets
            .iter()
            .filter_map(|target| Some((*target, self.ours / self.base(target.against)?)))
            .filter(|(target, value)| *value > target.at_most)
            .collect()
    }

    /// Ours in relation to Wizer's.
    pub fn ratio(&self) -> Option<f64> {
        self.wizer.map(|wizer| self.ours / wizer)
    }
}
