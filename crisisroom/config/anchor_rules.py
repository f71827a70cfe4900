"""The rules for the places that anchors are sent to."""

from __future__ import annotations

import msgspec

from crisisroom.config.account_rules import to_flaw
from crisisroom.config.anchors import Place
from crisisroom.config.checking import Check
from crisisroom.core.crossref import Path

CARRIES = ("mail", "webhook", "matrix", "slack")
"""The types of accounts by which an anchor can go: those that nobody outside reads."""


def check_place(run: Check, path: Path, place: Place) -> None:
    """Report a place that is nowhere, in two places, or where everybody would read it."""
    if place.to.startswith("file:"):
        if not place.file:
            run.add((*path, "to"), "a file needs its path", "to: file:/mnt/other/anchors.jsonl")
        if place.account:
            what = "a file needs no account"
            run.add((*path, "account"), what, "take the line out", "unknown_key")
        return
    if not place.account:
        hint = "to: file:PATH, or account: with one of type mail or webhook"
        run.add(path, "an anchor has to go somewhere", hint, "missing_key")
        return
    run.refer((*path, "account"), place.account, run.accounts, "account")
    account = run.accounts.get(place.account)
    if account is None:
        return
    if account.type not in CARRIES or not account.sends:
        what = f"{account.id} is no account that an anchor can go by"
        run.add((*path, "account"), what, f"one of type {', '.join(CARRIES)}, which sends", "type")
        return
    if not (place.to or account.to) and account.type != "webhook":
        run.add(path, "nobody is named whom it goes to", "add to:", "missing_key")
    if place.to and (flaw := to_flaw(msgspec.structs.replace(account, to=place.to))):
        run.add((*path, "to"), flaw)
