"""Sends one message by apprise, in a process of its own; it imports nothing of ours.

Stdin: JSON with the address, the title and the body. Stdout: one word, and nothing of those.
"""

from __future__ import annotations

import json
import os
import resource
import sys


def send(address: str, title: str, body: str) -> str:
    """Return `sent`, `refused` by the service, or why nothing was tried: `missing`, `address`."""
    try:
        import apprise
    except ImportError:
        return "missing"
    service = apprise.Apprise()
    if not service.add(address):
        return "address"
    return "sent" if service.notify(body=body, title=title) else "refused"


def main() -> None:
    """Read stdin, answer on stdout; what the library prints goes nowhere."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold the secret
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.write(answers, send(**json.loads(sys.stdin.buffer.read())).encode())


if __name__ == "__main__":
    main()
