"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, as entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from crisisroom.sources.entry import MOST_ENTRIES, Document, Enclosure, Entry, web_link
from crisisroom.sources.strict_xml import IllFormed, Node

_ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
_THR = "http://purl.org/syndication/thread/1.0"
_SPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    _THR: "thr",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.itunes.com/DTDs/Podcast-1.0.dtd": "itunes",
    "http://itunes.apple.com/rss": "im",
    "http://wellformedweb.org/CommentAPI/": "wfw",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    **dict.fromkeys(_ATOM, "atom"),
}
_ANSWERED = re.compile(r"\A\s*(?:<p>)?[^<]{1,60}<a [^>]*href=[\"'][^\"'>]*(#comment-\d+)[\"']")


def read_xml(root: Node) -> Document:
    """Return the entries of a feed; a document that is no feed is IllFormed."""
    name = _name(root)
    if name == "atom:feed":
        return _atom(root)
    if name in ("rss", "rdf:RDF"):
        return _rss(root, "rdf" if name == "rdf:RDF" else "rss")
    raise IllFormed(f"no feed: the document is <{root.local[:40]}>")


def _name(node: Node) -> str:
    space = _SPACES.get(node.space, "other" if node.space else "")
    return f"{space}:{node.local}" if space else node.local


def _named(node: Node) -> dict[str, list[Node]]:
    """Return the child elements by their short names."""
    found: dict[str, list[Node]] = {}
    for child in node.elements():
        found.setdefault(_name(child), []).append(child)
    return found


def _first(parts: dict[str, list[Node]], *names: str) -> str:
    """Return the first text there is under these names, in this order."""
    return next((text for name in names for n in parts.get(name, []) if (text := n.text())), "")


def _lang(node: Node, inherited: str = "") -> str:
    return node.attributes.get("http://www.w3.org/XML/1998/namespace lang", inherited)


def _base(node: Node, inherited: str = "") -> str:
    own = node.attributes.get("http://www.w3.org/XML/1998/namespace base", "")
    return web_link(own, inherited) or inherited


# --- RSS ----------------------------------------------------------------------------------------


def _rss(root: Node, dialect: str) -> Document:
    top = _named(root)
    channel = top.get("channel", [root])[0]
    parts = _named(channel)
    items = (parts.get("item", []) or top.get("item", []))[:MOST_ENTRIES]
    lang = _first(parts, "language", "dc:language") or _lang(root)
    comments = _first(parts, "link").endswith("#comments")
    entries = tuple(_rss_entry(item, lang) for item in items)
    return Document(entries, "rdf" if dialect == "rdf" else "rss", comments)


def _rss_entry(item: Node, lang: str) -> Entry:
    parts = _with_groups(_named(item))
    guid = _first(parts, "guid", "dc:identifier")
    body = _first(
        parts, "content:encoded", "description", "atom:content", "atom:summary",
        "media:description", "itunes:summary", "itunes:subtitle",
    )  # fmt: skip
    return Entry(
        guid=guid or item.attributes.get("http://www.w3.org/1999/02/22-rdf-syntax-ns# about", ""),
        link=_first(parts, "link") or _permalink(parts) or _atom_link(parts),
        title=_first(parts, "title", "media:title", "itunes:title", "dc:title"),
        body=body,
        author=_first(parts, "dc:creator", "author", "itunes:author", "media:credit")
        or _atom_author(parts),
        published=_first(
            parts, "pubDate", "dc:date", "dcterms:created", "atom:published", "atom:updated"
        ),
        lang=_lang(item, lang),
        reply_to=_in_reply_to(parts) or _answered(guid, body),
        enclosures=tuple(_rss_enclosures(parts)),
        answers_at=_first(parts, "wfw:commentRss", "wfw:commentRSS"),
        answers=_first(parts, "slash:comments", "thr:total"),
    )


def _with_groups(parts: dict[str, list[Node]]) -> dict[str, list[Node]]:
    """Return the parts with those that stand in a `media:group` added to the item's own."""
    for group in parts.get("media:group", []):
        for name, nodes in _named(group).items():
            parts[name] = [*parts.get(name, []), *nodes]
    return parts


def _permalink(parts: dict[str, list[Node]]) -> str:
    """Return the guid where it says that it is the link, or says nothing and looks like one."""
    for node in parts.get("guid", []):
        if node.attributes.get("isPermaLink", "true") == "true":
            return node.text() if node.text().startswith(("http://", "https://")) else ""
    return ""


