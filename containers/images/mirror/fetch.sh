#!/bin/sh
# Downloads `package=version` lines into a pool; apt verifies each file against Debian's signed index.
set -eu
download=$(mktemp -d)
chown _apt "$download"
cd "$download"
xargs apt-get download -qq < "$1"
for file in *.deb; do
  package=${file%%_*}
  directory=$2/$(echo "$package" | cut -c1)/$package
  mkdir -p "$directory"
  # The epoch is in no pool file name of Debian's either, and its colon would need quoting in every URL.
  mv "$file" "$directory/$(echo "$file" | sed 's/_[0-9]*%3a/_/')"
done
chmod -R u=rwX,go=rX "$2"
cd / && rm -r "$download"
