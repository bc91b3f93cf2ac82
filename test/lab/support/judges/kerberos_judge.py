"""Speaks to the listener over plain HTTP with Kerberos, sealing each body with MIT Kerberos' own gss_wrap_iov and opening the
answers with gss_unwrap_iov, which take the rotated form only. Standard input: JSON with host, port, scheme (Negotiate or Kerberos),
envelopes, and spoil: what to do wrong with the last one (byte, length, rotation, protocol, replay, plain). Standard output: JSON:
status, stdout (the answers' bodies one after the other), stderr (sizes of the headers seen); or error and message.
"""
import base64
import http.client
import json
import re
import struct
import sys

import gssapi
from gssapi.raw import IOV, IOVBufferType, unwrap_iov, wrap_iov

job = json.load(sys.stdin)
SPNEGO = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
KERBEROS = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2")
BOUNDARY = b"--Encrypted Boundary"


def sign_in(connection, scheme):
    context = gssapi.SecurityContext(
        name=gssapi.Name(f"HTTP@{job['host']}", gssapi.NameType.hostbased_service), usage="initiate",
        mech=SPNEGO if scheme == "Negotiate" else KERBEROS,
        flags=[getattr(gssapi.RequirementFlag, flag) for flag in ("confidentiality", "integrity", "mutual_authentication", "replay_detection", "out_of_sequence_detection")])
    token = context.step()
    while token:
        connection.request("POST", "/wsman", body=b"", headers={"Authorization": f"{scheme} {base64.b64encode(token).decode()}", "Content-Length": "0"})
        response = connection.getresponse()
        response.read()
        answers = [value.split(" ", 1)[1] for name, value in response.getheaders() if name.lower() == "www-authenticate" and value.startswith(f"{scheme} ")]
        token = context.step(base64.b64decode(answers[0])) if answers else None
        if response.status == 200:
            break
    if not context.complete or response.status != 200:
        raise RuntimeError(f"not signed in: HTTP {response.status}")
    return context


def seal(context, protocol, text):
    plain = text.encode()
    message = IOV(IOVBufferType.header, (IOVBufferType.data, plain), IOVBufferType.padding, std_layout=False, auto_alloc=True)
    wrap_iov(context, message, confidential=True)
    header, data, padding = (message[i].value or b"" for i in range(3))
    frame = (f"\r\n\tContent-Type: {protocol}\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={len(plain) + len(padding)}\r\n").encode()
    return BOUNDARY + frame + BOUNDARY + b"\r\n\tContent-Type: application/octet-stream\r\n" + struct.pack("<i", len(header)) + header + data + padding + BOUNDARY + b"--\r\n", len(header)


def spoil(how, context, protocol, body, text):
    """The last sealed body with one thing wrong with it."""
    start = body.index(b"application/octet-stream\r\n") + len(b"application/octet-stream\r\n")
    if how == "byte":
        return body[:start + 70] + bytes([body[start + 70] ^ 1]) + body[start + 71:]
    if how == "length":
        return re.sub(rb"Length=([0-9]+)", lambda match: b"Length=%d" % (int(match.group(1)) + 1), body, count=1)
    if how == "rotation":
        token = context.wrap(text.encode(), True).message
        return body[:start] + struct.pack("<i", 60) + token + BOUNDARY + b"--\r\n"
    if how == "protocol":
        return body.replace(protocol.encode(), b"application/HTTP-CredSSP-session-encrypted")
    return text.encode() if how == "plain" else body


def unseal(context, body):
    named = int(re.search(rb"Length=([0-9]+)", body).group(1))
    start = body.index(b"application/octet-stream\r\n") + len(b"application/octet-stream\r\n")
    sealed = body[start:body.rindex(BOUNDARY)]
    length = struct.unpack("<i", sealed[:4])[0]
    message = IOV((IOVBufferType.header, False, sealed[4:4 + length]), (IOVBufferType.data, False, sealed[4 + length:]), (IOVBufferType.padding, False, b""), std_layout=False)
    unwrap_iov(context, message)
    plain = message[1].value
    if len(plain) != named:
        raise RuntimeError(f"the body names {named} bytes and holds {len(plain)}")
    return plain.decode(), length


try:
    connection = http.client.HTTPConnection("127.0.0.1", job["port"], timeout=30)
    scheme = job["scheme"]
    context = sign_in(connection, scheme)
    protocol = f"application/HTTP-{'SPNEGO' if scheme == 'Negotiate' else 'Kerberos'}-session-encrypted"
    texts, headers = [], set()
    last = len(job["envelopes"]) - 1
    for index, envelope in enumerate(job["envelopes"]):
        how = job.get("spoil") if index == last else None
        if how != "replay":
            sealed, length = seal(context, protocol, envelope)
        headers.add(length)
        if how:
            sealed = spoil(how, context, protocol, sealed, envelope)
        connection.request("POST", "/wsman", body=sealed, headers={"Content-Type": f'multipart/encrypted;protocol="{protocol}";boundary="Encrypted Boundary"'})
        response = connection.getresponse()
        body = response.read()
        if how:
            texts.append(body.decode("latin-1"))
            break
        if f'protocol="{protocol}"' not in response.getheader("Content-Type", ""):
            raise RuntimeError(f"HTTP {response.status} {response.getheader('Content-Type')}")
        text, length = unseal(context, body)
        headers.add(length)
        texts.append(text)
    print(json.dumps({"status": response.status, "stdout": "\n".join(texts), "stderr": ",".join(str(size) for size in sorted(headers))}))
except Exception as problem:
    print(json.dumps({"error": type(problem).__name__, "message": str(problem)}))
