"""Reads one ill-formed feed in a process of its own, under limits; it imports nothing of ours.

Stdin: a line with the Content-Type, then the bytes. Stdout: JSON as `entry.Document` has it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

CPU_SECONDS = 2
ADDRESS_SPACE = 384 << 20
MOST_ENTRIES = 2000
MOST_TEXT = 200_000  # characters of one field


def limit() -> None:
    """Take away what reading a feed does not need; where a system lacks a limit, do without."""
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def text(value: Any) -> str:
    """Return a text of bounded length; anything else as empty."""
    return value[:MOST_TEXT] if isinstance(value, str) else ""


def entry(found: Any) -> dict[str, Any]:
    """Return one entry with the names that `entry.Entry` has."""
    contents = [part for part in found.get("content") or [] if part.get("value")]
    body = contents[0] if contents else found.get("summary_detail") or {}
    title = found.get("title_detail") or {}
    replied = found.get("thr_in-reply-to") or {}
    return {
        "guid": text(found.get("id")),
        "link": text(found.get("link")),
        "title": text(found.get("title")),
        "title_plain": title.get("type") == "text/plain",
        "body": text(body.get("value")),
        "body_plain": body.get("type") == "text/plain",
        "author": text(found.get("author")),
        "published": text(found.get("published") or found.get("updated")),
        "lang": text(body.get("language") or title.get("language")),
        "reply_to": text(replied.get("ref") or replied.get("href")),
        "enclosures": [
            {"url": text(file.get("href")), "type": text(file.get("type"))}
            for file in (found.get("enclosures") or [])[:20]
        ],
    }


def read(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the document; `broken` says why it was not well-formed."""
    import feedparser

    headers = {"content-type": content_type} if content_type else {}
    found = feedparser.parse(body, response_headers=headers, resolve_relative_uris=False)
    reason = found.get("bozo_exception")
    return {
        "entries": [entry(one) for one in found.entries[:MOST_ENTRIES]],
        "comments": text(found.feed.get("link")).endswith("#comments"),
        "broken": type(reason).__name__ if reason else "",
    }


def main() -> None:
    """Read stdin, answer on stdout."""
    limit()
    content_type, _, body = sys.stdin.buffer.read().partition(b"\n")
    document = read(content_type.decode("ascii", "replace"), body)
    answer = json.dumps(document).encode("ascii")
    while answer:
        answer = answer[os.write(1, answer) :]


if __name__ == "__main__":
    main()
