"""Runs one script through pywinrm, an independent WinRM client, and says what it got.

Standard input: one JSON object with url, transport, user, password, script or command, and what pywinrm's Session takes besides.
Standard output: one JSON object: status, stdout, stderr; or error and message.
"""
import base64
import json
import sys

import winrm

job = json.load(sys.stdin)
user, password = job["user"], job["password"]
if job["transport"] == "basic":
    # requests writes text as Latin-1; bytes go out as they are.
    user, password = user.encode(), password.encode()
try:
    session = winrm.Session(job["url"], auth=(user, password), transport=job["transport"], **job.get("options", {}))
    # What run_ps does; its own clean-up of CLIXML fails on Python 3.
    command = "powershell -encodedcommand " + base64.b64encode(job["script"].encode("utf-16-le")).decode() if "script" in job else job["command"]
    result = session.run_cmd(command, job.get("arguments", ()))
    answer = {"status": result.status_code, "stdout": result.std_out.decode("cp437"), "stderr": result.std_err.decode("cp437")}
except Exception as problem:  # whatever it is, the test is told
    answer = {"error": type(problem).__name__, "message": str(problem)}
print(json.dumps(answer))
