"""What we owe to people one by one, as the log tells it: promises and talks in private."""

from __future__ import annotations

from typing import Any

from core.incident_builder import Told, at
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.brief import brief
from crisisroom.core.clocks import ClockState, clocks
from crisisroom.core.engine import next_fire
from crisisroom.core.promises import is_said, made, open_threads, owed, threads, whom
from crisisroom.core.standdown import standdown
from crisisroom.core.timeline import stamp


def linked(told: Told, number: int = 1) -> None:
    told.tell(
        "mention.linked", mention=f"m{number}", id=f"M-{number}", source="s",
        external_id=f"p{number}", handle=f"@pat{number}", name="", quote="smoke", url="",
        posted_at=stamp(at(0)), state="new", assignee="",
    )  # fmt: skip


def replied(told: Told, number: int = 1, minute: float = 0, **more: Any) -> None:
    """Draft the reply R-n to M-n and send it."""
    drafted(told, number, **more)
    told.tell("reply.queued", minute=minute, **told.way(f"R-{number}"))
    told.tell("reply.sent", minute=minute, **told.way(f"R-{number}", remote_id="", remote_url=""))


def drafted(told: Told, number: int = 1, **more: Any) -> None:
    mine = {"mention": f"m{number}", "mention_id": f"M-{number}", "handle": f"@pat{number}"}
    told.tell("reply.drafted", **told.words(f"R-{number}", "reply", **(mine | more)))


def promised(
    told: Told, number: int = 1, due: float | None = 60, minute: float = 0, owner: str = "bo"
) -> None:
    told.tell(
        "promise.made", minute=minute, promise=f"P-{number}", reply=f"R-{number}",
        mention=f"m{number}", words="a call\nwith the result", owner=owner,
        due_at="" if due is None else stamp(at(due)), url="https://desk.test/1",
    )  # fmt: skip


def clock_of(told: Told, minute: float) -> ClockState | None:
    running = clocks(told.state, at(minute))
    return next((one for one in running if one.id == "promise:P-1"), None)


def test_a_promise_is_a_clock_until_it_is_kept() -> None:
    told = Told()
    drafted(told)
    promised(told)
    states = [(one := clock_of(told, minute)) and one.state for minute in (0, 49, 50, 60)]
    assert states == ["ok", "ok", "warn", "overdue"]
    clock = clock_of(told, 0)
    assert clock is not None
    assert (clock.kind, clock.who) == ("promise", "bo")
    assert clock.title == "promise P-1: a call with the result"
    told.tell("promise.kept", promise="P-1", words="rang her")
    assert clock_of(told, 61) is None
    assert owed(told.state) == ()
    kept = told.state.promised["P-1"]
    assert (kept.state, kept.outcome, kept.closed_by) == ("kept", "rang her", "ada")


def test_what_comes_late_is_told_once() -> None:
    told = Told()
    drafted(told)
    promised(told, due=3)
    late = next_fire(told.state, at(4))
    assert late is not None
    assert (late.kind, late.text) == ("clock.late", "late: promise P-1: a call with the result")
    assert (late.at, late.data["who"]) == (at(3), "bo")
    told.tell(late.kind, minute=3, **late.data)
    assert next_fire(told.state, at(4)) is None


def test_a_role_keeps_it_by_its_holder() -> None:
    told = Told()
    drafted(told)
    promised(told, owner="legal")
    clock = clock_of(told, 0)
    assert clock is not None
    assert clock.who == "legal"
    told.tell("role.taken", role="legal", person="cy", was="")
    clock = clock_of(told, 0)
    assert clock is not None
    assert clock.who == "cy"
    assert "keep P-1 to @pat1, by 04:07" in brief(told.state, at(1), "cy").needed_from_you
    assert not [one for one in brief(told.state, at(1), "bo").needed_from_you if "P-1" in one]


def test_a_reply_that_never_went_out_promised_nothing() -> None:
    told = Told()
    drafted(told)
    promised(told)
    one = told.state.promised["P-1"]
    assert (made(told.state, one), is_said(told.state, one)) == (True, False)
    told.tell("reply.withdrawn", id="R-1", words="")
    assert (made(told.state, one), owed(told.state), clock_of(told, 99)) == (False, (), None)


def test_a_reply_that_was_read_binds_us_though_it_was_taken_back() -> None:
    told = Told()
    replied(told)
    promised(told)
    told.tell("reply.withdrawn", id="R-1", words="")
    one = told.state.promised["P-1"]
    assert (made(told.state, one), is_said(told.state, one)) == (True, True)
    assert owed(told.state) == (one,)


def test_the_earliest_is_owed_first() -> None:
    told = Told()
    for number, due in ((1, None), (2, 90), (3, 30)):
        drafted(told, number)
        promised(told, number, due)
    assert [one.id for one in owed(told.state)] == ["P-3", "P-2", "P-1"]
    assert whom(told.state, told.state.promised["P-2"]) == "@pat2"


