#!/usr/bin/env bash
# Runs a command in a process group of its own as the terminal's foreground job. Ctrl-C then reaches the command alone, which
# ends in order, and its exit code becomes ours; make, which would otherwise be interrupted too, reports that code.
if [ -t 0 ]; then
  set -m
  "$@"
  exit $?
fi
exec "$@"
