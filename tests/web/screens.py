"""Programs that stand for a room's screen: they speak as Textual's driver for pages does."""

from __future__ import annotations

import sys

_BEGIN = """
import os, signal, struct, sys, time
out, take = sys.stdout.buffer, sys.stdin.buffer
def send(kind, data):
    out.write(kind + struct.pack(">I", len(data)) + data); out.flush()
out.write(b"__GANGLION__\\n")
"""
_ECHO = """
send(b"D", repr((sys.argv[1:], os.environ["COLUMNS"], os.environ["ROWS"])).encode())
while head := take.read(5):
    data = take.read(struct.unpack(">I", head[1:])[0])
    if b"quit" in data:
        break
    send(b"D", head[:1] + data)
send(b"M", b'{"type": "exit"}')
"""
_DEAF = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
send(b"D", b"%d" % os.getpid())
while True:
    time.sleep(60)
"""


def echo(*words: str) -> list[str]:
    """Show its arguments and size, then whatever the page sends."""
    return [sys.executable, "-c", _BEGIN + _ECHO, *words]


def deaf() -> list[str]:
    """Show its pid, and never end."""
    return [sys.executable, "-c", _BEGIN + _DEAF]


def broken() -> list[str]:
    """End at once, before anything was shown."""
    return [sys.executable, "-c", "raise SystemExit('no room')"]
