#!/usr/bin/env bash
# Runs the benchmarks and prints ratios: make bench, or with arguments for the program: make bench ARGS="..."
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

require_jdk
jvm_flags
scripts/build.sh benchmarks
# Both ends of some thousand streams are on this machine.
ulimit -n 16384 2>/dev/null || true
exec scripts/foreground.sh "$JAVA" "${JVM_FLAGS[@]}" "${HAZELCAST_FLAGS[@]}" -jar "benchmarks/target/benchmarks-$VERSION.jar" "$@"
