#!/usr/bin/env bash
# Bakes, and adds a table of sizes to the summary of the job. Fails if a bake does, or if a module grew by more than $MAX_GROWTH.
set -euo pipefail
events="$RUNNER_TEMP/preinit-events.jsonl"
echo "events=$events" >> "$GITHUB_OUTPUT"

# The options are words; no pattern in them is one for the shell.
set -f
status=0
# shellcheck disable=SC2086
cargo preinit $ARGS --message-format json-render-diagnostics > "$events" || status=$?
set +f

"$GITHUB_ACTION_PATH/sizes.sh" "$events" >> "$GITHUB_STEP_SUMMARY" || exit 1
exit "$status"
