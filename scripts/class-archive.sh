#!/usr/bin/env bash
# Leaves the class archive with which the services of a cluster start in half the time, if there is none for the jars of now. Runs
# once after a build; without it, or with one that does not fit, everything works, only slower. What it says is in
# .run/logs/class-archive.log.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

require_jdk
jvm_flags
if class_archive_exists; then
  exit 0
fi
archive="$(class_archive_file)"
log="$RUN/logs/class-archive.log"
make_run_folder
umask 077
mkdir -p "$(dirname "$archive")"
rm -f "$archive" "$archive.draft"
started=$SECONDS
echo "Making the class archive, once a build: with it each service starts in half the time ..."
# Given its name only when it is whole and has carried a JVM: a full disk or a kill must not leave one that breaks the services.
if env -u DATABASE_URL -u REDIS_URL "$JAVA" "${JVM_FLAGS[@]}" "${HAZELCAST_FLAGS[@]}" -Xmx256m "-XX:ArchiveClassesAtExit=$archive.draft" \
  "${CLASS_ARCHIVE_QUIET[@]}" -cp "$STANDALONE_CLASSPATH" io.waxwatch.standalone.WarmUpMain >"$log" 2>&1 &&
  "$JAVA" "${JVM_FLAGS[@]}" "${HAZELCAST_FLAGS[@]}" "-XX:SharedArchiveFile=$archive.draft" -Xshare:on -cp "$STANDALONE_CLASSPATH" \
    -version >>"$log" 2>&1; then
  mv "$archive.draft" "$archive"
  echo "Made in $((SECONDS - started)) s."
else
  rm -f "$archive.draft"
  echo "There is none, so the services start without; see ${log#"$ROOT"/}."
fi
