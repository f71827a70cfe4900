"""Bytes that claim to be a feed, read by whichever reader fits them."""

from __future__ import annotations

import asyncio

import msgspec

from crisisroom.sources.dialects import read_xml
from crisisroom.sources.entry import Document
from crisisroom.sources.json_feed import read_json
from crisisroom.sources.lenient import read_lenient
from crisisroom.sources.strict_xml import IllFormed, parse_xml


async def read_feed(body: bytes, content_type: str) -> Document:
    """Read a feed: strictly in a thread, ill-formed XML by the helper; IllFormed or Unsafe."""
    if not body.strip():
        raise IllFormed("empty")
    if _looks_like_json(body, content_type):
        return await asyncio.to_thread(read_json, body)
    try:
        root = await asyncio.to_thread(parse_xml, body)
    except IllFormed as error:
        document = await read_lenient(body, content_type)
        return msgspec.structs.replace(document, broken=str(error)[:100])
    return await asyncio.to_thread(read_xml, root)


def _looks_like_json(body: bytes, content_type: str) -> bool:
    begin = body[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return begin == b"{" or ("json" in content_type.lower() and begin != b"<")
