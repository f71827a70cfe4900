"""What has to hold of a timeline, told from its entries alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from crisisroom.core.canonical import text_hash
from crisisroom.core.timeline import Entry


def check_approvals(entries: Iterable[Entry], own_words: Collection[str]) -> None:
    """Check that nothing went on its way with own words that no other person approved.

    Every verdict is of the text as it stood, by somebody who did not write it; what went out has
    no blank and no forbidden phrase.
    """
    authors: dict[str, str] = {}
    texts: dict[str, str] = {}
    approved: set[tuple[str, str]] = set()
    for entry in entries:
        sort, _, act = entry.kind.partition(".")
        if sort not in ("reply", "statement"):
            continue
        id_ = entry.data["id"]
        if act in ("drafted", "edited"):
            authors[id_], texts[id_] = entry.actor, entry.data["words"]
        elif act == "approved":
            assert entry.actor != authors[id_]
            assert entry.data["sha256"] == text_hash(texts[id_])
            approved.add((id_, texts[id_]))
        elif act in ("queued", "sending", "sent"):
            assert "‹" not in texts[id_]
            assert "no risk" not in texts[id_]
            assert (id_, texts[id_]) in approved or texts[id_] not in own_words
