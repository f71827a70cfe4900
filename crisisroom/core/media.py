"""What bytes are, by how they begin: never by what a server or a file's name says of them."""

from __future__ import annotations

import re

HEAD = 512  # bytes that are enough to tell
UNKNOWN = "application/octet-stream"

_RASTER = ("png", "jpeg", "gif", "webp", "bmp", "tiff", "avif", "heic", "x-icon")
PICTURES = frozenset(f"image/{name}" for name in _RASTER)
"""The media types that are pictures and nothing else: a drawing that may run scripts is none."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"%PDF-", "application/pdf"),
    (b"PK\3\4", "application/zip"),
    (b"PK\5\6", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-msdownload"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"FLV\1", "video/x-flv"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"#!", "text/x-script"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
}
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(!doctype\s+)?([a-z]+)",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = frozenset({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0C, 0x0D, 0x1B})


def media_type(data: bytes) -> str:
    """Return the media type of bytes by their magic; `UNKNOWN` where nothing tells."""
    head = data[:HEAD]
    for magic, media in _MAGIC:
        if head.startswith(magic):
            return media
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if _is_bitmap(head):
        return "image/bmp"
    if head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2"):
        return "audio/mpeg"
    return _text(head, whole=len(data) <= HEAD)


def is_picture(media: str) -> bool:
    """Tell whether a media type is a picture's that nothing can run in."""
    return media in PICTURES


def _is_bitmap(head: bytes) -> bool:
    """Tell whether it is a bitmap: two letters alone begin many a text."""
    return head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" and len(head) >= 26


def _text(head: bytes, *, whole: bool) -> str:
    if not head or not _CONTROL.isdisjoint(head) or not _is_utf8(head, whole=whole):
        return UNKNOWN
    if markup := _MARKUP.match(head):
        return _marked_up(markup[2].lower(), doctype=bool(markup[1]))
    return "text/plain"


def _marked_up(name: bytes, *, doctype: bool) -> str:
    if name == b"svg":
        return "image/svg+xml"
    return "text/html" if doctype or name in (b"html", b"head", b"body", b"script") else "text/xml"


def _is_utf8(head: bytes, *, whole: bool) -> bool:
    """Tell whether it is UTF-8 as far as it goes: the last letter of a head may be cut."""
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return not whole and error.end == len(head) and error.reason == "unexpected end of data"
    return True
