#!/usr/bin/env bash
# One digest of a folder: the name and the content of every file in it, hidden ones too. A folder that one job hands to
# another is compared by it.
set -euo pipefail
export LC_ALL=C

usage() {
  cat <<'USAGE'
Prints digest=<SHA-256> of a folder, as a line for $GITHUB_OUTPUT.

  bash ci/folder-digest.sh FOLDER
  bash ci/folder-digest.sh FOLDER --expect DIGEST   exit status 1 when it is another one
USAGE
}

stop() {
  printf 'folder-digest: %s\n' "$*" >&2
  exit 2
}

[[ ${1:-} != --help ]] || { usage && exit 0; }
(($# == 1)) || { (($# == 3)) && [[ $2 == --expect ]]; } || stop "expected FOLDER [--expect DIGEST]; see --help"
cd "$1" || stop "expected a folder but received $1"

odd=$(find . ! -type f ! -type d)
[[ -z $odd ]] || stop "$1: expected files and folders only but found $odd"
[[ -n $(find . -type f -print -quit) ]] || stop "$1: expected files but it holds none"
digest=$(find . -type f -print0 | sort -z | xargs -0 shasum -a 256 | shasum -a 256 | cut -d' ' -f1)

if [[ ${2:-} == --expect && $digest != "$3" ]]; then
  echo "folder-digest: $1: expected $3 but it is $digest" >&2
  exit 1
fi
echo "digest=$digest"
