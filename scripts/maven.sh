#!/usr/bin/env bash
# Runs Maven: the installed one, or the wrapper (which fetches its own) when there is none. Checks the JDK first.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
require_jdk
if command -v mvn >/dev/null 2>&1; then
  exec mvn "$@"
fi
echo "No mvn on the path: using ./mvnw, which fetches Maven the first time." >&2
exec ./mvnw "$@"
