"""What bytes are, by how they begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.media import HEAD, UNKNOWN, is_picture, media_type

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
KNOWN = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "image/gif": b"GIF89a\1\0\1\0",
    "image/webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "image/bmp": b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + b"\0" * 20,
    "image/tiff": b"II*\0\x08\0\0\0",
    "image/avif": b"\0\0\0\x1cftypavif\0\0\0\0",
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0",
    "image/svg+xml": b"<?xml version='1.0'?>\n<!-- a\nnote --><svg xmlns='x'><script/></svg>",
    "text/html": b"\xef\xbb\xbf <!DOCTYPE html><title>x</title>",
    "text/xml": b"<?xml version='1.0'?><rss/>",
    "application/pdf": b"%PDF-1.7\n",
    "application/zip": b"PK\3\4\x14\0",
    "application/gzip": b"\x1f\x8b\x08\0",
    "application/x-executable": b"\x7fELF\2\1\1",
    "application/x-msdownload": b"MZ\x90\0",
    "application/vnd.sqlite3": b"SQLite format 3\0\x10\0",
    "text/x-script": b"#!/bin/sh\nrm -r x\n",
    "video/mp4": b"\0\0\0\x18ftypisom\0\0\2\0",
    "video/quicktime": b"\0\0\0\x14ftypqt  \0\0\0\0",
    "video/webm": b"\x1aE\xdf\xa3\x9f",
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "audio/mpeg": b"ID3\4\0",
    "text/plain": "Höchste Zeit.\n".encode(),
    UNKNOWN: b"\0\1\2\3 something",
}


@pytest.mark.parametrize("media", KNOWN)
def test_bytes_tell_what_they_are(media: str) -> None:
    assert media_type(KNOWN[media]) == media


def test_only_what_nothing_can_run_in_is_a_picture() -> None:
    pictures = {media for media in KNOWN if is_picture(media)}
    assert "image/svg+xml" not in pictures
    assert all(media.startswith("image/") for media in pictures)
    assert len(pictures) == 8


def test_nothing_and_what_only_looks_like_something() -> None:
    assert media_type(b"") == UNKNOWN
    assert media_type(b"BM is how this letter begins") == "text/plain"
    assert media_type(b"GIF is a format") == "text/plain"
    assert media_type(b"RIFF\0\0\0\0ODD!") == UNKNOWN
    assert media_type(b"\x9b31m") == UNKNOWN


def test_a_letter_that_is_cut_at_the_end_of_the_head_is_text_all_the_same() -> None:
    for shift in range(3):
        assert media_type(b"x" * (HEAD - shift) + "ö€".encode() * 9) == "text/plain"
    assert media_type(b"x" * 10 + "€".encode()[:2]) == UNKNOWN  # and one cut at the end is not


@given(st.binary(max_size=2000))
def test_any_bytes_have_a_media_type(data: bytes) -> None:
    media = media_type(data)
    assert media.count("/") == 1
    assert media == media_type(data[: HEAD + 1])  # and no more than that is looked at


@given(st.sampled_from(sorted(KNOWN)), st.binary(max_size=HEAD))
def test_what_follows_the_magic_changes_no_picture(media: str, more: bytes) -> None:
    if is_picture(media):
        assert media_type(KNOWN[media] + more) == media
