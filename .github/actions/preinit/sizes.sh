#!/usr/bin/env bash
# Prints a table of the modules in a file of events: `sizes.sh EVENTS`. Fails if a baked module is more than $MAX_GROWTH times as large as
# cargo's.
set -euo pipefail
LC_ALL=C awk -v limit="${MAX_GROWTH:-}" '
    # The value of a field. Quotes in a text have a backslash before them, so nothing within a text looks like a field.
    function field(name,    value) {
        if (!match($0, "\"" name "\":(\"([^\"\\\\]|\\\\.)*\"|[0-9]+)")) return ""
        value = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
        if (value !~ /^"/) return value
        value = substr(value, 2, length(value) - 2)
        gsub(/\\\\/, "/", value)
        return value
    }
    # The size of a file.
    function size(path,    command, bytes) {
        gsub(/\x27/, "\x27\\\x27\x27", path)
        command = "wc -c < \x27" path "\x27"
        bytes = -1
        command | getline bytes
        close(command)
        return bytes + 0
    }
    BEGIN {
        if (limit != "" && limit !~ /^[0-9]+(\.[0-9]+)?$/) {
            print "::error::max-growth is no number: " limit > "/dev/stderr"
            failed = 1
            exit
        }
        print "| Module | cargo (bytes) | baked (bytes) | times |"
        print "| --- | --: | --: | --: |"
    }
    /^[{]"reason":"preinit-(baked|fresh)"/ {
        path = field("path")
        before = field("bytes_before")
        after = field("bytes_after")
        if (before == "") {
            # What is fresh lies where it was written, in `preinit/` beside the module of cargo.
            guest = path
            sub(/preinit\/[^\/]*$/, "", guest)
            guest = guest substr(path, match(path, /[^\/]*$/))
            before = size(guest)
            after = size(path)
        }
        times = before > 0 ? after / before : 0
        module = field("module")
        gsub(/[|`]/, "_", module)
        printf "| `%s` | %d | %d | %.2f |\n", module, before, after, times
        if (limit != "" && times > limit + 0) {
            printf "::error::%s is %.2f times as large as before, and %s is the limit\n", module, times, limit > "/dev/stderr"
            failed = 1
        }
    }
    END { exit failed }
' "$1"
