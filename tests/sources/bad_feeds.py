"""Feeds that are broken, absurd or an attack, and what must become of them."""

from __future__ import annotations

from sources.good_feeds import ATOM, CONTENT, DC, JSON, RSS, atom, rss

_LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_ITEM = "<item><title>one</title><guid>1</guid></item>"
_TWO = _ITEM + "<item><title>two</title><guid>2</guid></item>"

# name -> document, content type
UNSAFE: dict[str, tuple[str | bytes, str]] = {
    "billion-laughs": (f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LOL}]><rss>&l9;</rss>', RSS),
    "external-entity": (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><rss>&e;</rss>',
        RSS,
    ),
    "external-dtd": ('<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd"><rss/>', RSS),
    "parameter-entity": ('<!DOCTYPE x [<!ENTITY % p SYSTEM "http://x/">%p;]><rss/>', RSS),
    "doctype-in-utf-16": ('<!DOCTYPE x [<!ENTITY e "x">]><rss/>'.encode("utf-16"), RSS),
    "doctype-in-utf-16-no-bom": (b"<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0x\0>\0<\0x\0/\0>\0", RSS),
    "doctype-after-a-mistake": (f'<rss & ><!DOCTYPE x [<!ENTITY l0 "lol">{_LOL}]>&l9;</rss>', RSS),
    "doctype-in-small-letters": ('<rss &><!doctype x [<!entity e "x">]></rss>', RSS),
    "web-page": ("<!DOCTYPE html><html><head><title>404</title></head><br></html>", "text/html"),
    "web-page-in-capitals": ("<!DOCTYPE HTML PUBLIC><html></html>", "text/html"),
    "deep": ("<rss>" + "<a>" * 100_000, RSS),
    "deep-and-closed": ("<a>" * 65 + "</a>" * 65, RSS),
    "many-attributes": ("<rss " + " ".join(f'a{n}="x"' for n in range(65)) + "/>", RSS),
    "a-million-attributes": ("<rss " + " ".join(f'a{n}=""' for n in range(100_000)) + "/>", RSS),
    "many-elements": ("<rss><channel>" + "<item/>" * 50_001 + "</channel></rss>", RSS),
    "much-text": ("<rss>" + "x" * (4 << 20) + "x</rss>", RSS),
    "much-text-in-attributes": (f'<rss a="{"x" * (4 << 20)}"/>', RSS),
    "too-large": (b" " * (8 << 20) + b"<rss/>", RSS),
}

