"""Approvals, step by step: whose word counts, whose turn it is, and when it is over."""

from __future__ import annotations

from typing import Any

import msgspec
from core.incident_builder import DECLARED, Told, at
from hypothesis import given
from hypothesis import strategies as st
from room.people import PLAN as KETTLE

from crisisroom.core import approval as rules
from crisisroom.core.approval import Progress, progress
from crisisroom.core.condition import Condition
from crisisroom.core.incident import Words
from crisisroom.core.playbook import Approval, ApprovalStep, Fact, Role

HURT = Condition("is", (), "fact.injury", ("yes",))
STEPS = (
    ApprovalStep(by=("legal", "lead"), within=600, fallback=("exec",)),
    ApprovalStep(by=("exec", "lead"), rule="all", within=300, fallback=("board",), when=HURT),
)


def told(*steps: ApprovalStep, **more: Any) -> Told:
    """Return an incident in which ada wrote ST-1 and handed it in at minute 0."""
    approval = Approval("words", steps=steps or STEPS, **more)
    plan = msgspec.structs.replace(
        KETTLE,
        approvals=(approval,),
        facts=(*KETTLE.facts, Fact("injury", "Injury")),
        roles=(*KETTLE.roles, Role("exec", "Executive"), Role("board", "Board")),
    )
    incident = Told(plan=msgspec.to_builtins(plan))
    assert "plan" in DECLARED
    for role, person in (("legal", "cy"), ("lead", "bo"), ("exec", "eli"), ("board", "fay")):
        incident.tell("role.taken", actor=person, role=role, person=person, was="")
    incident.tell("statement.drafted", **incident.words("ST-1"))
    incident.tell("statement.submitted", id="ST-1", version=1, sha256="sha of ST-1")
    return incident


def words(incident: Told) -> Words:
    found = incident.state.words("ST-1")
    assert found is not None
    return found


def now(incident: Told, minute: float = 0) -> Progress:
    return progress(incident.state, words(incident), at(minute))


def approve(incident: Told, by: str, *roles: str, minute: float = 0, rung: int = 1) -> Progress:
    """Say yes, as the room would write it down."""
    said = incident.said("ST-1") | {"verdict": "approved", "rung": rung, "roles": list(roles)}
    after = rules.with_verdict(incident.state, words(incident), _verdict(said, by, minute))
    more = {"complete": after.complete, "step_done": after.place > now(incident, minute).place}
    incident.tell("statement.approved", minute, by, **said, **more)
    return now(incident, minute)


def _verdict(data: dict[str, Any], by: str, minute: float) -> Any:
    from crisisroom.core.incident import Verdict

    return Verdict(
        by=by, step="words", at=at(minute), verdict="approved", sha256=data["sha256"], version=1,
        rung=data["rung"], roles=tuple(data["roles"]),
    )  # fmt: skip


def learn(incident: Told, value: str, state: str = "known") -> None:
    incident.tell("fact.set", fact="injury", value=value, state=state, words="")


def test_an_unknown_condition_counts_and_a_false_one_does_not() -> None:
    case = told()
    assert [rung.number for rung in now(case).rungs] == [1, 2]
    learn(case, "no")
    assert [rung.number for rung in now(case).rungs] == [1]
    learn(case, "yes")
    assert [rung.number for rung in now(case).rungs] == [1, 2]


def test_where_no_step_would_count_the_last_one_does() -> None:
    case = told(ApprovalStep(by=("legal",), when=HURT), ApprovalStep(by=("exec",), when=HURT))
    learn(case, "no")
    assert [rung.step.by for rung in now(case).rungs] == [("exec",)]


def test_any_is_one_and_all_is_each() -> None:
    case = told()
    assert now(case).waits_for == ("legal", "lead")
    after = approve(case, "cy", "legal")
    assert (after.place, after.complete, after.waits_for) == (1, False, ("exec", "lead"))
    after = approve(case, "eli", "exec", rung=2)
    assert (after.place, after.waits_for) == (1, ("lead",))
    after = approve(case, "bo", "lead", rung=2)
    assert (after.place, after.complete, after.waits_for) == (2, True, ())
    assert [one.by for one in after.agreed] == ["cy", "eli", "bo"]
    assert words(case).state == "approved"


