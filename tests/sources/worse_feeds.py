"""More hostile feeds: what breaks readers by size, depth, encoding, identity or time.

Each has what must become of it: the error that refuses it, or how many mentions it gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sources.good_feeds import ATOM, JSON, MEDIA, RSS, THR, atom, rss

Case = tuple[str | bytes, str, str | int]
_ONE = "<item><title>one</title><guid>1</guid></item>"
_ENTRY = "<entry><id>1</id><title>one</title></entry>"
_BIG = "x" * 1_000_000
_TIMES = (
    "Sun, 22 Nov 2026 03:00:00 -9999",
    "Thu, 30 Feb 2026 03:00:00 GMT",
    "Sun, 22 Nov 2026 23:59:60 GMT",
    "9999-12-31T23:59:59-01:00",
    "0001-01-01T00:00:00+23:59",
    "-0044-03-15T00:00:00Z",
    "2026-11-22T03:00:00+99:99",
    "1e309",
    "∞",
    "99999999999999999999",
    "2026-11-22T03:00:00Z" + "0" * 10_000,
)
_LINKS = (
    "javascript:alert(1)",
    "data:text/html,<script>",
    "file:///etc/passwd",
    "http://[::1",
    "http://user:secret@a.example:99999999/",
    "//",
    "http://" + "a" * 100_000,
    "http://\u202egro.elpmaxe/",
    "\x85http://a.example/",
    "http:a.example",
)
_ENCODINGS = ("utf-7", "utf-32", "rot13", "base64", "hex", "punycode", "unicode_escape", "zlib")
_ENTITIES = ("&nbsp;", "&lol;", "&#x110000;", "&#99999999999999;", "&#xFFFE;", "&#;", "&;", "&#x;")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _times() -> Iterator[tuple[str, Case]]:
    for number, time in enumerate(_TIMES):
        item = f"<item><title>t</title><pubDate>{_escaped(time)}</pubDate></item>"
        yield f"time-{number}-rss", (rss(item), RSS, 1)
        entry = f"<entry><id>1</id><updated>{_escaped(time)}</updated></entry>"
        yield f"time-{number}-atom", (atom(entry), ATOM, 1)


def _links() -> Iterator[tuple[str, Case]]:
    for number, link in enumerate(_LINKS):
        item = f"<item><title>t</title><link>{_escaped(link)}</link></item>"
        yield f"link-{number}-rss", (rss(item), RSS, 1)
        items = [{"url": link, "content_text": "t", "attachments": [{"url": link}]}]
        yield f"link-{number}-json", (json.dumps({"items": items}), JSON, 1)


def _encodings() -> Iterator[tuple[str, Case]]:
    for name in _ENCODINGS:
        head = f'<?xml version="1.0" encoding="{name}"?>'.encode()
        yield f"encoding-{name}", (head + rss(_ONE).encode(), "text/xml", 1)
        outcome = "IllFormed" if name == "punycode" else 1  # the helper trips, and harms nobody
        yield f"charset-{name}", (rss("<item>&</item>"), f"text/xml; charset={name}", outcome)


def _entities() -> Iterator[tuple[str, Case]]:
    for number, entity in enumerate(_ENTITIES):
        yield f"entity-{number}", (rss(f"<item><title>a{entity}b</title></item>"), RSS, 1)


SHAPES: dict[str, Case] = {
    "many-levels-of-html": (
        rss(f"<item><description>{'&lt;div&gt;' * 50_000}</description></item>"), RSS, 1,
    ),
    "many-open-brackets-in-html": (
        rss(f"<item><description>{'&lt;' * 200_000}</description></item>"), RSS, 1,
    ),
    "many-attributes-in-html": (
        rss(f"<item><description>&lt;a {'b=c ' * 100_000}&gt;x</description></item>"), RSS, 1,
    ),
    "open-comment-in-html": (
        rss(f"<item><description>{'&lt;!--' * 50_000}</description></item>"), RSS, 1,
    ),
    "megabyte-title": (rss(f"<item><title>{_BIG}</title></item>"), RSS, 1),
    "megabyte-guid": (rss(f"<item><guid>{_BIG}</guid></item>"), RSS, 1),
    "megabyte-author": (rss(f"<item><title>t</title><author>{_BIG}</author></item>"), RSS, 1),
    "megabyte-language": (rss(_ONE, f"<language>{_BIG}</language>"), RSS, 1),
    "megabyte-reply": (
        rss(f'<item><title>t</title><thr:in-reply-to ref="{_BIG}"/></item>', "", THR), RSS, 1,
    ),
    "many-enclosures": (
        rss("<item><title>t</title>" + '<enclosure url="http://a/"/>' * 5000 + "</item>"), RSS, 1,
    ),
    "many-groups": (
        rss("<item><title>t</title>" + "<media:group/>" * 10_000 + "</item>", "", MEDIA), RSS, 1,
    ),
    "nested-groups": (
        rss("<item>" + "<media:group>" * 50 + "</media:group>" * 50 + "</item>", "", MEDIA), RSS, 1,
    ),
    "many-authors": (
        atom("<entry><id>1</id>" + "<author><name>a</name></author>" * 5000 + "</entry>"), ATOM, 1,
    ),
    "many-namespaces": (
        "<rss " + " ".join(f'xmlns:n{n}="http://n/{n}"' for n in range(60)) + "><channel/></rss>",
        RSS, 0,
    ),
    "a-namespace-each": (
        rss("".join(f'<n:x xmlns:n="http://n/{n}"/>' for n in range(20_000))), RSS, 0,
    ),
    "our-namespace-for-nonsense": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><feed/><entry><entry/></entry></feed>', ATOM, 1,
    ),
    "root-repeated": (rss(_ONE) + rss(_ONE), RSS, 1),
    "channel-in-channel": (rss(f"<channel>{_ONE}</channel>"), RSS, 0),
    "item-in-item": (rss(f"<item><title>a</title>{_ONE}</item>"), RSS, 1),
    "items-beside-the-channel": (f"<rss><channel/>{_ONE}</rss>", RSS, 1),
    "cdata-that-never-ends": (rss("<item><title><![CDATA[a</title></item>"), RSS, 1),
    "instructions": (rss("<?php echo 1 ?>" * 10_000 + _ONE), RSS, 1),
    "stylesheet": ('<?xml-stylesheet href="http://evil/"?>' + rss(_ONE), RSS, 1),
    "xinclude": (
        rss('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'), RSS, 0,
    ),
    "content-elsewhere": (
        atom('<entry><id>1</id><content src="file:///etc/passwd"/></entry>'), ATOM, 1,
    ),
    "xhtml-that-is-deep": (
        atom(f"<entry><id>1</id><content type='xhtml'>{'<b>' * 62}{'</b>' * 62}</content></entry>"),
        ATOM, "Unsafe",
    ),
    "base-that-moves": (
        atom("<entry xml:base='javascript:'><id>1</id><link href='alert(1)'/></entry>"), ATOM, 1,
    ),
    "comments-of-comments": (
        rss("<item><guid>http://b/#comment-1#comment-2</guid></item>"), RSS, 1,
    ),
    "answer-to-itself": (
        atom("<entry><id>1</id><thr:in-reply-to ref='1'/></entry>", THR), ATOM, 1,
    ),
    "rating-of-a-thousand": (
        atom("<entry><id>1</id><im:rating>1000</im:rating></entry>",
             'xmlns:im="http://itunes.apple.com/rss"'),
        ATOM, 1,
    ),
    "rating-in-other-digits": (
        atom("<entry><id>1</id><im:rating>٣</im:rating></entry>",
             'xmlns:im="http://itunes.apple.com/rss"'),
        ATOM, 1,
    ),
    "ids-that-differ-in-case": (
        rss("<item><guid>A</guid></item><item><guid>a</guid></item>"), RSS, 2,
    ),
    "ids-of-blanks": (rss("<item><guid> </guid></item><item><guid/></item>"), RSS, 1),
    "two-thousand-and-one": (
        rss("".join(f"<item><guid>{n}</guid></item>" for n in range(2001))), RSS, 2000,
    ),
    "ill-formed-and-long": (
        rss("".join(f"<item><title>A & B</title><guid>{n}</guid></item>" for n in range(5000))),
        RSS, 200,
    ),
    "ill-formed-and-deep": ("<rss><channel>" + "<a>" * 300_000, RSS, "Unsafe"),
    "ill-formed-many-attributes": (
        "<rss & " + " ".join(f'a{n}="x"' for n in range(50_000)) + ">", RSS, "IllFormed",
    ),
    "ill-formed-huge-text": (f"<rss &>{_BIG * 5}</rss>", RSS, "IllFormed"),
    "gzip-inside": (b"\x1f\x8b\x08" + b"\0" * 1000, "application/gzip", "IllFormed"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, "image/png", "IllFormed"),
    "utf-16-cut-in-half": (rss(_ONE).encode("utf-16")[:-1], "text/xml", "IllFormed"),
    "bom-twice": (b"\xef\xbb\xbf\xef\xbb\xbf" + rss(_ONE).encode(), "text/xml", 1),
    "overlong-utf-8": (rss("<item><title>@@</title></item>").encode().replace(
        b"@@", b"\xc0\xbc\xe0\x80\xbc"), "text/xml", 1),
    "lone-continuation": (rss("<item><title>@</title></item>").encode().replace(
        b"@", b"\x80\xbf"), "text/xml", 1),
    "type-of-a-megabyte": (rss(_ONE), "text/xml; " + _BIG, 1),
    "type-with-a-line": (rss("<item>&</item>"), "text/xml\r\nX-Evil: 1", 1),
}  # fmt: skip

JSONS: dict[str, Case] = {
    "json-items-null": ('{"items": null}', JSON, "IllFormed"),
    "json-items-text": ('{"items": "x"}', JSON, "IllFormed"),
    "json-items-of-items": ('{"items": [[{"content_text": "a"}]]}', JSON, 0),
    "json-key-twice": ('{"items": [], "items": [{"content_text": "a"}]}', JSON, 1),
    "json-huge-id": ('{"items": [{"id": 1e308}, {"id": 99999999999999999999999}]}', JSON, 2),
    "json-negative-zero-id": ('{"items": [{"id": -0.0}, {"id": 0}]}', JSON, 1),
    "json-ids-true": ('{"items": [{"id": true, "content_text": "a"}]}', JSON, 0),
    "json-half-a-surrogate": ('{"items": [{"content_text": "\\ud83d"}]}', JSON, 1),
    "json-nul": ('{"items": [{"content_text": "a\\u0000b"}]}', JSON, 1),
    "json-megabyte": (json.dumps({"items": [{"id": _BIG, "content_html": _BIG}]}), JSON, 1),
    "json-many": (json.dumps({"items": [{"id": n} for n in range(50_000)]}), JSON, 2000),
    "json-people": (
        json.dumps({"items": [{"id": "1", "authors": [{"name": "x"}] * 10_000}]}), JSON, 1,
    ),
    "json-attachments": (
        json.dumps({"items": [{"id": "1", "attachments": [{"url": "http://a/"}] * 10_000}]}),
        JSON, 1,
    ),
    "json-language": (json.dumps({"items": [{"id": "1"}], "language": _BIG}), JSON, 1),
    "json-comment": ('/* x */ {"items": []}', "text/plain", "IllFormed"),
    "json-trailing-comma": ('{"items": [{"id": "1"},]}', JSON, "IllFormed"),
    "json-two-documents": ('{"items": []}{"items": []}', JSON, "IllFormed"),
    "json-deep-object": ('{"a":' * 100_000, JSON, "IllFormed"),
    "json-long-number": ('{"items": [{"id": ' + "9" * 100_000 + "}]}", JSON, 0),
    "json-in-xml-clothes": ('{"items": [{"id": "1"}]}', RSS, 1),
    "xml-in-json-clothes": (rss(_ONE), JSON, 1),
}  # fmt: skip

WORSE: dict[str, Case] = {
    **dict(_times()),
    **dict(_links()),
    **dict(_encodings()),
    **dict(_entities()),
    **SHAPES,
    **JSONS,
}
