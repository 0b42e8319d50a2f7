//! Refuses modules that cargo wrote to the same file.

use std::collections::BTreeMap;

use super::Artifact;
use crate::error::Error;

/// Two packages with a cargo target of the same name make the same file, and so can a binary and the library of one package. cargo
/// only warns; here one of the guests would be missing. Two targets can share a directory as well, which cargo does not report.
///
/// # Errors
///
/// Names the two modules that have one file.
pub(crate) fn refuse_collisions(artifacts: &[Artifact]) -> Result<(), Error> {
    let mut makers = BTreeMap::new();
    for artifact in artifacts {
        let path = artifact.path.canonicalize_utf8();
        if let Some(first) = makers.insert(path.unwrap_or_else(|_| artifact.path.clone()), artifact) {
            return Err(Error::SameArtifact(Box::new([first.clone(), artifact.clone()])));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::build::Kind;
    use crate::cargo::workspace::DEFAULT_TARGET;

    fn artifact(package: &str, kind: Kind, path: &str) -> Artifact {
        Artifact {
            package: package.to_owned(),
            kind,
            target: DEFAULT_TARGET.to_owned(),
            path: path.into(),
        }
    }

    #[test]
    fn two_guests_cannot_make_one_file() {
        let example = |name: &str| Kind::Example(name.to_owned());
        let apart = [
            artifact("a", Kind::Binary, "a.wasm"),
            artifact("a", Kind::Library, "b.wasm"),
        ];
        assert!(refuse_collisions(&apart).is_ok());
        let check = |first: (&str, Kind), second: (&str, Kind), expected: &str| {
            let [first, second] = [first, second].map(|(package, kind)| artifact(package, kind, "app.wasm"));
            let error = refuse_collisions(&[first, second]).expect_err("one would be lost");
            let expected = format!("{expected} both make `app.wasm`, and only one of them is there");
            assert_eq!(error.to_string(), expected);
        };
        check(
            ("a", Kind::Binary),
            ("b", Kind::Binary),
            "the packages `a` and `b`",
        );
        check(
            ("a", Kind::Binary),
            ("b", Kind::Library),
            "the packages `a` and `b`",
        );
        let of_one = "the binary and the `cdylib` of package `a`";
        check(("a", Kind::Binary), ("a", Kind::Library), of_one);
        let examples = "the example `a-b` and the example `a_b` of package `a`";
        check(("a", example("a-b")), ("a", example("a_b")), examples);
    }
}
