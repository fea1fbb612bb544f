#!/usr/bin/env bash
# Says which libraries have newer releases than docs/DEPENDENCIES.md knows, and writes the bill of materials of what is shipped to target/bom.json.
# Fails when the page is behind: somebody has to look at the new release, and take it or write down why not. Needs the network.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# bill NAME TESTS: target/NAME.json, with what only the tests use or without.
bill() {
  scripts/maven.sh -q -B -ntp -DskipTests package org.cyclonedx:cyclonedx-maven-plugin:2.9.3:makeAggregateBom \
    -DoutputFormat=json -DoutputName="$1" -DincludeTestScope="$2" >"$work/$1.log" 2>&1 || {
    tail -n 20 "$work/$1.log" >&2
    fail "The bill of materials could not be written."
  }
}
bill bom-with-tests true
bill bom false

# A project that has each of them, also those that others bring, as a dependency of its own: the report knows direct ones only.
{
  echo '<project><modelVersion>4.0.0</modelVersion><groupId>audit</groupId><artifactId>audit</artifactId><version>1</version><dependencies>'
  sed -n 's#.*"purl" *: *"pkg:maven/\([^/"]*\)/\([^@"]*\)@\([^?"]*\).*#\1 \2 \3#p' target/bom-with-tests.json | sort -u |
    while read -r group artifact version; do
      case "$group" in io.waxwatch) continue ;; esac
      printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n' "$group" "$artifact" "$version"
    done
  echo '</dependencies></project>'
} >"$work/pom.xml"
# Milestones, candidates, other flavours, and the dates that some early releases were numbered by, are no news.
scripts/maven.sh -B -ntp -f "$work/pom.xml" org.codehaus.mojo:versions-maven-plugin:2.21.0:display-dependency-updates \
  -Dversions.outputLineWidth=200 '-Dmaven.version.ignore=(?i).*[-.](alpha|beta|m|rc|cr|jre[67]|jdk5|android)[-.]?\d*.*,20\d{6}.*' >"$work/report" || {
  tail -n 20 "$work/report" >&2
  fail "Maven could not look for newer releases."
}

awk '
  # The page: rows of library, version, newest.
  FNR == NR {
    if ($0 ~ /^\| [a-z][^|]*:/) {
      split($0, cell, " *\\| *")
      sub(/^\| /, "", cell[1])
      name = cell[2]
      sub(/ .*/, "", name)
      newest[name] = cell[4]
    }
    next
  }
  / -> / {
    library = $2
    found = $NF
    group = library
    sub(/:.*/, "", group)
    known = (library in newest) ? newest[library] : newest[group ":*"]
    if (known != found) { print library ": newest is " found ", the page says " (known == "" ? "nothing" : known); behind = 1 }
  }
  END { exit behind }
' docs/DEPENDENCIES.md "$work/report" || fail "Bring docs/DEPENDENCIES.md up to date: take the release, or write down why not."
echo "docs/DEPENDENCIES.md knows every newest release; the bill of materials is target/bom.json."
