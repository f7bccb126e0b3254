#!/bin/sh
# Debian packages for what is not there: `fetch.sh NAME[:PACKAGE] …`, where a name is a program or an absolute path.
# As root they are installed; for anybody else nothing happens, and who needs them says so.
set -eu
missing=""
for each in "$@"; do
    name="${each%%:*}"
    case "$name" in
        /*) test -e "$name" ;;
        *) command -v "$name" > /dev/null ;;
    esac || missing="$missing ${each##*:}"
done
if [ -n "$missing" ] && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null
fi
