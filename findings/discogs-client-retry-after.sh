#!/usr/bin/env bash
# python3-discogs-client 2.10 does not read Retry-After. A 429 that says "come back in 60 s" is asked again after a random part of
# 1, 2, 4, ... s, up to a hundred times, each of which counts against the same quota; the rate headers of the last answer are kept
# in the fetcher, but an answer that says "none left" does not hold the next request back.
set -euo pipefail

dir="$(mktemp -d)"
trap 'rm -rf -- "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" --quiet --disable-pip-version-check install python3-discogs-client==2.10
cat >"$dir/run.py" <<'PY'
import importlib.metadata
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import discogs_client
import discogs_client.utils

answers = [429, 429, 429, 200, 200]
asked = 0


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        global asked
        status = answers[asked]
        asked += 1
        body = json.dumps({"id": 1, "title": "Example"} if status == 200 else {"message": "You are making requests too quickly."})
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Discogs-Ratelimit-Remaining", "0")
        if status == 429:
            self.send_header("Retry-After", "60")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=server.serve_forever, daemon=True).start()

# The waits are noted instead of waited for.
waits = []
discogs_client.utils.sleep = waits.append
client = discogs_client.Client("Example/1.0 +https://example.org", user_token="example")
client._base_url = "http://127.0.0.1:%d" % server.server_port

client.release(1).refresh()
print("python3-discogs-client", importlib.metadata.version("python3-discogs-client"))
print("requests until the answer:", asked)
print("waits asked for by Retry-After: 60 60 60; taken: " + " ".join("%.2f" % wait for wait in waits))
print("each at most 2^n s:", all(wait <= 2 ** n for n, wait in enumerate(waits)))
print("remaining, as kept:", client._fetcher.rate_limit_remaining)
before = len(waits)
client.release(1).refresh()
print("waits before the next request:", len(waits) - before)
PY
seen="$("$dir/venv/bin/python" "$dir/run.py")"
echo "$seen"

expected='python3-discogs-client 2.10
requests until the answer: 4
each at most 2^n s: True
remaining, as kept: 0
waits before the next request: 0'
if [ "$(grep -v '^waits asked for' <<<"$seen")" != "$expected" ]; then
  echo "This has changed. Expected was:" >&2
  echo "$expected" >&2
  exit 1
fi
