#!/usr/bin/env bash
# Seals all stored tokens with the present key, and ends; with a provider's settings: make reencrypt
# It may be killed and run again, and providers may run meanwhile.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

require_jdk
jvm_flags
scripts/build.sh standalone
exec "$JAVA" "${JVM_FLAGS[@]}" -cp "$STANDALONE_CLASSPATH" \
  io.waxwatch.provider.discogs.accountlink.ReencryptMain "$@"
