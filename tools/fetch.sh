#!/bin/sh
# Debian packages for programs that are not there: `fetch.sh PROGRAM[:PACKAGE] …`.
# As root they are installed; for anybody else nothing happens, and who needs them says so.
set -eu
missing=""
for each in "$@"; do
    command -v "${each%%:*}" > /dev/null || missing="$missing ${each##*:}"
done
if [ -n "$missing" ] && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi
