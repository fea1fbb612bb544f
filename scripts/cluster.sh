#!/usr/bin/env bash
# Runs the demo as a cluster on this machine: one JVM with the embedded parts (PostgreSQL, Redis, sandbox, identity provider, mail
# sink), and gateway, scheduler, provider and notifier in a JVM each, joined by Hazelcast on 127.0.0.1. Each log goes to
# .run/logs/<name>.log and, with the name in front, to the terminal. Ctrl-C stops all of them in order and exits 0.
#
# The parts process writes .run/cluster.env (KEY=VALUE lines: where everything is) once it is ready; the services are started
# with it. A service that dies is started again, some times; without the parts nothing can go on.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

# A start may take as long as it gets on: what neither computes nor says anything for so long is stuck.
STALL_PATIENCE_SECONDS=60
STOP_PATIENCE_SECONDS=30
# A service is started again at most so many times within so many seconds.
MOST_RESTARTS=5
RESTART_WINDOW_SECONDS=300
# Ports on which the members of this cluster look for each other, and so the most there can be.
MEMBER_PORTS=20
SERVICES="scheduler provider notifier gateway"
STOP_ORDER="gateway provider scheduler notifier parts"

require_jdk
jvm_flags
claim_folder
if [ -z "${WAXWATCH_SKIP_BUILD:-}" ]; then
  scripts/build.sh standalone
  scripts/class-archive.sh
fi
umask 077
rm -f "$RUN/cluster.env" "$RUN/cluster-nodes.env" "$RUN/banner.txt" "$RUN/cluster.quiet"

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

# start NAME [VARIABLE=VALUE ...]; its log begins anew unless it is started again
start() {
  local name="$1" log="$RUN/logs/$1.log" arguments=()
  shift
  local JVM_FLAGS=("${JVM_FLAGS[@]}" -Xmx256m)
  case "$name" in
    # Named in the banner as the process to stop.
    parts) arguments=("$$") ;;
    *)
      JVM_FLAGS+=("${HAZELCAST_FLAGS[@]}")
      use_class_archive
      ;;
  esac
  env NODE_NAME="$name" "$@" "$JAVA" "${JVM_FLAGS[@]}" -cp "$STANDALONE_CLASSPATH" "$(main_class "$name")" ${arguments[@]+"${arguments[@]}"} \
    </dev/null > >(show "$name" "$log") 2>&1 &
  eval "PID_$name=$!"
}

# Copies lines to the log and, named, to the terminal. It outlives a Ctrl-C so that the last lines are seen. After a failure only
# the log goes on, for the reason is to be the last that is seen.
show() {
  trap '' INT TERM
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$2"
    [ -e "$RUN/cluster.quiet" ] || printf '%-9s | %s\n' "$1" "$line"
  done
}

# Starts a service of the cluster, for the first time or again.
start_service() {
  local management_port="MANAGEMENT_PORT_$1"
  start "$1" MANAGEMENT_PORT="${!management_port}"
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

# end_orphan PIDFILE SIGNAL: ends a server of the parts that still runs, if the pid is that of one of ours.
end_orphan() {
  local pid waited=0
  pid="$(head -n 1 "$1" 2>/dev/null)" || true
  case "$pid" in
    '' | *[!0-9]*) return 0 ;;
  esac
  ps -ww -o command= -p "$pid" 2>/dev/null | grep -qF "$RUN/" || return 0
  kill -"$2" "$pid" 2>/dev/null || return 0
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$waited" -ge $((STOP_PATIENCE_SECONDS * 10)) ]; then
      kill -KILL "$pid" 2>/dev/null || true
      break
    fi
    sleep 0.1
    waited=$((waited + 1))
  done
  rm -f "$1"
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
  # Killed parts take nobody with them. PostgreSQL ends its sessions and stops for INT; for TERM it would wait for them.
  end_orphan "$RUN/postgres/data/postmaster.pid" INT
  end_orphan "$RUN/redis/redis.pid" TERM
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

# give_up REASON: stops everything, and says why as the last line.
give_up() {
  : >"$RUN/cluster.quiet"
  stop_all
  rm -f "$RUN/cluster.quiet"
  fail "$*"
}

# The last line of a log that is not part of a stack trace.
last_words() {
  grep -v -e '^[[:space:]]' -e '^$' -e '^Caused by' "$RUN/logs/$1.log" 2>/dev/null | tail -n 1 | cut -c 1-500
}

# The last one that tells of trouble: a program that cannot start says why, and may still tell how it stops.
reason_of() {
  local reason
  reason="$(grep -v -e '^[[:space:]]' -e '^$' -e '^Caused by' -e '^[0-9:.]* *INFO ' -e '"level":"INFO"' "$RUN/logs/$1.log" 2>/dev/null |
    tail -n 1 | cut -c 1-500)" || true
  if [ -n "$reason" ]; then
    echo "$reason"
  else
    last_words "$1"
  fi
}

