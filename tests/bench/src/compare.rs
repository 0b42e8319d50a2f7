//! The comparison: bakes every subject with both tools, and measures what comes out.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use camino::Utf8PathBuf;

use crate::job::{self, Again, Cache, Cost, Functions, Job, Scan, Tool, World};
use crate::node::Node;
use crate::results::{Against, Metric, Results, Row, Target};
use crate::shape::{self, Shape};
use crate::splice::changed;
use crate::start::{self, Allocation};
use crate::subjects::{InitTakes, Subject};
use crate::{component, job::spawn, scale, stages, unchanged};

/// A module below this size is small: its runs are cheap, and more memory is allowed for others.
const SMALL: u64 = 3_000_000;

/// The subject that is baked in variants.
const VARIED: &str = "Ruby";

/// What the guests that are components export for Wizer.
const COMPONENT_INIT: &str = "init";

/// Where things are, and how often.
pub struct Bench {
    /// For everything that is made.
    pub dir: Utf8PathBuf,
    pub node: Option<Node>,
    /// How often each tool bakes a small module. A large one is baked half as often.
    pub runs: usize,
}

impl Bench {
    /// Measures one subject.
    pub fn subject(&self, subject: &Subject, results: &mut Results) -> Result<()> {
        eprintln!("{}", subject.name);
        let size = fs_err::metadata(&subject.ours)?.len();
        let runs = if size < SMALL {
            self.runs
        } else {
            self.runs.div_ceil(2)
        };
        let mut rows = Rows {
            subject: subject.name,
            rows: &mut results.rows,
        };
        let [ours, wizer] = self.bake(&self.jobs(subject, Cache::Empty), runs)?;
        let cold = match subject.takes {
            _ if subject.is_component => 0.44,
            InitTakes::Short => 0.30,
            InitTakes::Long => 0.65,
        };
        rows.pair(
            Metric::BakeCold,
            millis(ours.wall),
            millis(wizer.wall),
            Some(cold),
        );
        rows.pair(Metric::BakeColdCpu, millis(ours.cpu), millis(wizer.cpu), None);
        let peak = if size < SMALL { 1.0 } else { 2.0 };
        let mebibytes = |kib: u64| kib as f64 / 1024.0;
        rows.pair(
            Metric::PeakMemory,
            mebibytes(ours.peak_kib),
            mebibytes(wizer.peak_kib),
            Some(peak),
        );
        let jobs = self.jobs(subject, Cache::Filled);
        // The first one fills the cache.
        self.bake(&jobs, 1)?;
        let [ours, wizer] = self.bake(&jobs, runs)?;
        rows.pair(
            Metric::BakeCached,
            millis(ours.wall),
            millis(wizer.wall),
            Some(1.0),
        );

        let checked = Job {
            again: Again::IfAsked,
            output: self.dir.join("checked.wasm"),
            ..jobs[0].clone()
        };
        let [checked, once] = self.bake(&[checked, jobs[0].clone()], runs)?;
        let ratio = checked.wall.as_secs_f64() / once.wall.as_secs_f64();
        rows.ours(Metric::Checked, ratio).note = Some(format!(
            "{:.0} ms, {:.0} ms",
            millis(checked.wall),
            millis(once.wall)
        ));

        if subject.reaches_little {
            self.reached(&mut rows, &jobs[0], runs)?;
        }

        let input = fs_err::read(&subject.ours)?;
        let [ours, wizer] = [fs_err::read(&jobs[0].output)?, fs_err::read(&jobs[1].output)?];
        sizes(&mut rows, subject, [&input, &ours, &wizer])?;
        if subject.is_component {
            return self.starts_of_components(&mut rows, subject, [&input, &ours, &wizer]);
        }
        self.starts(&mut rows, subject, [&input, &ours, &wizer])?;
        if let Some(node) = &self.node {
            let [ours, wizer] = node.instantiations([&jobs[0].output, &jobs[1].output])?;
            let is_densified = Shape::of(&fs_err::read(&jobs[0].output)?)?.span >= 16 << 20;
            let target = if is_densified { 1.2 } else { 1.0 };
            rows.pair(Metric::StartV8, micros(ours), micros(wizer), Some(target));
        }
        if subject.name == VARIED {
            let many = Job {
                variants: 10,
                ..self.jobs(subject, Cache::Off)[0].clone()
            };
            let one = &self.jobs(subject, Cache::Off)[0];
            let [many, one] = self.bake(&[many, one.clone()], 2)?;
            rows.times(Metric::Variants, many.wall, one.wall, 2.5);
        }
        results
            .stages
            .push((subject.name.to_owned(), self.stages(&jobs[0])?));
        Ok(())
    }

