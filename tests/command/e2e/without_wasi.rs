//! A package that names no target, and depends on a crate for hosts without WASI.

use snapbox::str;

use crate::e2e::sandbox::Sandbox;
use crate::tool::Said;

const SOURCE: &str = r#"
#[unsafe(no_mangle)] extern "C" fn init() {}
#[unsafe(no_mangle)] extern "C" fn run() {}
"#;
const WASI: &str = "wasm32-wasip1";
const UNKNOWN: &str = "wasm32-unknown-unknown";

/// A package with these lines in its manifest. The crates for hosts without WASI are empty here, since only their names count.
fn package(name: &str, lines: &str) -> Sandbox {
    let sandbox = Sandbox::empty(name);
    for name in ["wasm-bindgen", "js-sys", "worker", "shopify_function"] {
        write_package(&sandbox, name, "");
    }
    write_package(
        &sandbox,
        "guest",
        &format!("lib.crate-type = ['cdylib']\n{lines}"),
    );
    sandbox.write(
        "Cargo.toml",
        "[workspace]\nresolver = '3'\nmembers = ['*']\nexclude = ['build', 'target']",
    );
    sandbox.write("guest/src/lib.rs", SOURCE);
    sandbox
}

fn write_package(sandbox: &Sandbox, name: &str, lines: &str) {
    // rustc refuses versions of `wasm-bindgen` before 0.2.88.
    let manifest =
        format!("package.name = '{name}'\npackage.version = '0.2.100'\npackage.edition = '2024'\n{lines}");
    sandbox.write(&format!("{name}/Cargo.toml"), &manifest);
    sandbox.write(&format!("{name}/src/lib.rs"), "");
}

fn preinit(sandbox: &Sandbox, args: &str) -> Said {
    sandbox.preinit(&format!("--init-func init -p guest {args}"))
}

/// Expects that a guest is built for WASI, without a note.
fn with_wasi(sandbox: &Sandbox, args: &str) {
    expect(sandbox, args, WASI, "");
}

/// Expects that a guest is built without WASI, with a note that it depends on this crate.
fn without_wasi(sandbox: &Sandbox, args: &str, dependency: &str) {
    let note =
        format!("note: building `guest` for wasm32-unknown-unknown, since it depends on `{dependency}`\n");
    expect(sandbox, args, UNKNOWN, &note);
}

fn expect(sandbox: &Sandbox, args: &str, target: &str, note: &str) {
    let output = format!("target/{target}/debug/preinit/guest.wasm");
    if sandbox.has(&output) {
        fs_err::remove_file(sandbox.dir().join(&output)).expect("it is ours");
    }
    let baked = format!(
        "      Baking guest.wasm\n       Baked guest.wasm ({target}): 1 item in [TIME], [SIZE] -> [SIZE]\n"
    );
    preinit(sandbox, args).expect(0, format!("{note}{baked}"));
    assert!(sandbox.has(&output), "{args}");
}

#[test]
fn each_of_these_crates() {
    for name in ["wasm-bindgen", "js-sys", "worker", "shopify_function"] {
        let line = format!("dependencies.{name}.path = '../{name}'");
        let sandbox = package(&format!("without-wasi-{name}"), &line);
        without_wasi(&sandbox, "", name);
    }
}

#[test]
fn a_dependency_of_a_dependency() {
    let sandbox = package("without-wasi-deep", "dependencies.middle.path = '../middle'");
    write_package(&sandbox, "middle", "dependencies.js-sys.path = '../js-sys'");
    write_package(
        &sandbox,
        "js-sys",
        "dependencies.wasm-bindgen.path = '../wasm-bindgen'",
    );
    without_wasi(&sandbox, "", "js-sys");
    // The nearest dependency is named, which the guest's author knows.
    let lines = "lib.crate-type = ['cdylib']\ndependencies.middle.path = '../middle'\n\
                 dependencies.wasm-bindgen.path = '../wasm-bindgen'";
    write_package(&sandbox, "guest", lines);
    sandbox.write("guest/src/lib.rs", SOURCE);
    without_wasi(&sandbox, "", "wasm-bindgen");
}

/// A dependency that is not linked on WASI targets does not count, as in chrono and getrandom.
#[test]
fn on_other_platforms_only() {
    let off = "[target.'cfg(all(target_arch = \"wasm32\", not(target_os = \"wasi\")))'.dependencies]\n\
               js-sys.path = '../js-sys'";
    let sandbox = package("without-wasi-off", "dependencies.middle.path = '../middle'");
    write_package(&sandbox, "middle", off);
    with_wasi(&sandbox, "");
    with_wasi(&package("without-wasi-off-itself", off), "");
    let unknown = "[target.wasm32-unknown-unknown.dependencies]\njs-sys.path = '../js-sys'";
    // Neither a dependency for another target nor one for tests counts.
    with_wasi(&package("without-wasi-by-name", unknown), "");
    let tests = format!("{unknown}\n[dev-dependencies]\njs-sys.path = '../js-sys'");
    with_wasi(&package("without-wasi-in-tests", &tests), "");
    let on = "[target.'cfg(target_family = \"wasm\")'.dependencies]\njs-sys.path = '../js-sys'";
    without_wasi(&package("without-wasi-on", on), "", "js-sys");
}

