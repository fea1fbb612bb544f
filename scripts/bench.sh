#!/usr/bin/env bash
# Runs the benchmarks and prints ratios: make bench, or with arguments for the program: make bench ARGS="..."
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

require_jdk
jvm_flags
scripts/build.sh benchmarks
exec scripts/foreground.sh "$JAVA" "${JVM_FLAGS[@]}" -jar "benchmarks/target/benchmarks-$VERSION.jar" "$@"
