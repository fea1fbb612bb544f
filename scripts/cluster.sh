#!/usr/bin/env bash
# Runs the demo as a cluster on this machine: one JVM with the embedded parts (PostgreSQL, Redis, sandbox, identity provider, mail
# sink), and gateway, scheduler, provider and notifier in a JVM each, joined by Hazelcast on 127.0.0.1. Each log goes to
# .run/logs/<name>.log and, with the name in front, to the terminal. Ctrl-C stops all of them in order and exits 0.
#
# The parts process writes .run/cluster.env (KEY=VALUE lines: where everything is) once it is ready; the services are started
# with it. A killed service does not stop the others, so a fault can be watched; without the parts nothing can go on.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

START_PATIENCE_SECONDS=60
STOP_PATIENCE_SECONDS=30
SERVICES="scheduler provider notifier gateway"
STOP_ORDER="gateway provider scheduler notifier parts"

require_jdk
jvm_flags
claim_folder
if [ -z "${WAXWATCH_SKIP_BUILD:-}" ]; then
  scripts/build.sh standalone
fi
umask 077
rm -f "$RUN/cluster.env" "$RUN/cluster-nodes.env" "$RUN/banner.txt"

# Each JVM gets a process group of its own: Ctrl-C reaches this script alone, which then stops them in order.
set -m

pid_of() {
  eval "echo \"\${PID_$1:-}\""
}

alive() {
  local pid
  pid="$(pid_of "$1")"
  [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

# start NAME [VARIABLE=VALUE ...]
start() {
  local name="$1" log="$RUN/logs/$1.log" arguments=()
  shift
  : >"$log"
  local JVM_FLAGS=("${JVM_FLAGS[@]}" -Xmx256m)
  case "$name" in
    # Named in the banner as the process to stop.
    parts) arguments=("$$") ;;
    gateway)
      JVM_FLAGS+=("${HAZELCAST_FLAGS[@]}")
      use_or_leave_class_archive
      ;;
    *)
      JVM_FLAGS+=("${HAZELCAST_FLAGS[@]}")
      use_class_archive
      ;;
  esac
  env NODE_NAME="$name" "$@" "$JAVA" "${JVM_FLAGS[@]}" -cp "$STANDALONE_CLASSPATH" "$(main_class "$name")" ${arguments[@]+"${arguments[@]}"} \
    </dev/null > >(show "$name" "$log") 2>&1 &
  eval "PID_$name=$!"
}

# Copies lines to the log and, named, to the terminal. It outlives a Ctrl-C so that the last lines are seen.
show() {
  trap '' INT TERM
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$2"
    printf '%-9s | %s\n' "$1" "$line"
  done
}

stop_one() {
  local name="$1" pid waited=0
  pid="$(pid_of "$name")"
  if [ -z "$pid" ] || ! kill -TERM "$pid" 2>/dev/null; then
    return 0
  fi
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$waited" -ge $((STOP_PATIENCE_SECONDS * 10)) ]; then
      echo "cluster   | $name did not stop within $STOP_PATIENCE_SECONDS s: killed"
      kill -KILL "$pid" 2>/dev/null || true
      break
    fi
    sleep 0.1
    waited=$((waited + 1))
  done
  wait "$pid" 2>/dev/null || true
}

STOPPING=""
stop_all() {
  [ -z "$STOPPING" ] || return 0
  STOPPING=yes
  trap '' INT TERM
  local name
  for name in $STOP_ORDER; do
    stop_one "$name"
  done
  rm -f "$RUN/cluster.env" "$RUN/cluster-nodes.env" "$RUN/banner.txt"
}

stop_in_order() {
  echo
  echo "cluster   | stopping"
  stop_all
  echo "cluster   | stopped"
  exit 0
}
trap stop_in_order INT TERM HUP
trap stop_all EXIT

# await NAME WHAT COMMAND...: until the command succeeds; ends all when the process dies or time is up.
await() {
  local name="$1" what="$2" deadline=$((SECONDS + START_PATIENCE_SECONDS))
  shift 2
  until "$@"; do
    alive "$name" || fail "$name ended while it started; see .run/logs/$name.log."
    [ "$SECONDS" -lt "$deadline" ] || fail "$name: $what not within $START_PATIENCE_SECONDS s; see .run/logs/$name.log."
    sleep 0.2
  done
}

