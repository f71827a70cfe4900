"""How far a text is on its way through an approval: whose word it has, whose it waits for.

A verdict is of exactly one text. It counts while nothing took it back, and only from a person
other than the text's author, unless the approval says otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.condition import evaluate
from crisisroom.core.incident import Incident, Verdict, Words
from crisisroom.core.playbook import Approval, ApprovalStep
from crisisroom.core.settle import look_at

TAKEN_BACK = frozenset({"rejected", "revoked", "lapsed"})


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One step that counts: its number in the plan, and the verdicts it has."""

    number: int
    step: ApprovalStep
    given: tuple[Verdict, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the roles the step still waits for: of rule `any`, any one of them."""
        if self.step.rule == "any":
            return () if self.given else self.step.by
        said = {role for verdict in self.given for role in verdict.roles}
        stood_in = said - set(self.step.by)
        if stood_in or any(verdict.alone for verdict in self.given):
            return ()
        return tuple(role for role in self.step.by if role not in said)

    @property
    def done(self) -> bool:
        """Whether the step has the verdicts it asks for; one that names no role asks for any."""
        return bool(self.given) and not self.missing


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a text stands: the steps that count, and what its verdicts come to.

    `due_at` is when the present step is late, from when on its fallback may decide too. `lapsed`
    means that its approval was complete once and is over by now; `lapses_at` says when that is.
    """

    approval: Approval
    rungs: tuple[Rung, ...]
    released: Verdict | None = None  # break-glass
    due_at: datetime | None = None
    late: bool = False
    lapses_at: datetime | None = None
    lapsed: bool = False

    @property
    def present(self) -> Rung | None:
        """Return the step whose turn it is, None once there is none left."""
        if self.released is not None:
            return None
        return next((rung for rung in self.rungs if not rung.done), None)

    @property
    def complete(self) -> bool:
        """Whether exactly this text may go out now."""
        return self.present is None and not self.lapsed

    @property
    def place(self) -> int:
        """Return how many of the steps that count are done."""
        return sum(rung.done for rung in self.rungs)

    @property
    def agreed(self) -> tuple[Verdict, ...]:
        """Return the approvals that count, in the order of the steps."""
        return tuple(verdict for rung in self.rungs for verdict in rung.given)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Return the roles whose holders may decide now, the fallback's last."""
        rung = self.present
        if rung is None:
            return ()
        fallback = rung.step.fallback if self.late else ()
        return tuple(dict.fromkeys((*rung.missing, *fallback)))

    @property
    def may_object(self) -> tuple[str, ...]:
        """Return the roles whose holders may send the text back: of every step that counts."""
        every = (role for rung in self.rungs for role in rung.step.by)
        return tuple(dict.fromkeys((*every, *self.waits_for)))


def progress(incident: Incident, words: Words, now: datetime) -> Progress:
    """Return where a text stands in its approval, as the plan, facts and severity are now."""
    approval = approval_of(incident, words)
    standing = _standing(words, approval, now)
    found = _climbed(incident, approval, standing.verdicts)
    if found.present is None and _over(standing.verdicts, approval, now):
        standing = _Standing((), lapsed=True)
        found = _climbed(incident, approval, ())
    found = msgspec.structs.replace(found, lapsed=standing.lapsed)
    return _timed(found, words, standing.verdicts, now)


def _climbed(incident: Incident, approval: Approval, standing: Sequence[Verdict]) -> Progress:
    approved = [verdict for verdict in standing if verdict.verdict == "approved"]
    releases = [verdict for verdict in standing if verdict.verdict == "released"]
    return Progress(
        approval=approval,
        rungs=tuple(
            Rung(number=number, step=step, given=_at(approved, number))
            for number, step in counting(incident, approval)
        ),
        released=releases[-1] if releases else None,
    )


def _over(standing: Sequence[Verdict], approval: Approval, now: datetime) -> bool:
    """Tell whether a complete approval is over: its time counts from its last verdict."""
    until = _until(standing[-1], approval) if standing else None
    return until is not None and now >= until


def approval_of(incident: Incident, words: Words) -> Approval:
    """Return the approval a text needs; one the plan does not know is for any colleague."""
    return incident.plan.approval(words.approval) or Approval(words.approval)


def counting(incident: Incident, approval: Approval) -> tuple[tuple[int, ApprovalStep], ...]:
    """Return the steps that count now, with their numbers from 1.

    A step counts while its condition holds or nobody knows yet; where none would, the last does.
    """
    look = look_at(incident)
    numbered = tuple(enumerate(approval.ladder, 1))
    count = tuple(
        (number, step)
        for number, step in numbered
        if step.when is None or evaluate(step.when, look).holds is not False
    )
    return count or numbered[-1:]


class _Standing(msgspec.Struct, frozen=True):
    verdicts: tuple[Verdict, ...]
    lapsed: bool


def _standing(words: Words, approval: Approval, now: datetime) -> _Standing:
    """Return the verdicts of exactly this text that nothing took back, and that are not over."""
    verdicts: list[Verdict] = []
    until: datetime | None = None
    for verdict in words.verdicts:
        if verdict.sha256 != words.sha256:
            continue
        if verdict.verdict in TAKEN_BACK or (until and verdict.at >= until):
            verdicts, until = [], None
        if verdict.verdict in TAKEN_BACK or verdict.step != approval.id:
            continue
        if _counts(words, approval, verdict):
            verdicts.append(verdict)
        until = _until(verdict, approval) if verdict.complete else until  # its author's, too
    lapsed = until is not None and now >= until
    return _Standing(() if lapsed else tuple(verdicts), lapsed)


def _counts(words: Words, approval: Approval, verdict: Verdict) -> bool:
    """Tell whether a verdict is of this approval, and not the author's own; a release may be."""
    own = verdict.by == words.author and verdict.verdict == "approved"
    allowed = approval.self_approval or verdict.alone
    return verdict.step == approval.id and (allowed or not own)


def _until(verdict: Verdict, approval: Approval) -> datetime | None:
    if approval.expires_after is None:
        return None
    return verdict.at + timedelta(seconds=approval.expires_after)


def _at(approved: Sequence[Verdict], number: int) -> tuple[Verdict, ...]:
    """Return a step's verdicts; the one person of a room without a team speaks for every step.

    Number 0 is no step: words approved beforehand (see `sending`).
    """
    return tuple(verdict for verdict in approved if verdict.alone or verdict.rung == number)


def _timed(found: Progress, words: Words, standing: Sequence[Verdict], now: datetime) -> Progress:
    """Add what follows from the time: when the present step is late, when the approval is over."""
    rung = found.present
    if rung is None:
        lapses_at = _until(standing[-1], found.approval) if standing else None
        return msgspec.structs.replace(found, lapses_at=lapses_at)
    since = words.step_since or words.submitted_at
    if since is None:
        return found
    due_at = since + timedelta(seconds=rung.step.within)
    return msgspec.structs.replace(found, due_at=due_at, late=now >= due_at)


def with_verdict(incident: Incident, words: Words, verdict: Verdict) -> Progress:
    """Return where a text would stand with one more verdict, given at that verdict's time."""
    more = msgspec.structs.replace(words, verdicts=(*words.verdicts, verdict))
    return progress(incident, more, verdict.at)


def roles_for(standing: Progress, held: Collection[str]) -> tuple[str, ...]:
    """Return which of a person's roles may decide the present step now."""
    return tuple(role for role in standing.waits_for if role in held)


def lapses_at(incident: Incident, words: Words) -> datetime | None:
    """Return when a complete approval is over, None for a text that waits for nothing like it."""
    said = words.approved_by() if words.state == "approved" else None
    return _until(said, approval_of(incident, words)) if said else None


def step_due(incident: Incident, words: Words) -> datetime | None:
    """Return when the present step of a submitted text is late."""
    if words.state != "submitted" or words.submitted_at is None:
        return None
    return progress(incident, words, words.step_since or words.submitted_at).due_at


def waiting_on(incident: Incident, words: Words, now: datetime) -> tuple[str, ...]:
    """Return the roles a submitted text waits for, with the fallback once the step is late."""
    return progress(incident, words, now).waits_for if words.state == "submitted" else ()


def refused_by_hand(words: Words) -> bool:
    """Tell whether a person said no to exactly this text, now or before."""
    said = (verdict for verdict in words.verdicts if verdict.sha256 == words.sha256)
    return any(verdict.verdict in ("rejected", "revoked") for verdict in said)


def titles(incident: Incident, roles: Sequence[str]) -> tuple[str, ...]:
    """Return what roles are called."""
    known = incident.roles
    return tuple(known[role].title if role in known else role for role in roles)


def step_words(incident: Incident, step: ApprovalStep) -> str:
    """Return who agrees in a step: `Legal or Lead`, of rule `all` `Legal and Lead`."""
    between = " and " if step.rule == "all" else " or "
    return between.join(titles(incident, step.by)) or "a colleague"


def ladder_words(incident: Incident, approval_id: str) -> str:
    """Return who agrees, step after step: `Legal or Lead, then CEO`."""
    approval = incident.plan.approval(approval_id)
    if approval is None:
        return "a colleague"
    return ", then ".join(step_words(incident, step) for _, step in counting(incident, approval))


def waiting_words(incident: Incident, standing: Progress) -> str:
    """Return whom a text waits for: `Legal or Lead`, `Legal and CEO`, `Legal and CEO or Board`."""
    rung = standing.present
    if rung is None:
        return "nobody"
    between = " and " if rung.step.rule == "all" else " or "
    missing = between.join(titles(incident, rung.missing))
    stands_in = [role for role in standing.waits_for if role not in rung.missing]
    named = [one for one in (missing, *titles(incident, stands_in)) if one]
    return " or ".join(named) or "a colleague"


def progress_words(incident: Incident, standing: Progress) -> str:
    """Return how far a text is: `1 of 2: waits for CEO`, `approved`."""
    if standing.lapsed:
        return "its approval is over"
    if standing.present is None:
        return "released without approval" if standing.released else "approved"
    place = f"{standing.place} of {len(standing.rungs)}: " if len(standing.rungs) > 1 else ""
    late = ", which is late" if standing.late else ""
    return f"{place}waits for {waiting_words(incident, standing)}{late}"
