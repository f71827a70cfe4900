"""The rules for accounts, for what speaks by itself, and for the ways to people."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from crisisroom.config.checking import Check
from crisisroom.config.keyed import Keyed
from crisisroom.config.kinds import in_clear
from crisisroom.config.settings import Account, Messenger, Pause
from crisisroom.config.token import places
from crisisroom.core.crossref import Path
from crisisroom.wire.smtp import address_flaw, addresses_of, sender_of

_TOKEN = "token_env"  # or another of the keys that say where a secret is
_SOME = ("server", "host", "smtp", "sender", "to", "app", "account")  # that not every type has
_ROOM = re.compile(r"[!#][^\s:]{1,200}(?::[^\s]{1,200})?")
_SLACK = re.compile(r"[CGD][A-Z0-9]{2,30}")
_SUBREDDIT = re.compile(r"(?:/?r/)?[A-Za-z0-9_]{2,30}/?")
_PATH = re.compile(r"/[^\s?#]{0,400}")


class _Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the keys that not every type has go with a type, and which it has to have."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ("server",)


_ACCOUNTS: Mapping[str, _Keys] = {
    "mastodon": _Keys(needs=("server",)),
    "bluesky": _Keys(needs=("handle", _TOKEN)),
    "wordpress": _Keys(needs=("server",)),
    "mail": _Keys(needs=("handle", _TOKEN), may=("host", "smtp", "sender", "to")),
    "x": _Keys(needs=(_TOKEN,), may=("server", "app")),
    "reddit": _Keys(needs=("app", _TOKEN), may=("server", "to")),
    "matrix": _Keys(needs=("server", "to", _TOKEN)),
    "slack": _Keys(needs=("to", _TOKEN)),
    "webhook": _Keys(needs=("server", _TOKEN), may=("to",)),
    "youtube": _Keys(needs=(_TOKEN,)),
    "stackexchange": _Keys(),
}
_MESSENGERS: Mapping[str, _Keys] = {
    "mail": _Keys(needs=("account",), may=()),
    "ntfy": _Keys(),
    "apprise": _Keys(needs=(_TOKEN,), may=()),
    "matrix": _Keys(needs=("account",), may=()),
    "webhook": _Keys(needs=("server", _TOKEN)),
}
_INSTEAD: Mapping[str, str] = {
    "host": "write server: https://…",
    "smtp": "only mail has one: write server: https://…",
    "server": "write host: mail.example.org, and smtp: to send",
    "sender": "only mail has one",
    "to": "take the line out: words go where the account is",
    "app": "it goes with reddit and x",
    "account": "it goes with messengers of type mail and matrix",
}


def check_account(run: Check, path: Path, account: Account) -> None:
    """Report what an account lacks, has too much, or says in a way nobody can use."""
    _people(run, path, account)
    _reached(run, path, account)
    _secret(run, path, account)
    kind = _ACCOUNTS[account.type]
    _lacks(run, path, account, kind, f"an account of type {account.type}")
    if account.type == "mail":
        _mail(run, path, account)
    if account.to and "to" in (*kind.needs, *kind.may) and (flaw := to_flaw(account)):
        run.add((*path, "to"), flaw)
    if account.audience and not account.to:
        what = '"audience" says whom "to" reaches'
        run.add((*path, "audience"), what, "add to:, where its type has one", "missing_key")


def check_pause(run: Check, path: Path, pause: Pause) -> None:
    """Report people that the team does not have."""
    _people(run, path, pause)


def check_messenger(run: Check, path: Path, messenger: Messenger) -> None:
    """Report what a way to people lacks, has too much, or could not go by."""
    kind = _MESSENGERS[messenger.type]
    what = f"a messenger of type {messenger.type}"
    _reached(run, path, messenger)
    _secret(run, path, messenger)
    _lacks(run, path, messenger, kind, what)
    if messenger.replies and messenger.type != "ntfy":
        hint = "take the line out: it goes with ntfy"
        run.add((*path, "replies"), f'{what} has no "replies"', hint, "unknown_key")
    if messenger.type in ("mail", "matrix") and (found := places(messenger)):
        hint = "take the line out: the account has the password"
        run.add((*path, found[0]), f'{what} has no "{found[0]}"', hint, "unknown_key")
    run.refer((*path, "account"), messenger.account, run.accounts, "account")
    account = run.accounts.get(messenger.account)
    if messenger.type == "mail" and account and not (account.type == "mail" and account.smtp):
        hint = "an account of type mail with smtp: does"
        run.add((*path, "account"), f"{account.id} sends no mail", hint, "type")
    if messenger.type == "matrix" and account and account.type != "matrix":
        hint = "an account of type matrix does"
        run.add((*path, "account"), f"{account.id} writes in no room of Matrix", hint, "type")
    for index, way in enumerate(messenger.by):
        if not way or way in messenger.by[:index]:
            said = "stands here twice" if way else "is no way to reach anybody"
            run.add((*path, "by", index), f'"{way}" {said}', "", "duplicate" if way else "value")


def _people(run: Check, path: Path, thing: Account | Pause) -> None:
    if run.team:
        run.refer((*path, "owner"), thing.owner, run.team, "member of the team")
        run.refer((*path, "backup"), thing.backup, run.team, "member of the team")


def _reached(run: Check, path: Path, thing: Account | Messenger) -> None:
    if in_clear(thing.server) and not thing.private:
        what = "a server is reached by https://, so that the token stays secret"
        run.add((*path, "server"), what, "private: yes where the server is on your own network")


def _secret(run: Check, path: Path, keyed: Keyed) -> None:
    first, *more = places(keyed) or ("",)
    for key in more:
        what = f"{first} and {key} both say where the token is"
        run.add((*path, key), what, "keep one of them")


def _lacks(run: Check, path: Path, thing: Account | Messenger, kind: _Keys, what: str) -> None:
    """Report keys that a type needs and are not there, and keys that it does not have."""
    for key in kind.needs:
        if not (places(thing) if key == _TOKEN else getattr(thing, key)):
            hint = "add token_env:, or token_file:" if key == _TOKEN else f"add {key}:"
            run.add(path, f'{what} needs "{key}"', hint, "missing_key")
    for key in _SOME:
        if getattr(thing, key, "") and key not in (*kind.needs, *kind.may):
            run.add((*path, key), f'{what} has no "{key}"', _INSTEAD[key], "unknown_key")


def _mail(run: Check, path: Path, account: Account) -> None:
    if not (account.host or account.smtp):
        what = 'an account of type mail needs "host" to read, or "smtp" to send'
        run.add(path, what, "add host: mail.example.org", "missing_key")
    for key in ("host", "smtp"):
        port = getattr(account, key).rpartition(":")[2]
        if port.isdecimal() and not 0 < int(port) < 65536:
            run.add((*path, key), "a port is a number from 1 to 65535")
    for key in ("sender", "to"):
        if getattr(account, key) and not account.smtp:
            hint = "add smtp: with the server that sends"
            run.add((*path, key), f'"{key}" is for mail that is sent', hint, "missing_key")
    _sender(run, path, account)


def _sender(run: Check, path: Path, account: Account) -> None:
    if account.smtp and account.handle and not account.sender and address_flaw(account.handle):
        what = "the name that logs in is no mail address, so there is nobody to send as"
        run.add((*path, "handle"), what, "add sender: press@example.org", "missing_key")
    if account.sender:
        try:
            sender_of(account.sender)
        except ValueError as error:
            run.add((*path, "sender"), str(error), "a name may stand before it: Press <…>")


def to_flaw(account: Account) -> str:
    """Say what keeps `to` from being where words go, without repeating it."""
    to, flaw = account.to, ""
    if account.type == "mail":
        try:
            addresses_of(to)
        except ValueError as error:
            flaw = str(error)
    elif account.type == "matrix" and not _ROOM.fullmatch(to):
        flaw = "a room is written like #crisis:example.org, or by its id: !abc:example.org"
    elif account.type == "slack" and not _SLACK.fullmatch(to):
        flaw = "a Slack channel is written by its id, like C0123456789"
    elif account.type == "reddit" and not _SUBREDDIT.fullmatch(to):
        flaw = "a subreddit is written by its name, like example"
    elif account.type == "webhook" and not _PATH.fullmatch(to):
        flaw = "a webhook's path is written like /crisis/words, and holds no secret"
    return flaw