if [ -n "${GATEWAY_PORT:-}" ] && [ "$GATEWAY_PORT" != 0 ]; then
  ! listens "$GATEWAY_PORT" || fail "The gateway cannot start: port $GATEWAY_PORT (GATEWAY_PORT) is already taken."
elif ! listens 8000; then
  GATEWAY_PORT=8000
else
  free_port
  GATEWAY_PORT="$FREE_PORT"
fi
export GATEWAY_PORT
export STANDALONE_DATA_DIRECTORY="$RUN"
export GATEWAY_HOST="${GATEWAY_HOST:-127.0.0.1}" MANAGEMENT_HOST=127.0.0.1 CLUSTER_HOST=127.0.0.1 EVENT_BUS_PORT=0
export PUBLIC_BASE_URL="${PUBLIC_BASE_URL:-http://127.0.0.1:$GATEWAY_PORT}"
# Lines for people on a terminal; set JSON_LOGS=true for the production form.
export JSON_LOGS="${JSON_LOGS:-false}"

members=""
for name in $SERVICES; do
  free_port
  eval "CLUSTER_PORT_$name=$FREE_PORT"
  members="$members${members:+,}\"127.0.0.1:$FREE_PORT\""
  free_port
  eval "MANAGEMENT_PORT_$name=$FREE_PORT"
done
export CLUSTER_NAME="${CLUSTER_NAME:-waxwatch-local-$$}"
export CLUSTER_MEMBERS="[$members]"
printf '%s\n' "CLUSTER_NAME=$CLUSTER_NAME" "CLUSTER_MEMBERS=$CLUSTER_MEMBERS" "CLUSTER_HOST=127.0.0.1" \
  "GATEWAY_HOST=$GATEWAY_HOST" "MANAGEMENT_HOST=127.0.0.1" "JSON_LOGS=$JSON_LOGS" >"$RUN/cluster-nodes.env"

began=$SECONDS
free_port
start parts MANAGEMENT_PORT="$FREE_PORT"
await parts "ready" test -f "$RUN/cluster.env"
load_environment "$RUN/cluster.env"
for name in $SERVICES; do
  cluster_port="CLUSTER_PORT_$name" management_port="MANAGEMENT_PORT_$name"
  start "$name" CLUSTER_PORT="${!cluster_port}" MANAGEMENT_PORT="${!management_port}"
  # The first one founds the cluster: founders that start at once would each found their own and have to merge.
  if [ "$name" = scheduler ]; then
    await "$name" "ready" answers_ok "${!management_port}" /healthz
  fi
done
for name in $SERVICES; do
  management_port="MANAGEMENT_PORT_$name"
  port="${!management_port}"
  if [ "$name" = gateway ]; then
    port="$GATEWAY_PORT"
  fi
  await "$name" "ready" answers_ok "$port" /readyz
done

# The parts seed the demo through the gateway once that answers, and write the banner last.
waited=0
while [ ! -f "$RUN/banner.txt" ] && [ "$waited" -lt 150 ] && alive parts; do
  sleep 0.2
  waited=$((waited + 1))
done
if [ -f "$RUN/banner.txt" ]; then
  cat "$RUN/banner.txt"
else
  printf '\nWaxWatch is up (%s s): http://127.0.0.1:%s\nStop with Ctrl-C.\n\n' $((SECONDS - began)) "$GATEWAY_PORT"
fi
echo "One more of a kind: scripts/service.sh provider (or gateway, scheduler, notifier)"
echo

REPORTED=""
while true; do
  # Waiting for a child, unlike sleeping, is ended at once by a signal.
  sleep 1 &
  wait $! 2>/dev/null || true
  for name in $STOP_ORDER; do
    if ! alive "$name"; then
      [ "$name" != parts ] || fail "The embedded parts have ended: stopping all. See .run/logs/parts.log."
      case " $REPORTED " in
        *" $name "*) ;;
        *)
          REPORTED="$REPORTED $name"
          echo "cluster   | $name has ended; the others go on (start one more by scripts/service.sh $name)"
          ;;
      esac
    fi
  done
done
