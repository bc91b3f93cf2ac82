#!/bin/sh
# Outlives the lab's command by a moment: when that dies without having cleaned up (killed, crashed), ends every process that it
# started, by id, and removes its folders. Told what by lines on standard input: watch PID | forget PID | server DIR | remove PATH | done.
trap '' INT TERM HUP
nl='
'
watched=''
servers=''
remove=''
while read -r word what; do
  case $word in
    watch) watched="$watched $what" ;;
    forget)
      kept=''
      for pid in $watched; do [ "$pid" = "$what" ] || kept="$kept $pid"; done
      watched=$kept
      ;;
    server) servers="$servers$what$nl" ;;
    remove) remove="$remove$what$nl" ;;
    done) exit 0 ;;
  esac
done
for pid in $watched; do
  kill -s KILL -- "-$pid" 2>/dev/null
  kill -9 "$pid" 2>/dev/null
done
printf '%s' "$servers" | while read -r directory; do
  # Until none is left: a process may have been starting another one, and one that is being killed still writes.
  for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    found=$(grep -lsFzx "ENTRA_LAB_SERVER=$directory" /proc/[0-9]*/environ)
    [ -n "$found" ] || break
    for path in $found; do
      pid=${path#/proc/}
      kill -9 "${pid%/environ}" 2>/dev/null
    done
    sleep 0.1
  done
done
printf '%s' "$remove" | while read -r path; do rm -rf "$path"; done
