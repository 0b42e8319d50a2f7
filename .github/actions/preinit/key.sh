#!/usr/bin/env bash
# Says which tool this is: a checksum of its sources, which are what the service checked out with this action.
set -euo pipefail
cd "$GITHUB_ACTION_PATH/../../.."
sources=$(find Cargo.lock Cargo.toml cargo-preinit preinit-guest/src -type f | LC_ALL=C sort)
# No name of a source has a space in it.
# shellcheck disable=SC2086
echo "key=$(cat $sources | cksum | tr ' ' '-')" >> "$GITHUB_OUTPUT"