# Sets ENDING: how and why a process has ended. Who was killed did not say why: the last line of its log would be any line. To be
# asked once for each process, and never in a subshell, which has no children to wait for.
find_ending() {
  local status=0 signal
  wait "$(pid_of "$1")" 2>/dev/null || status=$?
  if [ "$status" -gt 128 ] && signal="$(kill -l "$status" 2>/dev/null)"; then
    ENDING="killed from outside (SIG${signal#SIG})"
    [ "$signal" != KILL ] || ENDING="$ENDING, as the system does, too, when its memory runs out"
  else
    ENDING="$(reason_of "$1")"
  fi
}

# How far a process has got: what it has computed, and written.
progress_of() {
  echo "$(ps -o time= -p "$(pid_of "$1")" 2>/dev/null) $(wc -c <"$RUN/logs/$1.log" 2>/dev/null)"
}

# await NAME WHAT COMMAND...: until the command succeeds; ends all when the process dies or gets on no more.
await() {
  local name="$1" what="$2" before="" now deadline=0
  shift 2
  until "$@"; do
    if ! alive "$name"; then
      find_ending "$name"
      give_up "$name ended while it started: $ENDING (see .run/logs/$name.log)"
    fi
    now="$(progress_of "$name")"
    if [ "$now" != "$before" ]; then
      before="$now"
      deadline=$((SECONDS + STALL_PATIENCE_SECONDS))
    fi
    [ "$SECONDS" -lt "$deadline" ] ||
      give_up "$name is not $what and has not got on for $STALL_PATIENCE_SECONDS s; it last said: $(last_words "$name") (see .run/logs/$name.log)"
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

# Every member takes the first free port of a range and looks for the others on all of it. So whoever comes finds whoever is
# there, also when all who founded the cluster are gone.
free_ports "$MEMBER_PORTS"
members=""
for port in $(seq "$FREE_PORT" $((FREE_PORT + MEMBER_PORTS - 1))); do
  members="$members${members:+,}\"127.0.0.1:$port\""
done
export CLUSTER_PORT="$FREE_PORT" CLUSTER_PORT_COUNT="$MEMBER_PORTS"
for name in $SERVICES; do
  free_port
  eval "MANAGEMENT_PORT_$name=$FREE_PORT"
  : >"$RUN/logs/$name.log"
done
: >"$RUN/logs/parts.log"
export CLUSTER_NAME="${CLUSTER_NAME:-waxwatch-local-$$}"
export CLUSTER_MEMBERS="[$members]"
printf '%s\n' "CLUSTER_NAME=$CLUSTER_NAME" "CLUSTER_MEMBERS=$CLUSTER_MEMBERS" \
  "CLUSTER_PORT=$CLUSTER_PORT" "CLUSTER_PORT_COUNT=$CLUSTER_PORT_COUNT" "CLUSTER_HOST=127.0.0.1" \
  "GATEWAY_HOST=$GATEWAY_HOST" "MANAGEMENT_HOST=127.0.0.1" "JSON_LOGS=$JSON_LOGS" >"$RUN/cluster-nodes.env"

began=$SECONDS
free_port
start parts MANAGEMENT_PORT="$FREE_PORT"
await parts "ready" test -f "$RUN/cluster.env"
load_environment "$RUN/cluster.env"
for name in $SERVICES; do
  management_port="MANAGEMENT_PORT_$name"
  start_service "$name"
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

# restart NAME: starts again what has died, unless it does so all the time.
restart() {
  local name="$1" status=0 recent="" at count=0
  wait "$(pid_of "$name")" 2>/dev/null || status=$?
  for at in $(eval "echo \"\${RESTARTS_$name:-}\""); do
    if [ $((SECONDS - at)) -lt "$RESTART_WINDOW_SECONDS" ]; then
      recent="$recent $at"
      count=$((count + 1))
    fi
  done
  if [ "$count" -ge "$MOST_RESTARTS" ]; then
    eval "GIVEN_UP_$name=yes"
    echo "cluster   | $name has ended again (exit code $status), $count times restarted within $RESTART_WINDOW_SECONDS s: left alone. $([ "$status" -gt 128 ] && echo "It was killed from outside." || echo "It last said: $(last_words "$name")")"
    echo "cluster   | the others go on; start one more by scripts/service.sh $name"
    return 0
  fi
  echo "cluster   | $name has ended (exit code $status): starting it again ($((count + 1)) of at most $MOST_RESTARTS within $RESTART_WINDOW_SECONDS s)"
  eval "RESTARTS_$name=\"$recent $SECONDS\""
  start_service "$name"
}

while true; do
  # Waiting for a child, unlike sleeping, is ended at once by a signal.
  sleep 1 &
  wait $! 2>/dev/null || true
  if ! alive parts; then
    find_ending parts
    give_up "The embedded parts have ended: $ENDING (see .run/logs/parts.log)"
  fi
  for name in $SERVICES; do
    if ! alive "$name" && [ -z "$(eval "echo \"\${GIVEN_UP_$name:-}\"")" ]; then
      restart "$name"
    fi
  done
done
