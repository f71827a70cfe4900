"""A first crisisroom.yaml that listens already: a few answers put into the starter's text."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from urllib.parse import urlsplit

import msgspec

from crisisroom.cli.context import Context
from crisisroom.cli.interview import Interview
from crisisroom.core.errors import Usage
from crisisroom.core.watchquery import flaw, phrase
from crisisroom.core.yamlemit import quoted
from crisisroom.text import check_own
from crisisroom.zones import local_zone_name

_NONE = "-"
_MOST = 20  # other names
_BRAND = re.compile(r"^brand:\n(?:  .*\n)+", re.MULTILINE)
_ZONE = re.compile(r"^  zone: UTC ", re.MULTILINE)
_SOURCES = """\
sources:
  - {id: hackernews, type: hackernews, every: 2m}
  - {id: press, type: news, every: 15m}            # the world's news sites, by GDELT
  - {id: reddit, type: reddit, every: 5m}
  # With an account more places listen; `crisisroom doctor` says what they need.
"""


class Beginning(msgspec.Struct, frozen=True):
    """Whom to listen for: the brand, its other names, and the query that finds them."""

    brand: str
    names: tuple[str, ...] = ()
    say: str = ""


def beginning(context: Context, args: Namespace) -> Beginning | None:
    """Return what was said by options, or by a person at a terminal; None for neither."""
    if args.brand:
        return _sound(args.brand, (), args.terms, args.site)
    if args.terms or args.site:
        raise Usage("brand", "--terms and --site go with --brand", "add --brand NAME")
    if context.options.json or not _at_terminal():
        return None
    return _asked(Interview(sys.stdout, piped=False))


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def begun(text: str, first: Beginning) -> str:
    """Return the starter's text with the brand, its term, and sources that need no account."""
    names = ", ".join(_quoted(name) for name in (first.brand, *first.names))
    brand = f"brand:\n  name: {_quoted(first.brand)}\n  names: [{names}]\n"
    term = f"terms:\n  - {{id: brand, say: {_single(first.say)}, title: {_quoted(first.brand)}}}\n"
    text = _BRAND.sub(lambda _: brand, text, count=1)
    text = _ZONE.sub(lambda _: f"  zone: {local_zone_name()} ", text, count=1)
    text = _put(text, "terms", term)
    return _put(text, "sources", _SOURCES)


def _put(text: str, key: str, block: str) -> str:
    """Put a block where its commented example stands, and leave there what else may be tried."""
    example = re.compile(rf"^# {key}:\n((?:#  .*\n)+)", re.MULTILINE)

    def put(match: re.Match[str]) -> str:
        left = [line for line in match[1].splitlines(True) if not _in_force(line, block)]
        return block + "".join(left)

    return example.sub(put, text, count=1)


def _in_force(line: str, block: str) -> bool:
    return line.removeprefix("#").split(",")[0].strip() in block


def _asked(talk: Interview) -> Beginning:
    talk.tell("Three questions, and the room listens. Everything can be changed in the file.")
    brand = talk.ask("What is your brand called?", "", _name_flaw)
    others = talk.ask("Other names and misspellings, with commas; - for none", _NONE)
    site = talk.ask("Your own site, like https://www.example.org; - for none", _NONE, _site_flaw)
    given = () if others == _NONE else tuple(part.strip() for part in others.split(","))
    return _sound(brand, given, "", "" if site == _NONE else site)


def _sound(brand: str, others: tuple[str, ...], terms: str, site: str) -> Beginning:
    """Return the beginning, or Usage that says which answer is off."""
    for problem in (_name_flaw(brand), _site_flaw(site or _NONE), terms and flaw(terms)):
        if problem:
            raise Usage("brand", problem, "crisisroom init --brand NAME --site https://…")
    names = tuple(dict.fromkeys(name for name in others if name and not _name_flaw(name)))[:_MOST]
    words = [phrase(name) for name in (brand, *names)]
    domain = (urlsplit(site).hostname or "").removeprefix("www.")
    say = terms or " OR ".join([*words, *([domain] if domain else [])])
    return Beginning(brand, names, say)


def _name_flaw(name: str) -> str:
    if len(name) > 100:
        return "a name has room for 100 characters"
    if check_own(name) or "\n" in name:
        return "a name is one line of plain text"
    return flaw(phrase(name)) and "a name has a letter or a digit in it"


def _site_flaw(site: str) -> str:
    from crisisroom.config.kinds import url_flaw

    return "" if site == _NONE else url_flaw(site)


def _quoted(text: str) -> str:
    return quoted(text, "brand").line


def _single(text: str) -> str:
    """Return a query as YAML likes it best: it is full of double quotes."""
    return "'" + text.replace("'", "''") + "'"
