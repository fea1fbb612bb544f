#!/usr/bin/env bash
# Brings the database at DATABASE_URL to the newest schema, and ends: make migrate
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

require_jdk
jvm_flags
scripts/build.sh standalone
exec "$JAVA" "${JVM_FLAGS[@]}" -cp "$STANDALONE_CLASSPATH" io.waxwatch.common.database.MigrateMain