    /// What it is good for that only functions are compiled that init reaches: where nothing is cached, and where the cache has the code of
    /// the guest's last version.
    fn reached(&self, rows: &mut Rows<'_>, job: &Job, runs: usize) -> Result<()> {
        let reached = Job {
            cache: Cache::Empty,
            ..job.clone()
        };
        let all = Job {
            functions: Functions::All,
            output: self.dir.join("all.wasm"),
            ..reached.clone()
        };
        let [reached_cost, all_cost] = self.bake(&[reached.clone(), all.clone()], runs)?;
        ensure!(
            fs_err::read(&all.output)? == fs_err::read(&reached.output)?,
            "it comes to other bytes if all functions are compiled"
        );
        rows.times(Metric::Reached, reached_cost.wall, all_cost.wall, 0.40);
        // What both tools run if they are told nothing.
        let init = job.init.as_deref().unwrap_or("wizer-initialize");
        let next = Job {
            input: self.dir.join("next.wasm"),
            output: self.dir.join("next-baked.wasm"),
            cache: Cache::Filled,
            ..job.clone()
        };
        fs_err::write(&next.input, changed(&fs_err::read(&job.input)?, init)?)?;
        let cache = self.dir.join("empty-cache");
        let mut least: Option<Cost> = None;
        for _ in 0..runs {
            fs_err::create_dir_all(&cache)?;
            fs_err::remove_dir_all(&cache)?;
            spawn(&reached, &cache)?;
            let cost = spawn(&next, &cache)?;
            least = Some(least.map_or(cost, |least| least.least(cost)));
        }
        let next = least.context("at least one run")?;
        rows.times(Metric::NextVersion, next.wall, reached_cost.wall, 0.25);
        Ok(())
    }

    /// The same bake by both tools.
    fn jobs(&self, subject: &Subject, cache: Cache) -> [Job; 2] {
        let job = |tool, input: &Utf8PathBuf, suffix: &str| Job {
            tool,
            input: input.clone(),
            output: self.dir.join(format!(
                "{}-{suffix}.wasm",
                subject.name.replace([' ', '(', ')'], "-")
            )),
            init: match tool {
                Tool::Wizer if subject.is_component => Some(COMPONENT_INIT.to_owned()),
                Tool::Ours | Tool::Wizer => subject.init.map(str::to_owned),
            },
            world: subject.world.clone(),
            cache,
            scan: Scan::Auto,
            // Wizer does not look for what must not be frozen.
            again: Again::Never,
            functions: Functions::Auto,
            variants: 0,
        };
        [
            job(Tool::Ours, &subject.ours, "ours"),
            job(Tool::Wizer, &subject.wizer, "wizer"),
        ]
    }

    /// The least of several runs; the tools take turns.
    fn bake<const JOBS: usize>(&self, jobs: &[Job; JOBS], runs: usize) -> Result<[Cost; JOBS]> {
        let [filled, empty] = ["cache", "empty-cache"].map(|name| self.dir.join(name));
        let mut least: [Option<Cost>; JOBS] = [None; JOBS];
        for _ in 0..runs {
            for (job, least) in jobs.iter().zip(&mut least) {
                let cache = match job.cache {
                    Cache::Off | Cache::Filled => &filled,
                    Cache::Empty => {
                        fs_err::create_dir_all(&empty)?;
                        fs_err::remove_dir_all(&empty)?;
                        &empty
                    }
                };
                let cost = spawn(job, cache)?;
                *least = Some(least.map_or(cost, |least: Cost| least.least(cost)));
            }
        }
        let least: Option<Vec<Cost>> = least.into_iter().collect();
        least
            .and_then(|least| least.try_into().ok())
            .context("at least one run")
    }

