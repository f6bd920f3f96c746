#!/bin/sh
# Indexes and signs the pool as the suite trixie, and beside it the two empty suites that ordinary
# sources lines name. No Valid-Until: a lab's clock and a room's image may be months apart.
set -eu
mirror=$1
architecture=$(dpkg --print-architecture)
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
gpg --batch --quiet --passphrase '' --quick-gen-key 'Ten steps lab archive' ed25519 sign never
gpg --batch --export > "$mirror/key.gpg"

# suite ARCHIVE SUITE POOL: an empty POOL gives an empty index.
suite() {
  cd "$mirror/$1"
  index=dists/$2/main/binary-$architecture
  mkdir -p "$index"
  if [ -n "$3" ]; then apt-ftparchive packages "$3"; fi > "$index/Packages"
  xz -9 --keep "$index/Packages"
  apt-ftparchive \
    -o APT::FTPArchive::Release::Origin='Ten steps lab' \
    -o APT::FTPArchive::Release::Label='Ten steps lab' \
    -o APT::FTPArchive::Release::Suite="$4" \
    -o APT::FTPArchive::Release::Codename="$2" \
    -o APT::FTPArchive::Release::Architectures="$architecture" \
    -o APT::FTPArchive::Release::Components=main \
    release "dists/$2" > "$GNUPGHOME/Release"
  rm "$index/Packages"
  mv "$GNUPGHOME/Release" "dists/$2/Release"
  gpg --batch --quiet --clearsign --output "dists/$2/InRelease" "dists/$2/Release"
  gpg --batch --quiet --armor --detach-sign --output "dists/$2/Release.gpg" "dists/$2/Release"
}
suite debian trixie pool/main stable
suite debian trixie-updates '' stable-updates
mkdir -p "$mirror/debian-security"
suite debian-security trixie-security '' stable-security

gpgconf --kill all
rm -r "$GNUPGHOME"