BROKEN: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", RSS),
    "blank": ("  \n ", RSS),
    "words": ("Service unavailable", "text/plain"),
    "zeros": (b"\0" * 1000, RSS),
    "noise": (bytes(range(256)) * 20, RSS),
    "svg": ('<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
    "opml": ('<opml version="2.0"><body/></opml>', "text/x-opml"),
    "soap": ('<s:Envelope xmlns:s="http://x/"/>', "text/xml"),
    "xhtml-page": ('<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "text/html"),
    "only-a-declaration": ('<?xml version="1.0"?>', RSS),
    "json-list": ("[1, 2]", JSON),
    "json-words": ('"hello"', JSON),
    "json-without-items": ('{"version": "https://jsonfeed.org/version/1.1"}', JSON),
    "json-items-not-a-list": ('{"items": {"a": 1}}', JSON),
    "json-cut-off": ('{"items": [{"id": "1", "content_te', JSON),
    "json-deep": ('{"items": ' + "[" * 100_000, JSON),
    "json-not-utf-8": (b'{"items": [], "language": "\xff"}', JSON),
    "json-nan": ('{"items": [NaN]}', JSON),
    "many-brackets": ("<" * 200_000, RSS),
    "error-in-xml": ("<error><code>AccessDenied</code></error>", "application/xml"),
}

# name -> document, content type, the texts of the mentions
MENDED: dict[str, tuple[str | bytes, str, list[str]]] = {
    "bare-ampersand": (rss("<item><title>A & B</title></item>"), RSS, ["A & B"]),
    "html-entity": (rss("<item><title>Caf&eacute;</title></item>"), RSS, ["Café"]),
    "cut-off": (rss(_TWO)[:-30], RSS, ["one"]),  # half an entry waits until it is whole
    "undeclared-prefix": (rss("<item><dc:x>1</dc:x><title>t</title></item>"), RSS, ["t"]),
    "mismatched-tags": (rss("<item><title>t</title><b></item>"), RSS, ["t"]),
    "warning-first": ("<br />Warning: mysql<br />" + rss(_ITEM), RSS, ["one"]),
    "words-after": (rss(_ITEM) + "<!-- cached --> done", RSS, ["one"]),
    "latin-1-called-utf-8": (
        b'<?xml version="1.0" encoding="utf-8"?>'
        + rss("<item><title>brûlé</title></item>").encode("latin-1"),
        "text/xml",
        ["brûlé"],
    ),
    "charset-only-in-the-header": (
        rss("<item><title>brûlé</title></item>").encode("latin-1"),
        "text/xml; charset=iso-8859-1",
        ["brûlé"],
    ),
    "shift-jis": (
        b'<?xml version="1.0" encoding="shift_jis"?>'
        + rss("<item><title>日本</title></item>").encode("shift_jis"),
        "text/xml",
        ["日本"],
    ),
    "unknown-encoding": (
        b'<?xml version="1.0" encoding="klingon"?>' + rss(_ITEM).encode(), "text/xml", ["one"],
    ),
    "codec-that-is-no-charset": (
        b'<?xml version="1.0" encoding="idna"?>' + rss(_ITEM).encode(), "text/xml", ["one"],
    ),
    "control-characters": (rss("<item><title>a\x1b[31mb</title></item>"), RSS, ["a\x1b[31mb"]),
    "half-a-surrogate": (rss("<item><title>a&#xD83D;b</title></item>"), RSS, ["a\ufffdb"]),
    "surrogates-as-a-pair": (
        rss("<item><title>a&#xD83D;&#56613;b</title></item>"), RSS, ["a🔥b"],
    ),
    "nul-reference": (rss("<item><title>a&#0;b</title></item>"), RSS, ["a\0b"]),
}  # fmt: skip

# well-formed and odd: name -> document, content type, the texts of the mentions
ODD: dict[str, tuple[str | bytes, str, list[str]]] = {
    "nothing-in-it": (rss(""), RSS, []),
    "empty-item": (rss("<item/>"), RSS, [""]),
    "same-guid-twice": (rss(_ITEM + _ITEM), RSS, ["one"]),
    "one-guid-for-all": (
        rss(
            "<item><title>one</title><guid>x</guid><link>https://a.example/1</link></item>"
            "<item><title>two</title><guid>x</guid><link>https://a.example/2</link></item>"
        ),
        RSS,
        ["one", "two"],
    ),
    "no-ids-at-all": (
        rss("<item><title>one</title></item><item><title>two</title></item>"), RSS, ["one", "two"],
    ),
    "3000-items": (rss("<item><guid>g</guid></item>" * 3000), RSS, [""]),
    "c1-and-bidi": (rss("<item><title>a\u009b31m\u202eb</title></item>"), RSS,
                   ["a\u009b31m\u202eb"]),
    "bad-link": (rss("<item><title>t</title><link>http://[::1</link></item>"), RSS, ["t"]),
    "bad-base": (atom("<entry xml:base='http://[x'><title>t</title></entry>"), ATOM, ["t"]),
    "nested-markup-in-title": (rss("<item><title>a<b>c</b>d</title></item>"), RSS, ["ad"]),
    "script-in-body": (
        rss("<item><content:encoded><![CDATA[a<script>x()</script>b]]></content:encoded></item>",
            "", CONTENT),
        RSS,
        ["ab"],
    ),
    "author-of-markup": (
        rss("<item><title>t</title><dc:creator><![CDATA[<b>Pat</b>]]></dc:creator></item>", "", DC),
        RSS,
        ["t"],
    ),
    "json-some-items-bad": (
        '{"items": [{"id": "1", "content_text": "a"}, 7, {"id": []}, null, {"title": "b"}]}',
        JSON,
        ["a", "b"],
    ),
    "json-controls": ('{"items": [{"content_text": "\\u001b[31m"}]}', JSON, ["\x1b[31m"]),
    "json-link-bad": ('{"items": [{"url": "http://[", "content_text": "a"}]}', JSON, ["a"]),
    "json-deep-item": (
        '{"items": [' + "[" * 200 + "]" * 200 + ', {"content_text": "a"}]}', JSON, ["a"],
    ),
}  # fmt: skip