def test_the_fallback_may_once_the_step_is_late_and_stands_in_for_all() -> None:
    case = told()
    assert now(case, 9.99).waits_for == ("legal", "lead")
    assert now(case, 10).waits_for == ("legal", "lead", "exec")
    assert rules.waiting_on(case.state, words(case), at(10)) == ("legal", "lead", "exec")
    assert approve(case, "eli", "exec", minute=10).place == 1
    assert rules.step_due(case.state, words(case)) == at(15)
    assert now(case, 14).waits_for == ("exec", "lead")
    assert approve(case, "fay", "board", minute=15, rung=2).complete


def test_a_role_that_is_asked_anyway_does_not_stand_in() -> None:
    both = ApprovalStep(by=("legal", "exec"), rule="all", within=60, fallback=("exec",))
    case = told(both)
    assert approve(case, "eli", "exec", minute=2).waits_for == ("legal", "exec")
    assert not now(case, 2).complete


def test_the_time_of_a_step_begins_with_its_turn() -> None:
    case = told()
    assert rules.step_due(case.state, words(case)) == at(10)
    approve(case, "cy", "legal", minute=4)
    assert rules.step_due(case.state, words(case)) == at(9)
    approve(case, "eli", "exec", minute=6, rung=2)  # the step goes on: its time does too
    assert rules.step_due(case.state, words(case)) == at(9)
    approve(case, "bo", "lead", minute=7, rung=2)
    assert rules.step_due(case.state, words(case)) is None


def test_an_approval_is_over_after_its_time() -> None:
    case = told(STEPS[0], expires_after=1800)
    approve(case, "cy", "legal", minute=5)
    assert rules.lapses_at(case.state, words(case)) == at(35)
    assert now(case, 34.9).complete
    late = now(case, 35)
    assert (late.complete, late.lapsed, late.place) == (False, True, 0)
    case.tell("statement.lapsed", 35, "room", id="ST-1", words="")
    assert (words(case).state, words(case).approved_by()) == ("draft", None)
    assert rules.lapses_at(case.state, words(case)) is None
    case.tell("statement.submitted", 36, id="ST-1", version=1, sha256="sha of ST-1")
    assert now(case, 36).waits_for == ("legal", "lead")
    assert approve(case, "bo", "lead", minute=37).complete


def test_one_that_became_complete_because_a_step_fell_away_is_over_in_time_too() -> None:
    case = told(expires_after=1800)
    approve(case, "cy", "legal", minute=5)
    learn(case, "no")
    assert now(case, 6).complete
    assert not now(case, 35).complete
    assert now(case, 35).lapsed


def test_a_step_that_counts_since_takes_the_approval_away_again() -> None:
    case = told()
    learn(case, "no")
    assert approve(case, "cy", "legal").complete
    learn(case, "yes")
    assert (now(case).complete, now(case).place) == (False, 1)


def test_taken_back_it_begins_anew() -> None:
    case = told()
    approve(case, "cy", "legal", minute=1)
    no = case.said("ST-1", "not so") | {"verdict": "revoked"}
    case.tell("statement.revoked", 3, "cy", **no)
    assert (words(case).state, now(case, 3).place) == ("submitted", 0)
    assert rules.step_due(case.state, words(case)) == at(13)
    assert rules.refused_by_hand(words(case))


def test_a_release_stands_for_everything_and_lapses_too() -> None:
    case = told(expires_after=1800, break_glass=("lead",))
    case.tell("statement.released", 2, "bo", **case.said("ST-1") | {"verdict": "released"})
    assert (words(case).state, now(case, 2).complete) == ("approved", True)
    assert rules.progress_words(case.state, now(case, 2)) == "released without approval"
    assert rules.lapses_at(case.state, words(case)) == at(32)
    assert not now(case, 32).complete


def test_who_edits_it_to_and_fro_has_not_approved_it() -> None:
    case = told(STEPS[0])
    approve(case, "cy", "legal")
    for sha256, version in (("other", 2), ("sha of ST-1", 3)):
        new = {"words": "x", "approval": "words", "uses": []}
        case.tell("statement.edited", 1, "cy", id="ST-1", version=version, sha256=sha256, **new)
    assert words(case).author == "cy"
    assert not now(case, 1).complete