    /// How the modules start, and that they answer alike.
    fn starts(&self, rows: &mut Rows<'_>, subject: &Subject, [input, ours, wizer]: [&[u8]; 3]) -> Result<()> {
        let cache = self.dir.join("cache/engine");
        let world = World::default();
        // Ours initialises itself lazily where its init is marked.
        let init = subject.init.unwrap_or("wizer-initialize");
        let before = start::observe(input, &subject.world, Some(init), &cache).context("before")?;
        let after = start::observe(ours, &world, None, &cache).context("ours")?;
        let wizers = start::observe(wizer, &world, None, &cache).context("Wizer's")?;
        let same = before.answers == after.answers && before.answers == wizers.answers;
        ensure!(
            same,
            "{} answers {:?}, ours {:?}, Wizer's {:?}",
            subject.name,
            before.answers,
            after.answers,
            wizers.answers
        );
        let thousands = |fuel: u64| fuel as f64 / 1e3;
        let row = rows.pair(
            Metric::Fuel,
            thousands(after.fuel),
            thousands(wizers.fuel),
            Some(1.0),
        );
        row.input = Some(thousands(before.fuel));

        let [shape, wizers] = [Shape::of(ours)?, Shape::of(wizer)?];
        let empty = shape::empty(shape.pages, &[]);
        let one_byte = shape::empty(shape.pages, &[1]);
        let note = format!("{}; Wizer's: {}", described(&shape), described(&wizers));
        let allocations = [
            (Metric::StartOnDemand, Allocation::OnDemand),
            (Metric::StartPooling, Allocation::Pooling),
        ];
        for (metric, allocation) in allocations {
            let modules = [input, ours, wizer, &empty, &one_byte];
            let [input, ours, wizer, empty, one_byte] =
                start::instantiations(modules, allocation, &cache)?.map(micros);
            let row = rows.pair(metric, ours, wizer, None);
            row.input = Some(input);
            row.empty = Some(empty);
            row.one_byte = Some(one_byte);
            row.targets.push(Target {
                against: Against::Empty,
                at_most: 1.5,
            });
            row.note = Some(note.clone());
        }
        Ok(())
    }

    /// How components start, and that they answer alike.
    fn starts_of_components(
        &self,
        rows: &mut Rows<'_>,
        subject: &Subject,
        [input, ours, wizer]: [&[u8]; 3],
    ) -> Result<()> {
        let cache = self.dir.join("cache/engine");
        let unbaked = fs_err::read(&subject.wizer)?;
        let before = component::observe(&unbaked, COMPONENT_INIT, &cache).context("before")?;
        let lazily = component::observe(input, COMPONENT_INIT, &cache).context("ours before")?;
        let after = component::observe(ours, "", &cache).context("ours")?;
        let wizers = component::observe(wizer, "", &cache).context("Wizer's")?;
        let all = [&before.answers, &lazily.answers, &wizers.answers];
        ensure!(
            all.iter().all(|answers| **answers == after.answers),
            "{} answers {:?}, Wizer's, and before: {all:?}",
            subject.name,
            after.answers
        );
        let thousands = |fuel: u64| fuel as f64 / 1e3;
        let row = rows.pair(Metric::Fuel, thousands(after.fuel), thousands(wizers.fuel), None);
        row.input = Some(thousands(lazily.fuel));
        let allocations = [
            (Metric::StartOnDemand, Allocation::OnDemand),
            (Metric::StartPooling, Allocation::Pooling),
        ];
        for (metric, allocation) in allocations {
            let components = [input, ours, wizer];
            let [input, ours, wizer] = component::instantiations(components, allocation, &cache)?.map(micros);
            let row = rows.pair(metric, ours, wizer, None);
            row.input = Some(input);
            row.targets.push(Target {
                against: Against::Input,
                at_most: 1.0,
            });
        }
        Ok(())
    }

    /// `cargo preinit` beside `cargo build`, where neither has anything to do.
    pub fn unchanged(&self, results: &mut Results) -> Result<()> {
        eprintln!("unchanged");
        let [preinit, build] = unchanged::commands(&self.dir)?;
        let mut rows = Rows {
            subject: "regex",
            rows: &mut results.rows,
        };
        rows.times(Metric::Unchanged, preinit, build, 1.3);
        Ok(())
    }

    /// Our stages, in a process of their own.
    fn stages(&self, job: &Job) -> Result<Vec<stages::Stage>> {
        let job = Job {
            cache: Cache::Off,
            ..job.clone()
        };
        let output = job::start(stages::SUBCOMMAND, &job, &self.dir.join("cache"))?;
        Ok(serde_json::from_slice(&output)?)
    }

