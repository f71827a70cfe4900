"""Who may answer what: the line the lead set for a story, and the roles that authors go to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from crisisroom.core.incident import Incident, RoleState
from crisisroom.core.mention import Mention
from crisisroom.core.playbook import Playbook
from crisisroom.core.reviewed import Problem
from crisisroom.core.said import Line, StoryLine
from crisisroom.core.triage.asks import asks

AUTHORS = ("press", "influencer", "regulator", "employee", "minor")
"""Tags of authors who go to a role and never get a pre-filled reply."""
FAR = 10_000  # followers from which an author may be an influencer

LINES: dict[Line, str] = {
    "answer": "answer all",
    "questions": "questions only",
    "point": "point to the statement",
    "monitor": "monitor",
    "legal": "Legal only",
}
"""How a story is answered, in words."""

_STRICT: tuple[Line, ...] = ("answer", "questions", "point", "legal", "monitor")
_CHANGE = "line set changes it"


def story_line(
    incident: Incident, narrative_uid: str, joined: Collection[str] = ()
) -> StoryLine | None:
    """Return the line that holds for a story: its own, else the one for all, else None.

    `joined` are the uids of stories that became part of it. A line of theirs holds on while the
    story has none of its own, the strictest of several.
    """
    if narrative_uid and (own := incident.lines.get(narrative_uid)):
        return own
    inherited = [line for uid in joined if uid and (line := incident.lines.get(uid))]
    if inherited:
        return max(inherited, key=lambda line: _STRICT.index(line.line))
    return incident.lines.get("")


def legal_role(plan: Playbook) -> str:
    """Return the id of the role that answers what is for Legal only, empty where there is none."""
    named = plan.goes_to.get("legal", "")
    return named or next((role.id for role in plan.roles if role.id == "legal"), "")


def points_to(incident: Incident) -> tuple[str, ...]:
    """Return what a reply may point to: the plan's page, and where its statements are out."""
    out = [
        send.remote_url
        for words in incident.statements.values()
        for send in words.sends.values()
        if words.audience == "public" and send.state == "sent" and send.remote_url
    ]
    return tuple(dict.fromkeys(one for one in (incident.plan.source_of_truth, *out) if one.strip()))


def allowed(
    line: StoryLine | None, mention: Mention, incident: Incident, person: str, text: str
) -> Problem | None:
    """Return what the line of a story has against this reply by this person, None for nothing."""
    if line is None or line.line == "answer":
        return None
    said = f"{line.by} set '{LINES[line.line]}' for {'this story' if line.narrative else 'all'}"
    if line.line == "monitor":
        return _blocked("line", f"{said}: nobody answers; {_CHANGE}")
    if line.line == "legal":
        return _for_legal(said, incident, person)
    if line.line == "questions":
        asked = asks(mention.text)
        return None if asked else _blocked("line", f"{said}, and this asks nothing; {_CHANGE}")
    return _pointing(said, incident, text)


def _for_legal(said: str, incident: Incident, person: str) -> Problem | None:
    role = incident.roles.get(legal_role(incident.plan))
    if role is None:
        way = f"the plan has no role for that (goes_to: legal); {_CHANGE}"
        return _blocked("line", f"{said}: {way}")
    if person == role.holder:
        return None
    return _blocked("line", f"{said}: {_who(incident, (role,))}; {_CHANGE}")


def _pointing(said: str, incident: Incident, text: str) -> Problem | None:
    places = points_to(incident)
    if not places:
        way = "publish a statement first, or give the playbook its source_of_truth"
        return _blocked("line", f"{said}, and there is none to point to: {way}")
    if pointed(text, places):
        return None
    page = incident.plan.source_of_truth or "the link to the statement"
    return _blocked("line", f"{said}: put {page} into the reply; {_CHANGE}")


def pointed(text: str, places: Iterable[str]) -> bool:
    """Tell whether one of these addresses stands in a text, with or without `https://`.

    What lies below it counts, another page that only begins alike does not.
    """
    return any(_address(place).search(text) is not None for place in places if place.strip())


@lru_cache(maxsize=64)
def _address(place: str) -> re.Pattern[str]:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", place.strip(), flags=re.IGNORECASE)
    inner = r"\s+".join(map(re.escape, bare.rstrip("/").split()))
    before = r"(?<![^\s(\[{<\"'„“‚‘«:])(?:https?://)?(?:www\.)?"
    return re.compile(rf"{before}{inner}(?![\w-]|[.@:]\w)", re.IGNORECASE)


def roles_for(tags: Iterable[str], plan: Playbook) -> dict[str, str]:
    """Return the tags that somebody in particular answers, and the role's id; empty for no role."""
    given = dict.fromkeys(tags)
    return {tag: plan.goes_to.get(tag, "") for tag in given if tag in (*AUTHORS, *plan.goes_to)}


def prefills(tags: Iterable[str], plan: Playbook) -> bool:
    """Tell whether a reply to an author with these tags may open with words of the playbook."""
    return not roles_for(tags, plan)


def goes_to_problem(tags: Iterable[str], incident: Incident, person: str) -> Problem | None:
    """Return why this person does not answer an author with these tags, None where they do.

    The holder of any one of the roles may; without a role for a tag it is only asked about.
    """
    mapped = roles_for(tags, incident.plan)
    roles = [role for one in mapped.values() if (role := incident.roles.get(one))]
    if any(role.holder == person for role in roles):
        return None
    named = ", ".join(mapped)
    if roles:
        return _blocked("goes_to", f"{named} goes to {_who(incident, roles)}")
    if mapped:
        message = f"tagged {named}, and the playbook names no role for that: is it yours to answer?"
        return Problem("goes_to", "ask", message)
    return None


def _who(incident: Incident, roles: Iterable[RoleState]) -> str:
    """Return who holds these roles, or how one gets them: `Media Officer: ada holds it`."""
    return " or ".join(
        f"{role.title}: {role.holder} holds it"
        if role.holder
        else f"{role.title}: nobody holds it, role take {incident.id} {role.id}"
        for role in roles
    )


def _blocked(code: str, message: str) -> Problem:
    return Problem(code, "block", message)


def author_notes(tags: Collection[str], reach: int | None, *, public: bool) -> tuple[Problem, ...]:
    """Return what to bear in mind with an author: that they are a minor, that many read them."""
    found = []
    if "minor" in tags and public:
        message = "a minor: never ask for details in public, offer a parent a private way"
        found.append(Problem("minor", "ask", message))
    if (reach or 0) >= FAR and not {"influencer", "press"} & set(tags):
        message = f"{reach:,} follow this author: are they an influencer? mention tag says so"
        found.append(Problem("reach", "info", message))
    return tuple(found)
