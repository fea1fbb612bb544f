#!/usr/bin/env bash
# Builds one program and what it needs, without running tests: scripts/build.sh standalone
# Shows a line for each module and for every 50 files fetched; the whole output is in .run/logs/build.log.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

module="${1:?which module}"
require_jdk
refuse_beside_another
make_run_folder
log="$RUN/logs/build.log"
started=$SECONDS
echo "Building WaxWatch (the first time also fetches its libraries) ..."

show_progress() {
  local line fetched=0 name step
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    case "$line" in
      *'Downloaded from '*)
        fetched=$((fetched + 1))
        if [ $((fetched % 50)) -eq 0 ]; then
          echo "  fetched $fetched files"
        fi
        ;;
      '[INFO] Building '*'['*/*']')
        name="${line#\[INFO\] Building }"
        step="${line##*[}"
        echo "  ${step%]}  ${name%% *}"
        ;;
    esac
  done
}

(umask 077 && : >"$log")
if ! scripts/maven.sh -B -Dstyle.color=never -DskipTests -pl "$module" -am package 2>&1 | show_progress; then
  echo "The build failed:" >&2
  grep '^\[ERROR\]' "$log" | grep -v -e '\[Help 1\]' -e '^\[ERROR\] *$' -e 'Re-run Maven' -e 'For more information' |
    head -n 15 >&2 || tail -n 15 "$log" >&2
  fail "All of it is in ${log#"$ROOT"/}."
fi
echo "Built in $((SECONDS - started)) s."
