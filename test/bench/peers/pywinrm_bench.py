"""Measures pywinrm against a listener. Standard input: JSON with url, transport, user, password, options, rounds, rowRounds, script, rows (a
script). Standard output, a line of JSON after each part: cold, ready (a shell is open and warm), warm (milliseconds a round), rows (milliseconds, processor time, bytes).
A line on standard input starts each part, so that whoever asked can count requests in between.
"""
import base64
import json
import sys
import time

import winrm

job = json.loads(sys.stdin.readline())


def encoded(script):
    return "powershell -encodedcommand " + base64.b64encode(script.encode("utf-16-le")).decode()


def session():
    return winrm.Session(job["url"], auth=(job["user"], job["password"]), transport=job["transport"], **job["options"])


def cold():
    session().run_cmd(encoded(job["script"]))


def timed(action, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return times


sys.stdin.readline()
print(json.dumps(timed(cold, job["rounds"])), flush=True)

sys.stdin.readline()
protocol = session().protocol
shell = protocol.open_shell(codepage=65001)


def run(script):
    command = protocol.run_command(shell, encoded(script))
    out, _, _ = protocol.get_command_output(shell, command)
    protocol.cleanup_command(shell, command)
    return out


run(job["script"])
print(json.dumps("ready"), flush=True)

sys.stdin.readline()
print(json.dumps(timed(lambda: run(job["script"]), job["rounds"])), flush=True)

for _ in range(job["rowRounds"]):
    sys.stdin.readline()
    start, cpu = time.perf_counter(), time.process_time()
    out = run(job["rows"])
    took, used = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps({"milliseconds": took * 1000, "cpu": used * 1000, "rows": out.count(b"\n")}), flush=True)
protocol.close_shell(shell)
