"""A draft as it is kept while somebody still writes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


def id_of_draft(kind: str, incident: str, ref: str, actor: str) -> str:
    """Return the id of a person's draft: of a reply `ref` is the mention it answers."""
    return "/".join((kind, incident, ref, actor))


class DraftVersion(msgspec.Struct, frozen=True):
    """An earlier state of a draft, and who had written it."""

    draft: str
    number: int
    actor: str
    text: str
    at: datetime


class SavedDraft(msgspec.Struct, frozen=True, kw_only=True):
    """Unfinished words of one person; `cursor` is the offset in `text`, in characters."""

    id: str
    incident: str
    kind: Literal["reply", "statement", "note"]
    mention: str = ""
    template: str = ""
    actor: str
    text: str
    cursor: int = 0
    updated_at: datetime
