"""An incident's clocks as far as they follow from its rows alone; see `core.clocks`.

Where one of them would take the playbook's conditions to know, none is told: half of what is due
would look like all of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.store.firstlook import Row, Seen

_SHARE = 0.2  # of the whole time, where nothing else is said; at most so long:
_LONGEST, _LONGEST_LAW = 600, 12 * 3600


class Clock:
    """One thing that is due, at `due_at` in seconds since 1970; `who` is a person or a role."""

    __slots__ = ("due_at", "id", "kind", "state", "title", "who")

    def __init__(self, id: str, title: str, due_at: int, who: str = "") -> None:
        self.id = id
        self.kind = id.partition(":")[0]
        self.title = title
        self.due_at = due_at
        self.state = "ok"
        self.who = who

    def warns(self, before: float, now: int) -> Clock:
        """Return the clock, which needs a person so many seconds before it is due."""
        late = now >= self.due_at
        self.state = "overdue" if late else "warn" if now >= self.due_at - before else "ok"
        return self


def clocks(seen: Seen) -> list[Clock] | None:
    """Return the running clocks, the earliest due first; None where not all are known."""
    incident = seen.incident
    if incident is None:
        return []
    if incident["owed"] or incident["promised"] or incident["offers"] or _calls(seen):
        return None
    running = list(_law(seen))
    if incident["status"] == "open":
        more = [_tasks(seen, incident), _roles(seen), _asked(seen)]
        others = [_cadences(seen, incident), _approvals(seen)]
        if None in others:
            return None
        running += [one for each in (*more, *others) for one in each or ()]
    return sorted(running, key=lambda one: (one.due_at, one.id))


def holder(seen: Seen, role: str) -> str:
    """Return who holds a role, or the role\'s own id while nobody does."""
    return next((one["holder"] for one in seen.roles if one["id"] == role), "") or role


def _calls(seen: Seen) -> bool:
    return any(one["kind"] == "escalation" for one in seen.duties)


def _share(begun: int, due: int, most: int = _LONGEST) -> float:
    return min((due - begun) * _SHARE, most)


def _law(seen: Seen) -> Iterator[Clock]:
    for one in seen.duties:
        if one["kind"] == "deadline" and one["state"] == "running" and one["due_at"]:
            clock = Clock(
                f"deadline:{one['id']}", one["title"], one["due_at"], holder(seen, one["role"])
            )
            most = _share(one["begun_at"], one["due_at"], _LONGEST_LAW)
            yield clock.warns(one["warn"] or most, seen.now)


def _tasks(seen: Seen, incident: Row) -> Iterator[Clock]:
    for one in seen.tasks:
        if one["due_at"] is None or one["state"] not in ("open", "waiting"):
            continue
        span = one["repeat"] if one["repeat"] and one["times"] else one["within"]
        begun = incident["declared_at"] if span is None else one["due_at"] - span
        who = one["assignee"] or holder(seen, one["role"])
        clock = Clock(f"task:{one['id']}", one["title"], one["due_at"], who)
        yield clock.warns(one["warn"] or _share(begun, one["due_at"]), seen.now)


def _roles(seen: Seen) -> Iterator[Clock]:
    for one in seen.roles:
        if not one["holder"] and one["within"] is not None and one["empty_since"] is not None:
            due = one["empty_since"] + one["within"]
            clock = Clock(f"role:{one['id']}", f"somebody takes {one['title']}", due)
            yield clock.warns(_share(one["empty_since"], due), seen.now)


def _asked(seen: Seen) -> Iterator[Clock]:
    for one in seen.duties:
        if one["kind"] == "enquiry" and one["due_at"]:
            title = f"answer {one['outlet']}"
            clock = Clock(f"enquiry:{one['id']}", title, one["due_at"], one["owner"])
            yield clock.warns(_share(one["begun_at"], one["due_at"]), seen.now)


def _cadences(seen: Seen, incident: Row) -> list[Clock] | None:
    """Return when first updates are due; None once one is out, or where something counts in."""
    said = {one["audience"] for one in seen.words if one["public"] and one["sent"]}
    found = []
    for one in seen.cadences:
        if one["conditional"] or incident["put_off"] or one["audience"] in said:
            return None
        begun = max(incident["declared_at"], incident["resumed_at"] or 0)
        clock = Clock(
            f"cadence:{one['id']}", f"{one['audience']} update", begun + one["first_within"]
        )
        found.append(clock.warns(one["warn"], seen.now))
    return found


def _approvals(seen: Seen) -> list[Clock] | None:
    """Return the clocks of what waits for a word; None where it takes several of them."""
    known = {one["id"]: one for one in seen.approvals}
    found = []
    for words in seen.words:
        if words["state"] != "submitted" or not words["submitted_at"]:
            continue
        asked = known.get(words["approval"])
        if asked is None or asked["several"] or words["judged"]:
            return None
        begun = words["step_since"] or words["submitted_at"]
        clock = Clock(
            f"approval:{words['id']}", f"approve {words['id']}", begun + asked["within"],
            holder(seen, asked["asks"]),
        )  # fmt: skip
        found.append(clock.warns(asked["within"] * _SHARE, seen.now))
    return found
