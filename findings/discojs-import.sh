#!/usr/bin/env bash
# discojs 2.3.1 cannot be imported by its name under Node, neither way: its package.json says "type": "module", while its main file
# is CommonJS. Bundlers do not notice, for they read "module". The file that "module" names works under Node when it is given by path.
set -euo pipefail

dir="$(mktemp -d)"
trap 'rm -rf -- "$dir"' EXIT
npm install --silent --no-audit --no-fund --prefix "$dir" discojs@2.3.1
cd "$dir"
cat >by-import.mjs <<'JS'
try {
  const { Discojs } = await import('discojs')
  console.log('import: ' + typeof Discojs)
} catch (error) {
  console.log(`import: ${error.name}: ${error.message.split('\n')[0]}`)
}
JS
cat >by-require.cjs <<'JS'
try {
  const { Discojs } = require('discojs')
  console.log('require: ' + typeof Discojs)
} catch (error) {
  console.log('require: fails')
}
JS
cat >by-path.mjs <<'JS'
const { Discojs } = await import('./node_modules/discojs/dist/index.es.js')
console.log('by path: ' + typeof Discojs)
JS
node -e '
  const { version, type, main, module } = require("./node_modules/discojs/package.json")
  console.log(`discojs ${version} on Node ${process.version}: type ${type}, main ${main}, module ${module}`)'
seen="$(node by-import.mjs; node by-require.cjs; node by-path.mjs)"
echo "$seen"

expected='import: ReferenceError
require: fails
by path: function'
# What follows the name is Node's own wording.
if [ "$(sed 's/^\(import: [A-Za-z]*\):.*/\1/' <<<"$seen")" != "$expected" ]; then
  echo "This has changed. Expected was:" >&2
  echo "$expected" >&2
  exit 1
fi
