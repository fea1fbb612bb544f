#!/usr/bin/env bash
# Removes .run: the embedded parts' data, keys and logs. Refuses while a WaxWatch runs on it.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

refuse_beside_another
# A killed run may have left its servers behind; they work on files that are about to go.
end_server() {
  local pid
  [ -f "$1" ] || return 0
  pid="$(head -n 1 "$1")"
  case "$pid" in
    '' | *[!0-9]*) return 0 ;;
  esac
  if ps -o command= -p "$pid" 2>/dev/null | grep -qF "$2"; then
    kill -INT "$pid" 2>/dev/null || true
    for _ in $(seq 1 50); do
      kill -0 "$pid" 2>/dev/null || return 0
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
  fi
}
end_server "$RUN/postgres/data/postmaster.pid" "$RUN/postgres/data"
end_server "$RUN/redis/redis.pid" "$RUN/redis/"
rm -rf "$RUN"
echo "Removed .run; the next start begins with empty data."
