#!/bin/sh
# sshd's ForceCommand: runs what the client asked for as Win32-OpenSSH does, in a job that dies with its session.
# Started under `setpriv --pdeathsig TERM`, so losing the sshd process that serves the session arrives here as TERM.
if [ -z "$SSH_ORIGINAL_COMMAND" ]; then
  echo 'A server of the practice lab has no interactive shell: ask for powershell.exe -NoLogo -NoProfile -s.' >&2
  exit 1
fi
exec 3<&0
setsid /bin/sh -c "$SSH_ORIGINAL_COMMAND" <&3 3<&- &
job=$!
# The job alone holds the session's pipes, else sshd would wait for this script too.
exec </dev/null 3<&- >/dev/null 2>&1
trap 'kill -s KILL -- "-$job"; exit 143' TERM HUP INT
wait "$job"
code=$?
kill -s KILL -- "-$job"
exit "$code"
