"""The brief: one page for whoever joins at three in the morning, or takes over a part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from crisisroom.core.briefs.base import NOBODY
from crisisroom.core.briefs.plainly import Plain
from crisisroom.core.briefs.speaking import Speaking
from crisisroom.core.clocks import ClockState
from crisisroom.core.incident import Incident
from crisisroom.core.lines import legal_role

Audience = Literal["", "exec", "legal", "care", "comms"]
AUDIENCES: tuple[str, ...] = tuple(one for one in get_args(Audience) if one)

Part = tuple[str, tuple[str, ...]]


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """Where an incident stands; every field holds finished lines of plain words."""

    incident: str
    role: str
    audience: Audience = ""
    title: str = ""
    at: str = ""  # when it was written, with the zone
    happened: tuple[str, ...] = ()  # two sentences
    situation: tuple[str, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    decided: tuple[str, ...]
    said: tuple[str, ...]
    promised: tuple[str, ...]
    do_not_say: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    private: tuple[str, ...]
    not_paused: tuple[str, ...]
    paused: tuple[str, ...] = ()
    duties: tuple[str, ...]
    approvals: tuple[str, ...]
    agreed: tuple[str, ...] = ()
    verbatim: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    enquiries: tuple[str, ...]
    escalations: tuple[str, ...]
    open: tuple[str, ...]
    needed_from_you: tuple[str, ...]
    roles: tuple[str, ...]
    contacts: tuple[str, ...]
    key_times: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    clocks: tuple[ClockState, ...]

    def parts(self) -> tuple[Part, ...]:
        """Return the page: titles and lines, chosen for its audience, in the order of reading."""
        return tuple((_TITLES[name], getattr(self, name)) for name in _ORDER[self.audience])


_TITLES: Mapping[str, str] = {
    "needed_from_you": "needed from you",
    "happened": "what happened",
    "situation": "where it stands",
    "figures": "in figures",
    "said": "what we said",
    "verbatim": "what we said in public, to the letter",
    "promised": "what we promised",
    "do_not_say": "do not say",
    "corrections": "corrections owed",
    "lines": "how stories are answered",
    "messages": "key messages",
    "known": "what we know",
    "unknown": "what we do not know",
    "decided": "what was decided",
    "private": "goes on in private",
    "not_paused": "not paused yet",
    "paused": "paused",
    "duties": "legal duties",
    "approvals": "waits for approval",
    "agreed": "who agreed",
    "holds": "what has to be kept",
    "evidence": "evidence",
    "channels": "channels",
    "enquiries": "enquiries",
    "escalations": "nobody has acknowledged",
    "open": "what is open",
    "roles": "who does what",
    "contacts": "contacts to check",
    "key_times": "key times",
    "ahead": "what comes due",
}

_ORDER: Mapping[Audience, tuple[str, ...]] = {
    "": (
        *("needed_from_you", "happened", "said", "promised", "do_not_say", "corrections"),
        *("holds", "situation", "lines", "known", "unknown", "decided", "duties"),
        *("approvals", "enquiries", "escalations", "not_paused", "private", "open", "roles"),
        *("contacts", "key_times", "ahead"),
    ),
    "exec": (
        *("needed_from_you", "happened", "figures", "said", "promised", "do_not_say"),
        *("corrections", "holds", "duties", "enquiries", "open", "roles", "key_times"),
    ),
    "legal": (
        *("needed_from_you", "happened", "duties", "corrections", "verbatim", "approvals"),
        *("agreed", "do_not_say", "promised", "holds", "evidence", "enquiries", "known"),
        *("unknown", "decided", "roles", "key_times", "ahead"),
    ),
    "care": (
        *("needed_from_you", "happened", "messages", "lines", "do_not_say", "corrections"),
        *("holds", "promised", "private", "known", "unknown", "said", "roles", "key_times"),
    ),
    "comms": (
        *("needed_from_you", "happened", "said", "promised", "corrections", "do_not_say"),
        *("holds", "approvals", "enquiries", "channels", "lines", "not_paused", "paused"),
        *("known", "unknown", "open", "roles", "key_times", "ahead"),
    ),
}

# How plans call the parts that an audience stands for.
_HELD: Mapping[str, frozenset[str]] = {
    "exec": frozenset({"exec", "executive", "management", "ceo", "sponsor", "board"}),
    "care": frozenset({"care", "support", "service", "customer", "customer-care", "help"}),
    "comms": frozenset(
        {"comms", "communications", "social", "media", "press", "pr", "spokesperson"}
    ),
}


def brief(
    incident: Incident, now: datetime, person: str, role: str = "", audience: Audience = ""
) -> Brief:
    """Return the brief for a person, in the given role or those they hold.

    For an audience it is the page for whoever holds its part, where the plan has one, even when
    somebody else writes it.
    """
    reader, roles = _reader(incident, person, role, audience)
    page = (Plain if audience == "exec" else Speaking)(incident, now, reader, roles)
    legal = audience == "legal" or legal_role(incident.plan) in roles - {""}
    return Brief(
        incident=incident.id,
        role=role,
        audience=audience,
        title=incident.title,
        at=f"{now.astimezone(page.zone):%Y-%m-%d %H:%M} {incident.zone}",
        clocks=page.running,
        **_lines(page, legal=legal),
    )


def _reader(
    incident: Incident, person: str, role: str, audience: Audience
) -> tuple[str, frozenset[str]]:
    """Return whose page it is, and in which roles."""
    held = frozenset(incident.holds(person))
    if role:
        return person, frozenset({role})
    asked = _parts_of(incident, audience)
    if not asked or asked & held:
        return person, held
    holders = [incident.roles[one].holder for one in asked if incident.roles[one].holder]
    return (holders[0] if holders else NOBODY), asked


def _parts_of(incident: Incident, audience: Audience) -> frozenset[str]:
    """Return the roles of the plan that an audience stands for."""
    named = _HELD.get(audience, frozenset())
    if audience == "legal":
        named = frozenset({legal_role(incident.plan)})
    return frozenset(one for one in incident.roles if one in named)


def _lines(page: Speaking, *, legal: bool) -> dict[str, Any]:
    """Return every field that holds lines."""
    told: dict[str, Any] = {
        "known": page.facts(known=True),
        "unknown": page.facts(known=False),
        "decided": page.decided(legal=legal),
        "holds": page.holds(legal=legal),
        "promised": (*page.updates(), *page.promised()),
        "needed_from_you": page.needed(),
    }
    rest = (name for name in _TITLES if name not in told)
    told |= {name: getattr(page, name)() for name in rest}
    return {name: tuple(lines) for name, lines in told.items()}
