//! Names source files, with the same names on every machine and in every checkout.
//!
//! The compiler knows a file by the path that cargo gave it: relative to the workspace for a file below it, absolute for any
//! other package. `--remap-path-prefix` may change prefixes of the path that the compiler displays, but not of the local
//! path.

use std::path::{Component, Path, PathBuf};

/// The directories that the files of a crate are in.
#[derive(Debug)]
pub(crate) struct Roots {
    /// The package's directory.
    pub(crate) package: PathBuf,
    /// The directory that its build script writes to, if it has one.
    pub(crate) out_dir: Option<PathBuf>,
    /// The directory from which the compiler's relative paths begin.
    pub(crate) current: PathBuf,
}

impl Roots {
    /// The path of a file within its package, such as `src/lib.rs`, or below `OUT_DIR` if the build script wrote it, as in
    /// `OUT_DIR/generated.rs`. `None` for a file from elsewhere, which came through a macro of another crate.
    pub(crate) fn name(&self, file: &Path) -> Option<String> {
        let file = self.current.join(file);
        // The build script's directory is often below the package's, so it is tried first.
        let generated = self.out_dir.as_ref().and_then(|out_dir| below(&file, out_dir));
        match generated {
            Some(path) => Some(format!("OUT_DIR/{}", normal(&path))),
            None => below(&file, &self.package).map(|path| normal(&path)),
        }
    }
}

/// The name of a file from elsewhere. Its whole path would tell more about the machine than about the file.
pub(crate) fn elsewhere(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or_default();
    format!(".../{name}")
}

/// The path from a directory to a file. It may lead out of the directory again, as with `#[path = "…"]`.
fn below(file: &Path, directory: &Path) -> Option<PathBuf> {
    let strip = |file: &Path, directory: &Path| file.strip_prefix(directory).map(Path::to_owned).ok();
    strip(file, directory).or_else(|| {
        // One of the two paths may contain a symbolic link: the path of the current directory has none.
        let directory = directory.canonicalize().ok()?;
        strip(file, &directory).or_else(|| strip(&file.canonicalize().ok()?, &directory))
    })
}

/// A relative path with `/` between its parts, and without detours.
fn normal(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for component in path.components() {
        match component {
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            Component::ParentDir => parts.push("..".to_owned()),
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A package of a workspace, with its target directory inside.
    fn name(file: &str) -> Option<String> {
        let roots = Roots {
            package: "/home/me/workspace/guest".into(),
            out_dir: Some("/home/me/workspace/guest/target/build/guest-0a1b/out".into()),
            current: "/home/me/workspace".into(),
        };
        roots.name(Path::new(file))
    }

    #[test]
    fn files_of_the_package() {
        // The paths that cargo gives a member of a workspace, and any other package.
        for file in ["guest/src/a/b.rs", "/home/me/workspace/guest/src/a/b.rs"] {
            assert_eq!(name(file).as_deref(), Some("src/a/b.rs"));
        }
    }

    #[test]
    fn files_by_a_detour() {
        for (file, expected) in [
            ("guest/src/../build/./a.rs", "build/a.rs"),
            ("guest/src/../../shared/a.rs", "../shared/a.rs"),
            ("guest/../../shared/src/../a.rs", "../../shared/a.rs"),
        ] {
            assert_eq!(name(file).as_deref(), Some(expected));
        }
    }

    #[test]
    fn files_that_the_build_script_wrote() {
        let file = "/home/me/workspace/guest/target/build/guest-0a1b/out/sub/a.rs";
        assert_eq!(name(file).as_deref(), Some("OUT_DIR/sub/a.rs"));
    }

    #[test]
    fn files_from_elsewhere() {
        for file in [
            "other/src/lib.rs",
            "/home/me/workspace/guest-2/src/lib.rs",
            "/rustc/0a1b/core/src/lib.rs",
            "<anon>",
        ] {
            assert_eq!(name(file), None, "{file}");
        }
        for file in ["/home/me/lib.rs", r"C:\me\lib.rs", r"src\lib.rs", "lib.rs"] {
            assert_eq!(elsewhere(file), ".../lib.rs");
        }
    }
}
