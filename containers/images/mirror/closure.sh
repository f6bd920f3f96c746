#!/bin/sh
# Prints `package=version` of all that installing any of the listed packages could want, recommendations included.
# apt resolves alternatives by what is installed (`systemd | systemd-standalone-sysusers`), so each package is
# asked for alone and with the others, on an empty machine, on the base, and on a base with sysvinit.
set -eu
list=$(sed 's/#.*//' "$1")
work=$(mktemp -d)
: > "$work/empty"
mkdir -p "$work/archives/partial"

# The server's state is simulated, not installed: dpkg's status with the sysvinit packages added as installed.
server=$(apt-cache show --no-all-versions sysvinit-core initscripts insserv startpar orphan-sysvinit-scripts \
  systemd-standalone-sysusers systemd-standalone-tmpfiles 2>/dev/null |
  grep -v -E '^(Description|Filename|Size|SHA256|MD5sum)' | sed 's/^Package:.*/&\nStatus: install ok installed/')
{ cat /var/lib/dpkg/status; echo; echo "$server"; } > "$work/server"

# Its own archive directory: what the base's cache already holds would not be named.
wants() {
  apt-get -o "Dir::State::status=$1" -o "Dir::Cache::archives=$work/archives" --print-uris -y -qq install $2 | awk '{ print $2 }'
}
# Some six hundred questions to apt, as many at once as there are cores.
cat > "$work/alone" <<'SCRIPT'
apt-get -o "Dir::State::status=$1" -o "Dir::Cache::archives=$2/archives" --print-uris -y -qq install "$3" > "$2/uris.$3" ||
  { echo "Debian has no way to install $3" >&2; exit 255; }
SCRIPT
for status in "$work/empty" "$work/server" /var/lib/dpkg/status; do
  # shellcheck disable=SC2086
  wants "$status" "$(echo $list)" > "$work/together" || { echo "no way to install all of $1 together" >&2; exit 1; }
  cat "$work/together" >> "$work/files"
  # shellcheck disable=SC2086
  printf '%s\n' $list | xargs -P "$(nproc)" -n 1 sh "$work/alone" "$status" "$work"
  cat "$work"/uris.* | awk '{ print $2 }' >> "$work/files"
done
sort -u "$work/files" | sed -E 's/_[^_]+\.deb$//; s/%3a/:/; s/_/=/'
rm -r "$work"