def test_their_own_word_counts_where_the_playbook_says_so() -> None:
    case = told(STEPS[0], self_approval=True)
    assert approve(case, "ada", "legal").complete


def test_alone_one_speaks_for_every_step() -> None:
    case = told()
    said = case.said("ST-1") | {"verdict": "approved", "alone": True}
    case.tell("statement.approved", 0, "ada", **said)
    assert now(case).complete


def test_words_approved_beforehand_are_no_step() -> None:
    case = told()
    said = case.said("ST-1") | {"verdict": "approved", "rung": 0}
    case.tell("statement.approved", 11, "room", **said)
    assert not now(case, 11).complete


def test_entries_of_before_count_as_the_one_step_they_were() -> None:
    case = told(STEPS[0])
    case.tell("statement.approved", 0, "cy", **case.said("ST-1") | {"verdict": "approved"})
    assert now(case).complete


def test_another_approval_s_verdicts_do_not_count() -> None:
    case = told(STEPS[0])
    said = case.said("ST-1") | {"verdict": "approved", "step": "other"}
    case.tell("statement.approved", 0, "cy", **said)
    assert not now(case).complete


def test_it_is_told_in_words() -> None:
    case = told()
    assert rules.ladder_words(case.state, "words") == "Legal or Lead, then Executive and Lead"
    assert rules.progress_words(case.state, now(case)) == "0 of 2: waits for Legal or Lead"
    late = rules.progress_words(case.state, now(case, 10))
    assert late == "0 of 2: waits for Legal or Lead or Executive, which is late"
    after = approve(case, "cy", "legal", minute=10)
    assert rules.progress_words(case.state, after) == "1 of 2: waits for Executive and Lead"
    late = rules.progress_words(case.state, now(case, 20))
    assert late == "1 of 2: waits for Executive and Lead or Board, which is late"
    assert rules.ladder_words(case.state, "unheard-of") == "a colleague"
    only = told(ApprovalStep(by=("legal",)))
    assert rules.progress_words(only.state, now(only)) == "waits for Legal"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["approved", "rejected", "revoked", "released"]),
            st.sampled_from(["cy", "bo", "eli", "fay", "ada"]),
            st.sampled_from([(), ("legal",), ("lead",), ("exec",), ("board",), ("exec", "lead")]),
            st.integers(0, 2),
            st.booleans(),
            st.integers(0, 50),
        ),
        max_size=8,
    ),
    st.sampled_from(["yes", "no", ""]),
    st.integers(0, 90),
)
def test_whatever_was_said_nothing_is_complete_without_a_word_of_another(
    said: list[tuple[str, str, tuple[str, ...], int, bool, int]], hurt: str, minute: int
) -> None:
    case = told(expires_after=1800, break_glass=("lead",))
    if hurt:
        learn(case, hurt)
    clock = 0
    for verdict, by, roles, rung, complete, later in said:
        clock += later
        data = case.said("ST-1") | {"verdict": verdict, "rung": rung, "roles": list(roles)}
        case.tell(f"statement.{verdict}", clock, by, **data, complete=complete)
    standing = progress(case.state, words(case), at(clock + minute))
    if standing.complete and standing.released is None:
        assert all(any(one.by != "ada" for one in rung.given) for rung in standing.rungs)
        assert standing.lapses_at is not None
        assert at(clock + minute) < standing.lapses_at
    assert standing.complete == (standing.present is None and not standing.lapsed)
    assert (standing.waits_for == ()) == (standing.present is None)


def test_what_was_complete_once_is_over_in_time_though_its_author_changed() -> None:
    incident = told(expires_after=3600)
    learn(incident, "yes")
    approve(incident, "cy", "legal")
    approve(incident, "bo", "lead", rung=2)
    assert approve(incident, "eli", "exec", minute=1, rung=2).complete
    same = incident.words("ST-1")
    incident.tell("statement.edited", 2, "eli", **same | {"version": 3})  # there and back
    incident.tell("statement.submitted", 2, id="ST-1")
    assert now(incident, 60).waits_for == ("exec", "board"), "nobody approves their own words"
    assert now(incident, 61).waits_for[:2] == ("legal", "lead")
