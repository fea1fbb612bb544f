# What the other scripts share; sourced, never run. Works with the bash 3.2 of macOS.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
RUN="$ROOT/.run"
VERSION="0.1.0-SNAPSHOT"
JAVA="${JAVA_HOME:+$JAVA_HOME/bin/}java"

fail() {
  echo "$*" >&2
  exit 1
}

# Everything under .run is the owner's: it holds keys, tokens and mails.
make_run_folder() {
  (umask 077 && mkdir -p "$RUN/logs")
  chmod 700 "$RUN" "$RUN/logs"
}

# Prints the process that runs WaxWatch in this folder, if there is one. A pid is used again by the system, so the command counts too.
running_process() {
  local pid
  for pid in "$(head -n 1 "$RUN/run.pid" 2>/dev/null)" \
    "$(sed -n 's/.*"pid" *: *\([0-9][0-9]*\).*/\1/p' "$RUN/standalone.json" 2>/dev/null)"; do
    case "$pid" in
      '' | *[!0-9]*) continue ;;
    esac
    if ps -o command= -p "$pid" 2>/dev/null | grep -q -e 'scripts/' -e 'standalone'; then
      echo "$pid"
      return 0
    fi
  done
}

# Ends with one line when WaxWatch already runs in this folder: its jars, logs and data must stay as they are.
refuse_beside_another() {
  local pid
  pid="$(running_process)"
  [ -z "$pid" ] || [ "$pid" = "${WAXWATCH_RUN_PID:-}" ] ||
    fail "WaxWatch already runs in this folder (process $pid): stop it first, by Ctrl-C or: kill $pid"
}

# Takes the folder for this process (and what it becomes by exec), before anything in it is touched.
claim_folder() {
  make_run_folder
  if ! (set -o noclobber && umask 077 && echo $$ >"$RUN/run.pid") 2>/dev/null; then
    refuse_beside_another
    # Left behind by a process that was killed.
    (umask 077 && echo $$ >"$RUN/run.pid")
  fi
  export WAXWATCH_RUN_PID=$$
}

# Sets JAVA_FEATURE (17, 21, ...) or ends with one clear line.
require_jdk() {
  command -v "$JAVA" >/dev/null 2>&1 || fail "No Java found: install a JDK 17 or newer, or set JAVA_HOME."
  local version
  version="$("$JAVA" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p')"
  JAVA_FEATURE="${version#1.}"
  case "$JAVA_FEATURE" in
    '' | *[!0-9]*) fail "Cannot tell the version of $JAVA: a JDK 17 or newer is needed." ;;
  esac
  [ "$JAVA_FEATURE" -ge 17 ] || fail "WaxWatch needs a JDK 17 or newer, and $JAVA is Java $JAVA_FEATURE."
  "$JAVA" --list-modules 2>/dev/null | grep -q '^jdk\.compiler' ||
    fail "$JAVA is a runtime without a compiler: a JDK 17 or newer is needed, not only a JRE."
}

# Sets JVM_FLAGS for one small service. Serial collection suits heaps of this size and leaves the cores to the event loops.
jvm_flags() {
  JVM_FLAGS=(-XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError
    -Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory)
  # Newer JDKs warn about what Netty and Hazelcast rightly do. The first flag is known from 22 on, the second from 23.
  if [ "$JAVA_FEATURE" -ge 22 ]; then
    JVM_FLAGS+=(--enable-native-access=ALL-UNNAMED)
  fi
  if [ "$JAVA_FEATURE" -ge 23 ]; then
    JVM_FLAGS+=(--sun-misc-unsafe-memory-access=allow)
  fi
}

# The packages that Hazelcast asks to see, for the services of a cluster.
HAZELCAST_FLAGS=(--add-modules java.se
  --add-exports java.base/jdk.internal.ref=ALL-UNNAMED
  --add-opens java.base/java.lang=ALL-UNNAMED
  --add-opens java.base/sun.nio.ch=ALL-UNNAMED
  --add-opens java.management/sun.management=ALL-UNNAMED
  --add-opens jdk.management/com.sun.management.internal=ALL-UNNAMED)

