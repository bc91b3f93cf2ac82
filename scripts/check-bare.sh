#!/bin/sh
# Proves that a command works as the very first one in a fresh clone on a bare Debian 12: a debootstrap minbase root where only
# Node (with npm) and the .NET SDK are bound in. Needs root, debootstrap, git and unshare.
# Usage: check-bare.sh [COMMAND…]      (npm test when none is given; BARE_ROOT keeps the root between runs)
set -eu
repository=$(cd "$(dirname "$0")/.." && pwd)
keep=${BARE_ROOT:-}
root=${BARE_ROOT:-$(mktemp -d)}
[ $# -gt 0 ] || set -- npm test

if [ ! -x "$root/bin/sh" ]; then
  debootstrap --variant=minbase bookworm "$root" ${BARE_MIRROR:+"$BARE_MIRROR"}
fi

# What this machine needs to reach its registries: names, certificates, and settings of apt and npm.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp -L /etc/hosts "$root/etc/hosts"
mkdir -p "$root/etc/apt/apt.conf.d" "$root/etc/ssl/certs" "$root/usr/etc"
for file in /etc/apt/apt.conf.d/*; do
  case $(basename "$file") in docker-*|20packagekit|50appstream|70debconf|01autoremove*) ;; *) cp "$file" "$root/etc/apt/apt.conf.d/" ;; esac
done
[ ! -f /etc/npmrc ] || cp /etc/npmrc "$root/etc/npmrc"
[ ! -f "$HOME/.npmrc" ] || cp "$HOME/.npmrc" "$root/root/.npmrc"
[ ! -f /etc/ssl/certs/ca-certificates.crt ] || [ -f "$root/etc/ssl/certs/ca-certificates.crt" ] || cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

rm -rf "$root/root/clone"
git clone -q "$repository" "$root/root/clone"

export repository root
# Private mounts and processes: whatever happens inside, nothing is left outside.
# shellcheck disable=SC2016
unshare --mount --propagation private --pid --fork --kill-child sh -eu -c '
  bind() { if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$(dirname "$root$1")"; touch "$root$1"; fi; mount --bind "$1" "$root$1"; mount -o remount,bind,ro "$root$1"; }
  node=$(readlink -f "$(command -v node)")
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  bind "$node"; bind "$npm"; bind "$dotnet"
  mkdir -p "$root/usr/local/bin"
  ln -sfn "$node" "$root/usr/local/bin/node"
  ln -sfn "$npm/bin/npm-cli.js" "$root/usr/local/bin/npm"
  ln -sfn "$dotnet/dotnet" "$root/usr/local/bin/dotnet"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
  exec chroot "$root" /usr/bin/env -i HOME=/root USER=root TERM="${TERM:-dumb}" LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=$NODE_EXTRA_CA_CERTS} ${SSL_CERT_FILE:+SSL_CERT_FILE=$SSL_CERT_FILE} ${NUGET_CERT_REVOCATION_MODE:+NUGET_CERT_REVOCATION_MODE=$NUGET_CERT_REVOCATION_MODE} \
    sh -c "cd /root/clone && exec \"\$@\"" sh "$@"
' sh "$@" && status=0 || status=$?

[ -n "$keep" ] || rm -rf "$root"
exit "$status"