def _answered(guid: str, body: str) -> str:
    """Return the comment that a WordPress comment begins by naming (`In reply to <a …>`)."""
    head, mark, _ = guid.partition("#comment-")
    found = _ANSWERED.match(body) if mark else None
    return head + found[1] if found else ""


def _rss_enclosures(parts: dict[str, list[Node]]) -> Iterator[Enclosure]:
    for name in ("enclosure", "media:content", "media:thumbnail", "itunes:image"):
        for node in parts.get(name, []):
            guessed = "image/*" if name in ("media:thumbnail", "itunes:image") else ""
            medium = node.attributes.get("medium", "")
            kind = node.attributes.get("type", "") or guessed or (medium and f"{medium}/*")
            alt = _first(_named(node), "media:description", "media:title")
            yield Enclosure(
                node.attributes.get("url") or node.attributes.get("href", ""), kind, alt
            )


def _in_reply_to(parts: dict[str, list[Node]]) -> str:
    for node in parts.get("thr:in-reply-to", []):
        return node.attributes.get("ref", "") or node.attributes.get("href", "")
    return ""


# --- Atom ---------------------------------------------------------------------------------------


def _atom(root: Node) -> Document:
    lang, base = _lang(root), _base(root)
    entries = _named(root).get("atom:entry", [])[:MOST_ENTRIES]
    return Document(tuple(_atom_entry(entry, lang, base) for entry in entries), "atom")


def _atom_entry(entry: Node, lang: str, base: str) -> Entry:
    parts = _with_groups(_named(entry))
    base = _base(entry, base)
    title, title_plain = _atom_text(parts, "atom:title")
    body, body_plain = _atom_text(parts, "atom:content", "atom:summary", "media:description")
    return Entry(
        guid=_first(parts, "atom:id"),
        link=web_link(_atom_link(parts), base) or _atom_link(parts),
        title=title,
        title_plain=title_plain,
        body=body,
        body_plain=body_plain,
        author=_atom_author(parts) or _first(parts, "dc:creator"),
        published=_first(
            parts, "atom:published", "atom:issued", "atom:created", "atom:updated",
            "atom:modified", "dc:date",
        ),
        lang=_lang(entry, lang),
        reply_to=_in_reply_to(parts),
        enclosures=tuple(_atom_enclosures(parts)),
        rating=_first(parts, "im:rating"),
        version=_first(parts, "im:version"),
        **_atom_answers(parts),
    )  # fmt: skip


def _atom_answers(parts: dict[str, list[Node]]) -> dict[str, str]:
    """Return where the answers to an entry are, and how many (RFC 4685)."""
    total = _first(parts, "thr:total", "slash:comments")
    for node in parts.get("atom:link", []):
        if node.attributes.get("rel") == "replies":
            count = node.attributes.get(f"{_THR} count", "") or total
            return {"answers_at": node.attributes.get("href", ""), "answers": count}
    return {"answers_at": _first(parts, "wfw:commentRss"), "answers": total}


def _atom_text(parts: dict[str, list[Node]], *names: str) -> tuple[str, bool]:
    """Return the first of these texts, and whether it is plain text rather than HTML."""
    nodes = [node for name in names for node in parts.get(name, [])]
    for node in nodes:
        kind = node.attributes.get("type", "text").lower()
        if node.elements():
            return "".join(_markup(child) for child in node.children), False
        if node.text():
            return node.text(), kind in ("text", "text/plain")
    return "", False


def _markup(child: Node | str) -> str:
    """Return XHTML content as markup again, its attributes left out but for links."""
    if isinstance(child, str):
        return escape(child, quote=False)
    inner = "".join(_markup(part) for part in child.children)
    link = child.attributes.get("href", "")
    target = f' href="{escape(link)}"' if link and child.local == "a" else ""
    return f"<{child.local}{target}>{inner}</{child.local}>"


def _atom_link(parts: dict[str, list[Node]]) -> str:
    links = parts.get("atom:link", [])
    for rel in ("alternate", "self"):
        for node in links:
            if node.attributes.get("rel", "alternate") == rel:
                return node.attributes.get("href", "")
    return ""


def _atom_author(parts: dict[str, list[Node]]) -> str:
    for author in parts.get("atom:author", []):
        return _first(_named(author), "atom:name") or author.text()
    return ""


def _atom_enclosures(parts: dict[str, list[Node]]) -> Iterator[Enclosure]:
    for node in parts.get("atom:link", []):
        if node.attributes.get("rel") == "enclosure":
            title = node.attributes.get("title", "")
            yield Enclosure(node.attributes.get("href", ""), node.attributes.get("type", ""), title)
    yield from _rss_enclosures(parts)