    /// Measures what grows with a memory or a table.
    pub fn scale(&self, results: &mut Results) -> Result<()> {
        eprintln!("scale");
        let input = self.dir.join("sparse.wasm");
        fs_err::write(&input, wat::parse_str(scale::SPARSE)?)?;
        let job = |tool, suffix: &str| Job {
            tool,
            input: input.clone(),
            output: self.dir.join(format!("sparse-{suffix}.wasm")),
            init: None,
            world: World::default(),
            cache: Cache::Off,
            scan: Scan::Auto,
            again: Again::IfAsked,
            functions: Functions::Auto,
            variants: 0,
        };
        let portable = Job {
            scan: Scan::Portable,
            ..job(Tool::Ours, "portable")
        };
        let jobs = [job(Tool::Ours, "ours"), portable, job(Tool::Wizer, "wizer")];
        let [ours, portable, wizer] = self.bake(&jobs, self.runs)?;
        for (subject, cost, target) in [("1 GiB", ours, 0.10), ("1 GiB, all bytes read", portable, 0.40)] {
            let mut rows = Rows {
                subject,
                rows: &mut results.rows,
            };
            rows.pair(
                Metric::Sparse,
                millis(cost.wall),
                millis(wizer.wall),
                Some(target),
            );
        }
        for (subject, import) in scale::SECOND_INIT {
            let name = subject.replace([' ', ','], "-");
            let input = self.dir.join(format!("{name}.wasm"));
            fs_err::write(&input, wat::parse_str(scale::long_init(import))?)?;
            let job = |again, suffix: &str| Job {
                input: input.clone(),
                output: self.dir.join(format!("{name}-{suffix}.wasm")),
                cache: Cache::Filled,
                again,
                ..job(Tool::Ours, suffix)
            };
            let jobs = [job(Again::IfAsked, "again"), job(Again::Never, "once")];
            // The first one fills the cache.
            self.bake(&jobs, 1)?;
            let [again, once] = self.bake(&jobs, self.runs)?;
            let mut rows = Rows {
                subject,
                rows: &mut results.rows,
            };
            let target = if import.is_empty() { 1.05 } else { 2.0 };
            rows.times(Metric::SecondInit, again.wall, once.wall, target);
        }
        let mut rows = Rows {
            subject: "a table",
            rows: &mut results.rows,
        };
        let row = rows.ours(Metric::TableEntries, millis(scale::identify()?));
        row.targets.push(Target {
            against: Against::Nothing,
            at_most: 50.0,
        });
        Ok(())
    }
}

fn described(shape: &Shape) -> String {
    let mapped = if shape.is_mapped() { "mapped" } else { "copied" };
    format!("{} segments, {mapped}", shape.segments)
}

fn sizes(rows: &mut Rows<'_>, subject: &Subject, modules: [&[u8]; 3]) -> Result<()> {
    let kibibytes = |size: usize| size as f64 / 1024.0;
    let [input, ours, wizer] = modules.map(|wasm| kibibytes(wasm.len()));
    let targets = match rows.subject {
        "regex" => vec![(Against::Wizer, 0.55), (Against::Input, 1.0)],
        "user agents" => vec![(Against::Wizer, 0.85)],
        _ if subject.is_component => vec![(Against::Wizer, 0.75)],
        _ => vec![],
    };
    let row = rows.pair(Metric::Size, ours, wizer, None);
    row.input = Some(input);
    row.targets = targets
        .into_iter()
        .map(|(against, at_most)| Target { against, at_most })
        .collect();
    let mut compressed = [0.0; 3];
    for (size, wasm) in compressed.iter_mut().zip(modules) {
        *size = kibibytes(zstd::bulk::compress(wasm, 19)?.len());
    }
    let [input, ours, wizer] = compressed;
    rows.pair(Metric::SizeCompressed, ours, wizer, Some(1.0)).input = Some(input);
    Ok(())
}

/// The rows of one subject.
struct Rows<'a> {
    subject: &'a str,
    rows: &'a mut Vec<Row>,
}

impl Rows<'_> {
    fn pair(&mut self, metric: Metric, ours: f64, wizer: f64, at_most: Option<f64>) -> &mut Row {
        let row = self.ours(metric, ours);
        row.wizer = Some(wizer);
        row.targets.extend(at_most.map(|at_most| Target {
            against: Against::Wizer,
            at_most,
        }));
        row
    }

    fn times(&mut self, metric: Metric, ours: Duration, other: Duration, at_most: f64) {
        let row = self.ours(metric, ours.as_secs_f64() / other.as_secs_f64());
        row.targets.push(Target {
            against: Against::Nothing,
            at_most,
        });
        row.note = Some(format!("{:.0} ms, {:.0} ms", millis(ours), millis(other)));
    }

    fn ours(&mut self, metric: Metric, ours: f64) -> &mut Row {
        self.rows.push(Row {
            metric,
            subject: self.subject.to_owned(),
            input: None,
            ours,
            wizer: None,
            empty: None,
            one_byte: None,
            targets: Vec::new(),
            note: None,
        });
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