def test_a_talk_in_private_is_open_until_its_outcome_is_noted() -> None:
    told = Told()
    linked(told)
    linked(told, 2)
    replied(told, 1, 4, form="private")
    told.tell("mention.triaged", minute=2, mention="m2", state="offline", assignee="bo")
    first, second = threads(told.state)
    assert (first.mention, first.by, first.since, first.reply) == ("M-2", "bo", at(2), "")
    assert (second.mention, second.by, second.since, second.reply) == ("M-1", "ada", at(4), "R-1")
    told.tell("mention.closed", mention="m2", words="refunded")
    assert [one.mention for one in open_threads(told.state)] == ["M-1"]
    assert threads(told.state)[0].outcome == "refunded"
    told.tell("mention.triaged", mention="m1", state="new", assignee="")
    assert open_threads(told.state) == ()


def test_the_brief_and_the_end_name_what_is_owed() -> None:
    told = Told()
    linked(told)
    replied(told, form="private")
    promised(told, due=30)
    drafted(told, 2)
    promised(told, 2, None, owner="legal")
    page = brief(told.state, at(40), "bo")
    assert page.promised[1:] == (
        "P-1 to @pat1 (bo) by 03:37, late: a call\nwith the result https://desk.test/1",
        "P-2 to @pat2 (Legal), R-2 is not out yet: a call\nwith the result https://desk.test/1",
    )
    assert page.private == ("M-1 of @pat1 (ada) since 03:07, by R-1",)
    vacant = "nobody is Lead (role take INC-1 lead)"
    assert page.needed_from_you == (vacant, "keep P-1 to @pat1, by 03:37")
    mine = brief(told.state, at(40), "ada").needed_from_you
    assert mine == (vacant, "note what came of M-1 in private")
    end = standdown(told.state, at(40), ())
    assert end.loose == (
        "promise P-1 to @pat1 is open, due 03:37: a call\nwith the result",
        "promise P-2 to @pat2 is open: a call\nwith the result",
        "M-1 of @pat1 goes on in private: nobody noted what came of it",
    )
    assert not any("P-1" in line or "M-1" in line for line in end.blocking)


def test_many_talks_in_private_are_counted() -> None:
    told = Told()
    for number in range(1, 9):
        linked(told, number)
        told.tell("mention.triaged", mention=f"m{number}", state="offline", assignee="ada")
    assert len(brief(told.state, at(1), "bo").private) == 6
    assert brief(told.state, at(1), "bo").private[-1] == "3 more"


def test_the_brief_names_what_is_not_quiet_and_the_end_what_is_not_resumed() -> None:
    told = Told()
    items = [
        {"id": id_, "title": title, "kind": "ads", "owner": owner, "backup": "", "hook": "",
         "detail": ""}
        for id_, title, owner in (("ads", "Ads", "ada"), ("push", "Push", ""), ("bot", "Bot", ""))
    ]  # fmt: skip
    told.tell("pause.listed", items=items)
    told.tell("pause.set", item="push", state="failed", words="no password", by_hook=False)
    told.tell("pause.set", item="bot", state="paused", words="", by_hook=True)
    page = brief(told.state, at(1), "bo")
    assert page.not_paused == ("Ads (ada)", "Push (nobody): failed, no password")
    assert standdown(told.state, at(1), ()).loose == ("Bot is paused until the lead resumes it",)
    told.tell("incident.resolved", words="")
    assert brief(told.state, at(1), "bo").not_paused == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["promise", "keep", "drop", "withdraw", "wait"]), st.integers(1, 4)
        ),
        max_size=20,
    )
)
def test_each_promise_is_late_at_most_once_and_at_its_second(acts: list[tuple[str, int]]) -> None:
    """However acts and waits follow each other: the clocks write what was due, and no more."""
    told, minute = Told(), 0.0
    for act, number in acts:
        minute += number
        while late := next_fire(told.state, at(minute)):
            assert late.at is not None
            told.tell(late.kind, minute=(late.at - at(0)).total_seconds() / 60, **late.data)
        made_before, name = told.state.promised, f"P-{number}"
        if act == "promise":
            new = len(made_before) + 1
            drafted(told, new)
            promised(told, new, minute + number, minute=minute)
        elif act in ("keep", "drop") and name in owed_ids(told):
            kind = "promise.kept" if act == "keep" else "promise.dropped"
            told.tell(kind, minute=minute, promise=name, words="so")
        elif act == "withdraw" and name in made_before:
            told.tell("reply.withdrawn", minute=minute, id=f"R-{number}", words="")
    marks = [one for one in told.state.fired if one.startswith("promise:")]
    assert len(marks) == len(set(marks))
    for mark in marks:
        name, _, due = mark.removeprefix("promise:").partition("@")
        assert due == stamp(told.state.promised[name].due_at or at(0))
    running = {one.id for one in clocks(told.state, at(minute)) if one.kind == "promise"}
    assert running == {f"promise:{name}" for name in owed_ids(told)}


def owed_ids(told: Told) -> set[str]:
    return {one.id for one in owed(told.state)}
