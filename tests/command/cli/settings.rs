//! The keys of `[package.metadata.preinit]` are the options of the command line, and `METADATA.md` says so of each.

use std::path::Path;

use cargo_preinit::cli::{Setting, Shape, settings};
use snapbox::{Assert, Data};

/// The rows of the table: key, what it takes, what it does.
fn rows() -> String {
    let takes = |setting: &Setting| {
        let value = setting.value_name.as_deref().unwrap_or_default();
        // In a table a bar ends the cell.
        let value = value.replace('|', "\\|");
        let boolean = if setting.is_value_optional {
            "`true`, `false`, or "
        } else {
            ""
        };
        match setting.shape {
            Shape::Flag => "`true` or `false`".to_owned(),
            Shape::One => format!("{boolean}`{value}`"),
            Shape::Several => format!("{boolean}a list of `{value}`{}", table_of(&setting.name)),
        }
    };
    settings()
        .iter()
        .map(|setting| {
            let help = setting.help.replace('|', "\\|");
            format!("| `{}` | {} | {help} |\n", setting.name, takes(setting))
        })
        .collect()
}

/// What else than a list a key takes.
fn table_of(name: &str) -> &'static str {
    match name {
        "env" => ", or a table such as `{ STAGE = \"test\", LANG = true }`, where `true` is the value here",
        "rename" => ", or a table such as `{ new = \"old\" }`",
        "import" => ", or a table such as `{ \"env.abort\" = \"zero\" }`",
        "variant" => {
            ", or a table with a table for each, such as `{ live = { env = { STAGE = \"live\" } }, test = {} }`"
        }
        _ => "",
    }
}

#[test]
fn each_key_is_documented_as_in_the_help() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cargo-preinit/METADATA.md");
    let text = fs_err::read_to_string(&path).expect("it is in the repository");
    let start = "<!-- the keys -->\n";
    let end = "<!-- end of the keys -->\n";
    let (before, rest) = text.split_once(start).expect("the table has a place");
    let (_, after) = rest.split_once(end).expect("the place ends");
    let rows = rows();
    let expected = format!("{before}{start}| Key | Takes | Does |\n|---|---|---|\n{rows}{end}{after}");
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(expected, Data::read_from(&path, None));
}