/// Dependencies of build scripts and procedural macros do not count, since they are not linked into the guest.
#[test]
fn in_build_scripts_and_macros_only() {
    let lines = "build-dependencies.worker.path = '../worker'\ndependencies.macros.path = '../macros'";
    let sandbox = package("without-wasi-at-build-time", lines);
    sandbox.write("guest/build.rs", "fn main() {}");
    let macros = "lib.proc-macro = true\ndependencies.wasm-bindgen.path = '../wasm-bindgen'";
    write_package(&sandbox, "macros", macros);
    with_wasi(&sandbox, "");
}

#[test]
fn as_features_say() {
    let lines = "dependencies.wasm-bindgen = { path = '../wasm-bindgen', optional = true }\n\
                 dependencies.middle.path = '../middle'\n\
                 features.web = ['dep:wasm-bindgen']\n\
                 features.deep = ['middle/web']\n\
                 features.default = ['web']";
    let sandbox = package("without-wasi-by-feature", lines);
    let middle = "dependencies.js-sys = { path = '../js-sys', optional = true }\nfeatures.web = ['js-sys']";
    write_package(&sandbox, "middle", middle);
    // Features that another package of the workspace enables do not count.
    write_package(
        &sandbox,
        "another",
        "dependencies.middle = { path = '../middle', features = ['web'] }",
    );
    without_wasi(&sandbox, "", "wasm-bindgen");
    with_wasi(&sandbox, "--no-default-features");
    without_wasi(&sandbox, "--no-default-features --features web", "wasm-bindgen");
    without_wasi(&sandbox, "--no-default-features --features deep", "js-sys");
    without_wasi(&sandbox, "--no-default-features --features guest/deep", "js-sys");
    without_wasi(&sandbox, "--no-default-features --features middle/web", "js-sys");
    without_wasi(&sandbox, "--all-features", "wasm-bindgen");
}

#[test]
fn what_is_said_counts() {
    let sandbox = package(
        "without-wasi-said",
        "dependencies.wasm-bindgen.path = '../wasm-bindgen'",
    );
    expect(&sandbox, "--target wasm32-wasip1", WASI, "");
    expect(&sandbox, "--config build.target='wasm32-wasip1'", WASI, "");
    // A configured host target is not for guests.
    without_wasi(
        &sandbox,
        "--config build.target='x86_64-unknown-linux-gnu'",
        "wasm-bindgen",
    );
    let sandbox = package(
        "without-wasi-said-by-itself",
        "dependencies.wasm-bindgen.path = '../wasm-bindgen'\npackage.metadata.preinit.target = 'wasm32-wasip1'",
    );
    expect(&sandbox, "", WASI, "");
}

/// Each package has its own target, and the cached plan holds the reason.
#[test]
fn among_others() {
    let sandbox = package(
        "without-wasi-among-others",
        "dependencies.wasm-bindgen.path = '../wasm-bindgen'",
    )
    .alone();
    write_package(&sandbox, "plain", "lib.crate-type = ['cdylib']");
    sandbox.write("plain/src/lib.rs", SOURCE);
    preinit(&sandbox, "-p plain -j1").expect(
        0,
        str![[r#"
note: building `guest` for wasm32-unknown-unknown, since it depends on `wasm-bindgen`
      Baking guest.wasm
       Baked guest.wasm (wasm32-unknown-unknown): 1 item in [TIME], [SIZE] -> [SIZE]
      Baking plain.wasm
       Baked plain.wasm (wasm32-wasip1): 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    sandbox.until_plan_is_kept("target", || {
        preinit(&sandbox, "-p plain -j1 -q").expect(0, "");
    });
    preinit(&sandbox, "-p plain -j1").expect(
        0,
        str![[r#"
note: building `guest` for wasm32-unknown-unknown, since it depends on `wasm-bindgen`
       Fresh guest.wasm
       Fresh plain.wasm

"#]],
    );
    let plan = sandbox.dir().join("target").join(&sandbox.plans("target")[0]);
    let text = fs_err::read_to_string(&plan).expect("it is JSON");
    fs_err::write(&plan, text.replace("\"wasm-bindgen\"", "\"nothing\"")).expect("it is ours");
    let said = preinit(&sandbox, "-p plain -j1");
    assert!(
        said.stderr.contains("since it depends on `nothing`"),
        "{}",
        said.stderr
    );
}
