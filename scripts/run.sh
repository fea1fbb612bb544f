#!/usr/bin/env bash
# Builds and starts everything in one process: make run
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

require_jdk
jvm_flags
claim_folder
scripts/build.sh standalone
umask 077
exec scripts/foreground.sh "$JAVA" "${JVM_FLAGS[@]}" -Xmx512m -jar "$STANDALONE_JAR"
