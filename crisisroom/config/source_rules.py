"""The rules for sources: what each type needs, and may have."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points

from crisisroom.config.checking import Check
from crisisroom.config.settings import Source
from crisisroom.config.source_types import COMMON, PLUGINS, TYPES, SourceType
from crisisroom.core.crossref import Path
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.problems import shown

_WATCHES: Mapping[str, tuple[str, ...]] = {
    "mastodon": ("hashtags", "search", "home", "notifications"),
    "bluesky": ("search", "notifications"),
}
_WITHOUT_TERMS: Mapping[str, str] = {"reddit": "subreddits", "stackexchange": "tagged"}


def check_source(run: Check, path: Path, source: Source) -> None:
    """Report what a source lacks, or has too much."""
    run.refer((*path, "account"), source.account, run.accounts, "account")
    run.refer_each((*path, "terms"), source.terms, run.terms, "term")
    if not run.says((*path, "type"), source.type):
        return  # reported where it is read
    kind = TYPES.get(source.type)
    if kind is None:
        _brought(run, path, source)
        return
    _keys(run, path, source, kind)
    _speaks_for(run, path, source, kind)
    _watches(run, path, source, kind)
    if source.type == "mastodon":
        _mastodon(run, path, source)


def _brought(run: Check, path: Path, source: Source) -> None:
    """Report a type that is neither ours nor another package's, which reads its own options."""
    if any(entry_points(group=PLUGINS, name=source.type)):
        return
    hint = did_you_mean(source.type, TYPES, "one of")
    what = f'no type of source is called "{shown(source.type)}", here or in a package installed'
    run.add((*path, "type"), what, hint, "choice")


def _keys(run: Check, path: Path, source: Source, kind: SourceType) -> None:
    for key in kind.needs:
        if not getattr(source, key):
            what = f'a source of type {source.type} needs "{key}"'
            run.add(path, what, f"add {key}:", "missing_key")
    known = COMMON | {*kind.needs, *kind.may}
    for key in source.__struct_fields__:
        if key not in known and getattr(source, key):
            what = f'a source of type {source.type} has no "{key}"'
            hint = "options: are for types that another package brings"
            run.add((*path, key), what, hint if key == "options" else _hint(key), "unknown_key")


def _hint(key: str) -> str:
    having = ", ".join(name for name, kind in TYPES.items() if key in (*kind.needs, *kind.may))
    return f"take the line out; it goes with {having}" if having else "take the line out"


def _speaks_for(run: Check, path: Path, source: Source, kind: SourceType) -> None:
    """Report an account of another network; where none is spoken for, any may be concerned."""
    if kind.needs_account and not source.account:
        what = f'a source of type {source.type} needs "account"'
        run.add(path, what, f"add account: with one of type {kind.account}", "missing_key")
    account = run.accounts.get(source.account)
    if account is not None and kind.account and account.type != kind.account:
        what = f"a source of type {source.type} takes a {kind.account} account"
        run.add((*path, "account"), what, f"this one is of type {account.type}", "type")


def _watches(run: Check, path: Path, source: Source, kind: SourceType) -> None:
    """Report a source that would bring nothing."""
    ways = _WATCHES.get(source.type, ())
    if ways and not any(getattr(source, way) for way in ways):
        offered = ", ".join(f"{way}: {'[..]' if way == 'hashtags' else 'yes'}" for way in ways)
        hint = " or ".join(f"add {offered}".rsplit(", ", 1))
        run.add(path, "this source watches nothing", hint, "missing_key")
    beside = _WITHOUT_TERMS.get(source.type)
    searches = source.search or (kind.searches and not (beside and getattr(source, beside)))
    if searches and not run.terms:
        hint = "add terms: at the left edge, or brand: with its name"
        run.add(path, "there is nothing to search for", hint, "missing_key")


def _mastodon(run: Check, path: Path, source: Source) -> None:
    if not (source.account or source.url):
        what = 'a source of type mastodon needs "account" or "url"'
        hint = "add account:, or url: for what a server shows to everybody"
        run.add(path, what, hint, "missing_key")
    for key in ("home", "notifications"):
        if getattr(source, key) and not source.account:
            run.add((*path, key), f'"{key}" needs an account', "add account:", "missing_key")