STANDALONE_JAR="$ROOT/standalone/target/standalone-$VERSION.jar"
STANDALONE_CLASSPATH="$STANDALONE_JAR:$ROOT/standalone/target/lib/*"

# With class data from an earlier run a service starts in half the time: it need not parse and verify some 9,000 classes.
# scripts/class-archive.sh leaves the archive (60 MB) after a build; it suits all services, for they share a class path. The JVM
# ignores an archive that does not fit, which is no news.
class_archive_file() {
  echo "$RUN/class-archive/services-java$JAVA_FEATURE.jsa"
}

# Whether there is one that is newer than every jar it was made of.
class_archive_exists() {
  local archive jar
  archive="$(class_archive_file)"
  [ -f "$archive" ] || return 1
  for jar in "$STANDALONE_JAR" "$ROOT"/standalone/target/lib/*.jar; do
    [ "$archive" -nt "$jar" ] || return 1
  done
}

# Appends to JVM_FLAGS: use the archive if there is one.
use_class_archive() {
  if class_archive_exists; then
    JVM_FLAGS+=("-XX:SharedArchiveFile=$(class_archive_file)" -Xshare:auto "${CLASS_ARCHIVE_QUIET[@]}")
  fi
}

main_class() {
  case "$1" in
    gateway) echo io.waxwatch.gateway.GatewayMain ;;
    scheduler) echo io.waxwatch.scheduler.SchedulerMain ;;
    provider) echo io.waxwatch.provider.ProviderMain ;;
    notifier) echo io.waxwatch.notifier.NotifierMain ;;
    parts) echo io.waxwatch.standalone.PartsMain ;;
    *) return 1 ;;
  esac
}

# Reads KEY=VALUE lines (no quoting, no expansion) into the environment.
load_environment() {
  local line key
  while IFS= read -r line || [ -n "$line" ]; do
    case "$line" in
      '' | '#'*) continue ;;
    esac
    key="${line%%=*}"
    case "$key" in
      '' | [0-9]* | *[!A-Za-z0-9_]*) fail "$1 holds a line that is not KEY=VALUE." ;;
    esac
    export "$key=${line#*=}"
  done <"$1"
}

# Whether somebody listens on this port of 127.0.0.1.
listens() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# A port nobody listens on, below the range from which the system numbers outgoing connections.
free_port() {
  local port attempt
  for attempt in $(seq 1 200); do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    case " ${TAKEN_PORTS:-} " in *" $port "*) continue ;; esac
    if ! listens "$port"; then
      TAKEN_PORTS="${TAKEN_PORTS:-} $port"
      FREE_PORT="$port"
      return 0
    fi
  done
  fail "No free port found between 20000 and 31999."
}

# Sets FREE_PORT to the first of so many ports in a row on which nobody listens.
free_ports() {
  local attempt first port
  for attempt in $(seq 1 50); do
    first=$((20000 + (RANDOM * 32768 + RANDOM) % (12000 - $1)))
    for port in $(seq "$first" $((first + $1 - 1))); do
      case " ${TAKEN_PORTS:-} " in *" $port "*) continue 2 ;; esac
      ! listens "$port" || continue 2
    done
    TAKEN_PORTS="${TAKEN_PORTS:-} $(seq -s ' ' "$first" $((first + $1 - 1)))"
    FREE_PORT="$first"
    return 0
  done
  fail "No $1 free ports in a row found between 20000 and 31999."
}

# Whether GET http://127.0.0.1:$1$2 answers 200. Needs no curl: a JDK and Maven are all this project asks for.
answers_ok() {
  local status=""
  {
    exec 3<>"/dev/tcp/127.0.0.1/$1" &&
      printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3 &&
      IFS= read -r -t 5 status <&3
    exec 3>&-
  } 2>/dev/null || true
  case "$status" in
    HTTP/1.?' 200'*) return 0 ;;
    *) return 1 ;;
  esac
}
