#!/usr/bin/env bash
# Starts one more service by hand into the cluster that `make cluster` runs, on free ports: scripts/service.sh provider
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

name="${1:-}"
class="$(main_class "$name")" && [ "$name" != parts ] ||
  fail "Say which: scripts/service.sh gateway|scheduler|provider|notifier"
[ -f "$RUN/cluster.env" ] && [ -f "$RUN/cluster-nodes.env" ] || fail "No cluster runs here: start one by make cluster."
require_jdk
jvm_flags

free_port
wanted_gateway_port="${GATEWAY_PORT:-$FREE_PORT}"
free_port
wanted_management_port="${MANAGEMENT_PORT:-$FREE_PORT}"
load_environment "$RUN/cluster.env"
load_environment "$RUN/cluster-nodes.env"
export GATEWAY_PORT="$wanted_gateway_port" MANAGEMENT_PORT="$wanted_management_port"
export EVENT_BUS_PORT=0 NODE_NAME="$name-$$"

if [ "$name" = gateway ]; then
  echo "gateway: http://127.0.0.1:$GATEWAY_PORT (process $$)"
else
  echo "$name: http://127.0.0.1:$MANAGEMENT_PORT/metrics (process $$)"
fi
use_class_archive
exec "$JAVA" "${JVM_FLAGS[@]}" "${HAZELCAST_FLAGS[@]}" -Xmx256m -cp "$STANDALONE_CLASSPATH" "$class"
