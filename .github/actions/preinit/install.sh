#!/usr/bin/env bash
# Installs the tool to $TOOL, if the cache did not have it, and the targets.
set -euo pipefail
if ! "$TOOL/bin/cargo-preinit" preinit --version; then
    cargo install --path "$GITHUB_ACTION_PATH/../../../cargo-preinit" --locked --root "$TOOL"
fi
echo "$TOOL/bin" >> "$GITHUB_PATH"
for target in $TARGETS; do
    rustup target add "$target"
done
