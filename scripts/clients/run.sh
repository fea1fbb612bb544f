#!/usr/bin/env bash
# Walks real clients of Discogs and eBay through the sandbox and prints what they saw: scripts/clients/run.sh
# Needs a JDK, Node with npm, Python 3 with venv, openssl, and registries to install from; leaves nothing behind.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/../lib.sh"
cd "$ROOT"

require_jdk
scripts/maven.sh -B -q -DskipTests -pl marketplace-sandbox package
dir="$(mktemp -d)"
started=()
# shellcheck disable=SC2317
stop() {
  [ "${#started[@]}" = 0 ] || kill "${started[@]}" 2>/dev/null || true
  rm -rf -- "$dir"
}
trap stop EXIT

# Waits for a line that matches, and prints what was found of it.
found() {
  local text=""
  for _ in $(seq 300); do
    text="$(grep -o "$1" "$2" 2>/dev/null | head -n 1 || true)"
    [ -z "$text" ] || break
    sleep 0.2
  done
  [ -n "$text" ] || fail "$2 does not say $1."
  grep -o '[0-9][0-9]*' <<<"$text" | head -n 1
}

"$JAVA" -cp "marketplace-sandbox/target/marketplace-sandbox-$VERSION.jar:marketplace-sandbox/target/lib/*" \
  io.waxwatch.sandbox.SandboxMain --port 0 >"$dir/sandbox.log" 2>&1 &
started+=($!)

cp "$here"/*.cjs "$here"/*.mjs "$here"/*.py "$dir"
cd "$dir"
npm install --silent --no-audit --no-fund --prefix . disconnect@1.2.2 discojs@2.3.1 ebay-api@9.6.0 event-notification-nodejs-sdk@1.0.3
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install python3-discogs-client==2.10 ebay-rest==1.1.4
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "subjectAltName=DNS:localhost,DNS:api.ebay.com" \
  -keyout key.pem -out cert.pem 2>/dev/null

port="$(found 'port="[0-9]*"' sandbox.log)"
node tls-front.cjs "$port" >front.log 2>&1 &
started+=($!)
FRONT_PORT="$(found '^[0-9][0-9]*$' front.log)"
export FRONT_PORT BOX="http://127.0.0.1:$port"

walk() {
  echo "== $1"
  shift
  # A minute of Discogs' quota is sixty calls; each walk begins with a fresh one.
  curl -s -X POST "$BOX/control/reset"
  "$@"
}
walk "python3-discogs-client 2.10" venv/bin/python discogs_client_walk.py
walk "disconnect 1.2.2" node -r ./redirect.cjs disconnect-walk.cjs
walk "discojs 2.3.1" node -r ./redirect.cjs discojs-walk.mjs
walk "ebay-api 9.6.0" node -r ./redirect.cjs ebay-api-walk.cjs
walk "ebay-rest 1.1.4" venv/bin/python ebay_rest_walk.py
walk "event-notification-nodejs-sdk 1.0.3" node -r ./redirect.cjs notification-sdk-walk.cjs
