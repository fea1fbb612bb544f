#!/usr/bin/env bash
# Brings the database at DATABASE_URL to the newest schema, and ends: make migrate
# A database that holds the reference's tables is adopted first: make migrate ARGS=adopt
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

require_jdk
jvm_flags
scripts/build.sh standalone
exec "$JAVA" "${JVM_FLAGS[@]}" -cp "$STANDALONE_CLASSPATH" io.waxwatch.common.database.MigrateMain "$@"
