#!/bin/sh
# Runs a program in a root of its own, as a container's: for use inside new mount and process namespaces.
# usage: isolate.sh <root> <ro|rw> <mounts> <uid> <gid> <workdir> <program> [argument...]
# <mounts> is a file of lines: `bind ro|rw <source> <target>` or `empty <mode> <gid> <target>`.
set -eu
root=$1 access=$2 mounts=$3 uid=$4 gid=$5 workdir=$6
shift 6

mount -t tmpfs -o mode=755 root "$root"
for name in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$name" ]; then
    cp -P "/$name" "$root/$name"
  elif [ -d "/$name" ]; then
    mkdir "$root/$name"
    mount --bind -o ro "/$name" "$root/$name"
  fi
done
mkdir "$root/usr" "$root/etc" "$root/proc" "$root/dev" "$root/sys" "$root/tmp"
chmod 1777 "$root/tmp"
mount --bind -o ro /usr "$root/usr"
mount --bind -o ro /etc "$root/etc"
mount --bind -o ro /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777,size=64m shm "$root/dev/shm"
mount -t proc proc "$root/proc"

while read -r kind option source target; do
  case $kind in
    bind)
      if [ -d "$source" ]; then
        mkdir -p "$root$target"
      elif [ ! -e "$root$target" ]; then
        mkdir -p "$(dirname "$root$target")"
        : >"$root$target"
      fi
      mount --bind "$source" "$root$target"
      mount -o "remount,bind,$option" "$root$target"
      ;;
    empty)
      mkdir -p "$root$target"
      mount -t tmpfs -o "mode=$option,gid=$source" empty "$root$target"
      ;;
  esac
done <"$mounts"
mount -o "remount,$access" "$root"

exec chroot "$root" setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs --bounding-set=-all \
  env -C "$workdir" -i "$@"
