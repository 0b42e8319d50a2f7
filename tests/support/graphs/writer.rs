//! Writes the text of a random component.

use std::fmt::Write as _;

use crate::random::Choices;

/// A module: what it imports, and what it exports besides `step` and `late`.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Its name in the text.
    name: String,
    imports_memory: bool,
    imports_global: bool,
    imports_held: bool,
    imports_table: bool,
    imports_step: bool,
    exports_memory: bool,
    exports_table: bool,
    has_late: bool,
}

/// A component that is defined, and whether it imports a function.
#[derive(Debug, Clone)]
struct Nested {
    name: String,
    imports_step: bool,
}

pub(super) struct Writer<'c> {
    pub(super) choices: &'c mut Choices,
    pub(super) names: usize,
    /// The modules that are in reach, with the level that each is defined at.
    pub(super) modules: Vec<(usize, Shape)>,
}

impl Writer<'_> {
    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn yes(&mut self, of: u64, out_of: u64) -> bool {
        self.choices.chance(of, out_of)
    }

    /// Writes the inside of a component, and returns the names of its functions.
    pub(super) fn body(&mut self, text: &mut String, level: usize, has_host: bool) -> Vec<String> {
        let outside = self.modules.len();
        // The first one needs nothing, so that each component has an instance.
        self.module(text, level, true);
        for _ in 0..self.choices.below(3) {
            self.module(text, level, false);
        }
        let mut nested = Vec::new();
        if level < 3 {
            for _ in 0..self.choices.below(3) {
                nested.push(self.nested(text, level + 1));
            }
        }
        if has_host {
            text.push_str("(core func $lowered-host (canon lower (func $host)))\n");
        }
        let mut functions = Vec::new();
        // Core instances, with the shape of each.
        let mut instances: Vec<(String, Shape)> = Vec::new();
        self.core_instance(text, outside, level, has_host, &mut instances, &mut functions);
        for _ in 0..self.choices.below(4) {
            let at = self.choices.below(self.modules.len());
            self.core_instance(text, at, level, has_host, &mut instances, &mut functions);
        }
        let mut children: Vec<String> = Vec::new();
        for component in &nested {
            for _ in 0..1 + self.choices.below(3) {
                let name = self.name("i");
                let argument = match component.imports_step {
                    false => String::new(),
                    // A function of this component, or of an earlier child. A child never calls back into what called it.
                    true => match self.choices.pick(&children) {
                        Some(child) => format!(" (with \"step\" (func ${child} \"f0\"))"),
                        None => match functions.iter().find(|function| !function.contains("late")) {
                            Some(function) => format!(" (with \"step\" (func ${function}))"),
                            None => continue,
                        },
                    },
                };
                let _ = writeln!(
                    text,
                    "(instance ${name} (instantiate ${}{argument}))",
                    component.name
                );
                let function = self.name("child");
                let _ = writeln!(text, "(alias export ${name} \"f0\" (func ${function}))");
                functions.push(function);
                children.push(name);
            }
        }
        self.modules.truncate(outside);
        functions
    }

    fn nested(&mut self, text: &mut String, level: usize) -> Nested {
        let (name, imports_step) = (self.name("c"), self.yes(1, 2));
        let _ = writeln!(text, "(component ${name}");
        if imports_step {
            text.push_str("(import \"step\" (func $outer-step (param \"n\" u32) (result u32)))\n");
            text.push_str("(core func $lowered-step (canon lower (func $outer-step)))\n");
        }
        let functions = self.body(text, level, false);
        for (position, function) in functions.iter().enumerate() {
            let _ = writeln!(text, "(export \"f{position}\" (func ${function}))");
        }
        text.push_str(")\n");
        Nested { name, imports_step }
    }

    /// Instantiates a module with what earlier instances of the component have.
    fn core_instance(
        &mut self,
        text: &mut String,
        at: usize,
        level: usize,
        has_host: bool,
        instances: &mut Vec<(String, Shape)>,
        functions: &mut Vec<String>,
    ) {
        let Some((defined_at, shape)) = self.modules.get(at).cloned() else {
            return;
        };
        let with = |is_it: &dyn Fn(&Shape) -> bool| {
            let found = instances.iter().filter(|(_, shape)| is_it(shape));
            found.map(|(name, _)| name.clone()).collect::<Vec<String>>()
        };
        let memories = with(&|shape| shape.exports_memory);
        let tables = with(&|shape| shape.exports_table);
        let all = with(&|_| true);
        let mut exports = String::new();
        for (is_needed, from, item, kind) in [
            (shape.imports_memory, &memories, "memory", "memory"),
            (shape.imports_table, &tables, "table", "table"),
            (shape.imports_global, &all, "g32", "global"),
            (shape.imports_held, &all, "held", "global"),
            (shape.imports_step, &all, "step", "func"),
        ] {
            if !is_needed {
                continue;
            }
            let Some(provider) = self.choices.pick(from) else {
                return;
            };
            let _ = write!(exports, "(export \"{item}\" ({kind} ${provider} \"{item}\"))");
        }
        if shape.has_late {
            let late = match (has_host, level) {
                (true, _) => "$lowered-host",
                // Only the whole component imports from the host.
                (false, _) => return,
            };
            let _ = write!(exports, "(export \"host\" (func {late}))");
        }
        let module = if defined_at == level {
            shape.name.clone()
        } else {
            let alias = self.name("a");
            let _ = writeln!(
                text,
                "(alias outer {} ${} (core module ${alias}))",
                level - defined_at,
                shape.name
            );
            alias
        };
        let name = self.name("n");
        let _ = writeln!(
            text,
            "(core instance ${name} (instantiate ${module} (with \"env\" (instance {exports}))))"
        );
        let function = self.name("step");
        let _ = writeln!(
            text,
            "(func ${function} (param \"n\" u32) (result u32) (canon lift (core func ${name} \"step\")))"
        );
        functions.push(function);
        if shape.has_late {
            let function = self.name("late");
            let _ = writeln!(
                text,
                "(func ${function} (param \"n\" u32) (result u32) (canon lift (core func ${name} \"late\")))"
            );
            functions.push(function);
        }
        instances.push((name, shape));
    }

    fn module(&mut self, text: &mut String, level: usize, needs_nothing: bool) {
        let has_memory = self.yes(3, 4);
        let imports_memory = has_memory && !needs_nothing && self.yes(1, 4);
        let has_table = self.yes(2, 3);
        let imports_table = has_table && !needs_nothing && self.yes(1, 4);
        let shape = Shape {
            name: self.name("m"),
            imports_memory,
            imports_table,
            imports_global: !needs_nothing && self.yes(1, 4),
            imports_held: !needs_nothing && self.yes(1, 4),
            imports_step: !needs_nothing && self.yes(1, 3),
            exports_memory: has_memory && !imports_memory,
            exports_table: has_table && !imports_table,
            has_late: level == 0 && !needs_nothing && self.yes(1, 4),
        };
        let _ = writeln!(text, "(core module ${}", shape.name);
        text.push_str("(type $f (func (param i32) (result i32)))\n");
        for (is_imported, item) in [
            (shape.imports_memory, "(import \"env\" \"memory\" (memory 1))"),
            (
                shape.imports_table,
                "(import \"env\" \"table\" (table 4 funcref))",
            ),
            (
                shape.imports_global,
                "(import \"env\" \"g32\" (global $other (mut i32)))",
            ),
            (
                shape.imports_held,
                "(import \"env\" \"held\" (global $other-held (mut funcref)))",
            ),
            (
                shape.imports_step,
                "(import \"env\" \"step\" (func $outside (type $f)))",
            ),
            (shape.has_late, "(import \"env\" \"host\" (func $host (type $f)))"),
        ] {
            if is_imported {
                let _ = writeln!(text, "{item}");
            }
        }
        if shape.exports_memory {
            let _ = writeln!(
                text,
                "(memory (export \"memory\") {} 8)",
                1 + self.choices.below(2)
            );
        }
        if shape.exports_table {
            text.push_str(
                "(table (export \"table\") 4 funcref)\n(elem (i32.const 0) func $t0 $t1 $t2 $t0)\n",
            );
        }
        if shape.imports_table && self.yes(1, 3) {
            text.push_str("(elem (i32.const 1) func $t1)\n");
        }
        if has_memory && self.yes(1, 2) {
            let _ = writeln!(
                text,
                "(data (i32.const {}) \"data{}\")",
                64 * self.choices.below(8),
                self.names
            );
        }
        text.push_str("(global $held (export \"held\") (mut funcref) (ref.null func))\n");
        text.push_str("(table $call 1 funcref)\n");
        if shape.imports_step {
            text.push_str("(elem declare func $outside)\n");
        }
        let (one, two) = (self.choices.below(100), self.choices.below(100));
        let _ = writeln!(text, "(global $g32 (export \"g32\") (mut i32) (i32.const {one}))");
        let _ = writeln!(text, "(global $g64 (mut i64) (i64.const {two}))");
        text.push_str("(elem declare func $t0 $t1 $t2)\n");
        for position in 0..3 {
            let _ = writeln!(
                text,
                "(func $t{position} (type $f) (global.set $g32 (i32.add (global.get $g32) (i32.const {}))) (i32.xor (local.get 0) (i32.const {})))",
                self.choices.below(50),
                self.choices.below(50)
            );
        }
        if self.yes(1, 4) {
            text.push_str(
                "(func $start (global.set $g32 (i32.add (global.get $g32) (i32.const 7))))\n(start $start)\n",
            );
        }
        text.push_str("(func (export \"step\") (type $f) (local $n i32) (local.set $n (local.get 0))\n");
        for _ in 0..2 + self.choices.below(8) {
            self.statement(text, &shape, has_memory, has_table);
        }
        text.push_str("(local.get $n))\n");
        if shape.has_late {
            text.push_str(
                "(func (export \"late\") (type $f) (i32.add (global.get $g32) (call $host (local.get 0))))\n",
            );
        }
        text.push_str(")\n");
        self.modules.push((level, shape));
    }

    /// Writes a statement, which changes `$n` or the state by what the other holds.
    fn statement(&mut self, text: &mut String, shape: &Shape, has_memory: bool, has_table: bool) {
        let (address, slot) = (4 * self.choices.below(64), self.choices.below(4));
        let function = match shape.imports_step && self.yes(1, 3) {
            true => "outside".to_owned(),
            false => format!("t{}", self.choices.below(3)),
        };
        let held = match shape.imports_held && self.yes(1, 2) {
            true => "$other-held",
            false => "$held",
        };
        let line = match self.choices.below(13) {
            0 if has_memory => {
                format!("(local.set $n (i32.add (local.get $n) (i32.load (i32.const {address}))))")
            }
            1 | 2 if has_memory => format!("(i32.store (i32.const {address}) (local.get $n))"),
            3 => "(global.set $g32 (i32.mul (local.get $n) (i32.const 3)))".to_owned(),
            4 => "(local.set $n (i32.xor (local.get $n) (global.get $g32)))".to_owned(),
            5 => "(global.set $g64 (i64.add (global.get $g64) (i64.extend_i32_u (local.get $n))))".to_owned(),
            6 => "(local.set $n (i32.add (local.get $n) (i32.wrap_i64 (global.get $g64))))".to_owned(),
            7 if has_table => format!(
                "(local.set $n (i32.add (local.get $n) (call_indirect (type $f) (local.get $n) (i32.const {slot}))))"
            ),
            8 if has_table && self.yes(1, 2) => {
                format!("(table.set (i32.const {slot}) (ref.func ${function}))")
            }
            8 if shape.imports_global => "(global.set $other (local.get $n))".to_owned(),
            9 if shape.imports_step => "(local.set $n (call $outside (local.get $n)))".to_owned(),
            10 if has_memory => {
                "(local.set $n (i32.add (local.get $n) (memory.grow (i32.const 1))))".to_owned()
            }
            11 => format!("(global.set {held} (ref.func ${function}))"),
            12 => format!(
                "(if (i32.eqz (ref.is_null (global.get {held}))) (then
                    (table.set $call (i32.const 0) (global.get {held}))
                    (local.set $n (call_indirect $call (type $f) (local.get $n) (i32.const 0)))))"
            ),
            _ if shape.imports_global => {
                "(local.set $n (i32.add (local.get $n) (global.get $other)))".to_owned()
            }
            _ => "(local.set $n (i32.mul (local.get $n) (i32.const 31)))".to_owned(),
        };
        text.push_str(&line);
        text.push('\n');
    }
}
