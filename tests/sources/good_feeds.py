"""Feeds of every dialect, as WordPress, Reddit, Mastodon and others write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 22, 3, 7, tzinfo=UTC)
RSS = "application/rss+xml; charset=utf-8"
ATOM = "application/atom+xml"
JSON = "application/feed+json"


def rss(items: str, channel: str = "", namespaces: str = "") -> str:
    """Return an RSS 2.0 document."""
    return f'<rss version="2.0" {namespaces}><channel>{channel}{items}</channel></rss>'


def atom(entries: str, attributes: str = "") -> str:
    """Return an Atom document."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{entries}</feed>'


DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
THR = 'xmlns:thr="http://purl.org/syndication/thread/1.0"'
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

# name -> document, content type, what the first mention must have
GOOD: dict[str, tuple[str | bytes, str, dict[str, Any]]] = {
    "rss-2.0": (
        rss(
            "<item><title>Charged twice</title><link>https://news.example/1</link>"
            "<description>Many &lt;b&gt;customers&lt;/b&gt; complain.</description>"
            "<guid>tag:1</guid><pubDate>Sun, 22 Nov 2026 03:00:00 +0100</pubDate>"
            "<dc:creator>Pat</dc:creator></item>",
            "<language>en-gb</language>",
            DC,
        ),
        RSS,
        {
            "text": "Charged twice\n\nMany customers complain.",
            "external_id": "tag:1",
            "url": "https://news.example/1",
            "posted_at": "2026-11-22T02:00:00+00:00",
            "author.handle": "Pat",
            "lang": "en-gb",
            "kind": "article",
            "source": "news",
        },
    ),
    "rss-0.91": (
        '<rss version="0.91"><channel><title>x</title><item><title>Old &amp; plain</title>'
        "<link>/1</link></item></channel></rss>",
        "text/xml",
        {"text": "Old & plain", "url": "http://feed.test/1", "external_id": "http://feed.test/1"},
    ),
    "rss-0.92": (
        '<rss version="0.92"><channel><item><description>Only words</description></item>'
        "</channel></rss>",
        "text/xml",
        {"text": "Only words", "url": "", "external_id": "sha256:"},
    ),
    "rdf-1.0": (
        f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/" {DC}>'
        '<channel rdf:about="x"><title>x</title></channel>'
        '<item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link>'
        "<dc:date>2026-11-22T02:00:00Z</dc:date><dc:creator>Sam</dc:creator></item></rdf:RDF>",
        "application/rdf+xml",
        {"text": "One", "external_id": "https://a.example/1", "author.name": "Sam",
         "posted_at": "2026-11-22T02:00:00+00:00"},
    ),
    "rdf-0.9": (
        f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        "<channel><title>x</title></channel><item><title>One</title><link>https://a.example/1"
        "</link></item></rdf:RDF>",
        "text/xml",
        {"text": "One", "external_id": "https://a.example/1"},
    ),
    "atom": (
        atom(
            "<entry><id>urn:1</id><title>Outage</title><link href='/posts/1'/>"
            "<author><name>Kim</name></author><published>2026-11-22T02:00:00Z</published>"
            "<updated>2026-11-22T03:00:00Z</updated>"
            "<content type='html'>&lt;p&gt;Down&lt;/p&gt;&lt;p&gt;again&lt;/p&gt;</content>"
            "</entry>",
            'xml:lang="de" xml:base="https://blog.example/"',
        ),
        ATOM,
        {"text": "Outage\n\nDown\n\nagain", "url": "https://blog.example/posts/1",
         "external_id": "urn:1", "author.name": "Kim", "lang": "de",
         "posted_at": "2026-11-22T02:00:00+00:00"},
    ),
    "atom-0.3": (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>urn:1</id>'
        "<title>Old</title><issued>2026-11-22T02:00:00Z</issued></entry></feed>",
        ATOM,
        {"text": "Old", "external_id": "urn:1", "posted_at": "2026-11-22T02:00:00+00:00"},
    ),
    "atom-xhtml": (
        atom(
            "<entry><id>urn:1</id><title type='text'>a &lt; b</title><content type='xhtml'>"
            '<div xmlns="http://www.w3.org/1999/xhtml"><p>one &amp; two</p><p>thr<b>ee</b></p>'
            "</div></content></entry>"
        ),
        ATOM,
        {"text": "a < b\n\none & two\n\nthree"},
    ),
    "atom-plain-content": (
        atom("<entry><id>u</id><title>t</title><content>1 &lt;b&gt; 2</content></entry>"),
        ATOM,
        {"text": "t\n\n1 <b> 2"},
    ),
    "atom-prefixed": (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>u</a:id>'
        "<a:title>t</a:title></a:entry></a:feed>",
        ATOM,
        {"text": "t", "external_id": "u"},
    ),
    "reddit": (
        atom(
            "<entry><author><name>/u/angry_pat</name></author><id>t3_abc</id>"
            "<link href='https://reddit.example/r/acme/1'/><title>Charged twice</title>"
            "<content type='html'>&lt;div&gt;Really.&lt;/div&gt;</content></entry>"
        ),
        ATOM,
        {"author.handle": "angry_pat", "author.name": "/u/angry_pat", "external_id": "t3_abc"},
    ),
    "mastodon-rss": (
        rss(
            "<item><guid isPermaLink='true'>https://s.example/@pat/1</guid><link>https://s.example"
            "/@pat/1</link><description>&lt;p&gt;No app today&lt;/p&gt;</description>"
            "<media:content url='https://s.example/a.png' type='image/png' medium='image'>"
            "<media:description>a broken screen</media:description></media:content></item>",
            "",
            MEDIA,
        ),
        RSS,
        {"text": "No app today", "external_id": "https://s.example/@pat/1",
         "media": [("image", "https://s.example/a.png", "a broken screen")]},
    ),
    "wordpress-comments-rss": (
        rss(
            "<item><title>By: Pat</title><link>http://blog.test/?p=1#comment-3</link>"
            "<dc:creator>Pat</dc:creator><pubDate>Sun, 22 Nov 2026 02:00:00 +0000</pubDate>"
            "<guid isPermaLink='false'>http://blog.test/?p=1#comment-3</guid>"
            "<description>short</description><content:encoded><![CDATA[<p>Where is my money?</p>]]>"
            "</content:encoded></item>",
            "<link>http://blog.test/</link>",
            f"{DC} {CONTENT}",
        ),
        RSS,
        {"text": "Where is my money?", "kind": "comment", "reply_to": "http://blog.test/?p=1",
         "external_id": "http://blog.test/?p=1#comment-3", "author.handle": "Pat"},
    ),
    "wordpress-comment-on-comment": (
        rss(
            "<item><title>By: Sam</title><guid>http://blog.test/?p=1#comment-4</guid>"
            "<description><![CDATA[In reply to <a href=\"http://blog.test/?p=1#comment-3\">Pat</a>."
            "\n\nSame here]]></description></item>"
        ),
        RSS,
        {"kind": "comment", "reply_to": "http://blog.test/?p=1#comment-3"},
    ),
    "wordpress-comments-atom": (
        atom(
            "<entry><title>By: Pat</title><id>http://blog.test/?p=1#comment-3</id>"
            "<link rel='alternate' href='http://blog.test/?p=1#comment-3'/>"
            "<thr:in-reply-to ref='http://blog.test/?p=1' href='http://blog.test/?p=1'/>"
            "<content type='html'>Hm</content></entry>",
            THR,
        ),
        ATOM,
        {"text": "Hm", "kind": "comment", "reply_to": "http://blog.test/?p=1"},
    ),
    "enclosures": (
        rss(
            "<item><title>t</title><enclosure url='/a.mp3' type='audio/mpeg' length='1'/>"
            "<media:thumbnail url='/t.jpg'/><media:group><media:content url='/v.mp4' "
            "medium='video'/></media:group><enclosure url='javascript:x' type='image/png'/></item>",
            "",
            MEDIA,
        ),
        RSS,
        {"media": [("audio", "http://feed.test/a.mp3", ""), ("video", "http://feed.test/v.mp4", ""),
                   ("image", "http://feed.test/t.jpg", "")]},
    ),
    "author-with-address": (
        rss("<item><title>t</title><author>pat@example.org (Pat Doe)</author></item>"),
        RSS,
        {"author.handle": "Pat Doe", "author.name": "Pat Doe"},
    ),
    "title-repeated-in-body": (
        rss("<item><title>No app ...</title><description>No app today.</description></item>"),
        RSS,
        {"text": "No app today."},
    ),
    "cdata": (
        rss("<item><title><![CDATA[A & <i>B</i>]]></title></item>"),
        RSS,
        {"text": "A & B"},
    ),
    "guid-is-the-link": (
        rss("<item><title>t</title><guid>https://a.example/1</guid></item>"),
        RSS,
        {"url": "https://a.example/1", "external_id": "https://a.example/1"},
    ),
    "guid-too-long": (
        rss(f"<item><title>t</title><guid>{'x' * 600}</guid></item>"),
        RSS,
        {"external_id": "sha256:"},
    ),
    "script-link": (
        rss("<item><title>t</title><link>javascript:alert(1)</link><guid>1</guid></item>"),
        RSS,
        {"url": "", "external_id": "1"},
    ),
    "latin-1": (
        b'<?xml version="1.0" encoding="iso-8859-1"?>'
        + rss("<item><title>brûlé</title></item>").encode("latin-1"),
        "text/xml",
        {"text": "brûlé"},
    ),
    "windows-1252": (
        b'<?xml version="1.0" encoding="windows-1252"?>'
        + rss("<item><title>“brûlé”</title></item>").encode("cp1252"),
        "text/xml",
        {"text": "“brûlé”"},
    ),
    "utf-16": (
        ('<?xml version="1.0" encoding="utf-16"?>' + rss("<item><title>é</title></item>")).encode(
            "utf-16"
        ),
        "text/xml",
        {"text": "é"},
    ),
    "utf-8-bom-and-blanks": (
        b"\xef\xbb\xbf" + rss("<item><title>é</title></item>").encode(),
        "text/xml",
        {"text": "é"},
    ),
    "blanks-first": (
        '\n\n <?xml version="1.0"?>' + rss("<item><title>é</title></item>"),
        "text/xml",
        {"text": "é"},
    ),
    "json-feed-1.1": (
        '{"version":"https://jsonfeed.org/version/1.1","title":"x","language":"fr","items":[{"id":'
        '"1","url":"https://a.example/1","content_html":"<p>Bonjour</p>","date_published":'
        '"2026-11-22T03:00:00+01:00","authors":[{"name":"Zoé"}],"attachments":[{"url":'
        '"https://a.example/a.png","mime_type":"image/png","title":"a"}]}]}',
        JSON,
        {"text": "Bonjour", "lang": "fr", "author.name": "Zoé", "external_id": "1",
         "posted_at": "2026-11-22T02:00:00+00:00",
         "media": [("image", "https://a.example/a.png", "a")]},
    ),
    "json-feed-1.0": (
        '{"version":"https://jsonfeed.org/version/1","items":[{"id":7,"content_text":"a <b>",'
        '"author":{"name":"Pat"},"title":null}]}',
        "application/json",
        {"text": "a <b>", "external_id": "7", "author.name": "Pat"},
    ),
    "json-feed-float-id": (
        '{"items":[{"id":7.0,"content_text":"a"}]}', JSON, {"external_id": "7"},
    ),
    "json-feed-with-bom": (
        b'\xef\xbb\xbf{"items":[{"id":"1","summary":"a"}]}', "text/plain", {"text": "a"},
    ),
}  # fmt: skip
