#!/bin/sh
# Prints `package=version` of all that installing any of the listed packages could want, recommendations included.
# apt resolves alternatives by what is installed (`systemd | systemd-standalone-sysusers`), so each package is
# asked for alone and with the others, on an empty machine and on the base. A server has more, and wants less.
set -eu
list=$(sed 's/#.*//' "$1")
work=$(mktemp -d)
: > "$work/empty"
mkdir -p "$work/archives/partial"

# Asks apt what it would fetch. Its own archive directory: what the base's cache already holds would not be named. No
# cache files: several at once would write them over each other.
cat > "$work/wants" <<'SCRIPT'
status=$1 work=$2
shift 2
apt-get -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o "Dir::State::status=$status" \
  -o "Dir::Cache::archives=$work/archives" --print-uris -y -qq install "$@" > "$work/uris.$#.$1" ||
  { echo "Debian has no way to install $*" >&2; exit 255; }
SCRIPT
for status in "$work/empty" /var/lib/dpkg/status; do
  # shellcheck disable=SC2086
  sh "$work/wants" "$status" "$work" $list
  # Some two hundred questions, as many at once as there are cores.
  # shellcheck disable=SC2086
  printf '%s\n' $list | xargs -P "$(nproc)" -n 1 sh "$work/wants" "$status" "$work"
  cat "$work"/uris.* | awk '{ print $2 }' >> "$work/files"
done
sort -u "$work/files" | sed -E 's/_[^_]+\.deb$//; s/%3a/:/; s/_/=/'
rm -r "$work"
