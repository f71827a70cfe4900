"""The early warning over mentions: who is a crowd, what is muted, what speaks all the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.candidate import Heard, Signal
from crisisroom.core.detect import EarlyWarning, Rule, Window, replay

START = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def heard(at: float, author: str = "", **more: object) -> Heard:
    """A mention at this minute, seen at once."""
    values: dict[str, object] = {"posted_at": after(at), "seen_at": after(at), "source": "social"}
    return Heard(author=author, **(values | more))  # type: ignore[arg-type]


class Room:
    """An early warning on a clock of minutes; what it said is kept."""

    def __init__(self, rule: Rule | None = None, *expected: Window, quiet_for: int = 600) -> None:
        self.warning = EarlyWarning(rule, expected)
        self.said: list[Signal] = []
        self.at = 0
        self.warning.hear(heard(0, "first"))
        self.pass_to(quiet_for)

    def pass_to(self, minute: int, step: int = 1) -> list[Signal]:
        """Tick up to this minute; return what was said on the way."""
        found: list[Signal] = []
        while self.at < minute:
            self.at = min(minute, self.at + step)
            found += self.warning.tick(after(self.at))
        self.said += found
        return found

    def crowd(self, many: int, minutes: int = 5, name: str = "p", **more: object) -> list[Signal]:
        """Let so many different people speak within the next minutes; return what was said."""
        found: list[Signal] = []
        for step in range(minutes):
            for one in range(step * many // minutes, (step + 1) * many // minutes):
                self.warning.hear(heard(self.at, f"{name}{one}", **more))
            found += self.pass_to(self.at + 1)
        return found


def kinds(signals: Iterable[Signal]) -> list[str]:
    return [one.kind for one in signals]


def test_a_crowd_from_nothing_is_told_with_its_reason() -> None:
    room = Room()
    (first, *_) = room.crowd(9, 5, reach=100)
    assert (first.kind, first.level, first.term) == ("raised", "early", "")
    assert first.reason.endswith("min, usual under 0.1; 4 authors, 1 source") or (
        "authors, 1 source" in first.reason
    )
    assert first.authors >= 3
    assert first.reach == first.authors * 100
    assert first.uid


def test_three_times_as_high_escalates_and_calm_ends_it() -> None:
    room = Room()
    (raised, *more) = room.crowd(4, 4)
    grown = room.crowd(200, 10, "q")
    escalated = [one for one in [*more, *grown] if one.kind == "escalated"]
    assert escalated
    assert escalated[-1].of == raised.uid
    assert escalated[-1].level in ("rising", "storm")
    quiet = room.pass_to(room.at + 120)
    assert kinds(quiet) == ["ended"]
    assert quiet[0].of == raised.uid
    assert quiet[0].reason.startswith("back under the usual: 0 in 15 min")
    assert room.pass_to(room.at + 600, 5) == []


def test_one_who_shouts_is_not_a_crowd() -> None:
    room = Room()
    for _ in range(50):
        room.warning.hear(heard(room.at, "shouter"))
    room.warning.hear(heard(room.at, "another"))
    assert room.pass_to(room.at + 5) == []


def test_a_shouter_in_a_busy_room_is_not_a_spike() -> None:
    room = Room(quiet_for=0)
    for minute in range(2000):
        room.warning.hear(heard(room.at, f"p{minute}"))
        room.pass_to(room.at + 1)
    for _ in range(80):
        room.warning.hear(heard(room.at, "shouter"))
    room.warning.hear(heard(room.at, "another"))
    assert room.pass_to(room.at + 5) == []
    assert kinds(room.crowd(80, 3, "q"))[:1] == ["raised"]


def test_a_shouter_does_not_hide_a_crowd() -> None:
    room = Room()
    for _ in range(50):
        room.warning.hear(heard(room.at, "shouter"))
    assert kinds(room.crowd(9, 3))[:1] == ["raised"]


def test_unknown_authors_are_different_people() -> None:
    room = Room()
    for _ in range(6):
        room.warning.hear(heard(room.at))
    (one,) = room.pass_to(room.at + 2)
    assert one.authors == 6
    assert "6 in 5 min" in one.reason


def test_reposts_count_in_full_and_the_words_say_so() -> None:
    room = Room()
    (one, *_) = room.crowd(8, 1, copy=True)
    assert one.observed == 8
    assert "8 of them reposts" in one.reason


def test_late_mentions_never_alarm_and_train() -> None:
    room, calm = Room(), Room()
    for minute in range(200):
        late = after(room.at - 300 + minute)
        room.warning.hear(Heard(posted_at=late, seen_at=after(room.at), source="social"))
    assert room.pass_to(room.at + 3) == []
    calm.pass_to(room.at)
    assert kinds(calm.crowd(5, 5)) == ["raised"]
    assert room.crowd(5, 5) == []  # five are usual, after two hundred


def test_a_risk_term_said_by_two_speaks_before_volume_does() -> None:
    room = Room(quiet_for=3000)
    said = room.crowd(2, 2, risk=("charged twice",))
    assert kinds(said) == ["raised"]
    assert said[0].words == ("charged twice",)
    assert said[0].reason.endswith("'charged twice'")
    more = room.crowd(2, 2, "r", risk=("charged twice",))
    assert "raised" not in kinds(more)  # it is the same warning, which grew
    assert Room(quiet_for=3000).crowd(2, 2) == []  # without the words, nothing


def test_a_risk_term_that_everybody_uses_is_no_news() -> None:
    room = Room()
    for day in range(60):
        room.warning.hear(heard(room.at, f"p{day}", risk=("refund",)))
        room.pass_to(room.at + 60, 20)
    assert room.crowd(2, 2, risk=("refund",)) == []


def test_a_dismissal_mutes_its_story_and_no_other() -> None:
    room = Room()
    (raised,) = room.crowd(6, 1, narrative="N-1")
    room.warning.dismissed(raised.uid, after(room.at))
    assert room.crowd(60, 4, "q", narrative="N-1", source="social") == [] or (
        kinds(room.said)[1:] == ["escalated"]  # by far more people
    )
    other = room.crowd(40, 10, "z", narrative="N-2")
    assert [one.narratives for one in other if one.kind == "raised"] == [("N-2",)]
    assert other[0].uid != raised.uid


def test_after_a_dismissal_a_new_risk_term_speaks() -> None:
    room = Room(quiet_for=3000)
    (raised,) = room.crowd(6, 1, narrative="N-1")
    room.warning.dismissed(raised.uid, after(room.at))
    said = room.crowd(3, 3, "q", narrative="N-1", risk=("injured",))
    assert [one.words for one in said] == [("injured",)]


def test_a_new_source_is_wider_breadth() -> None:
    room = Room()
    (raised, *_) = room.crowd(10, 2, narrative="N-1")
    said = room.crowd(9, 6, "n", narrative="N-1", source="news")
    assert ("escalated", raised.uid, 2) in [(one.kind, one.of, one.sources) for one in said]


def test_the_narrower_term_has_the_word_and_the_whole_is_silent() -> None:
    room = Room()
    said = room.crowd(9, 3, terms=("kettle",))
    assert [(one.kind, one.term) for one in said if one.kind == "raised"] == [("raised", "kettle")]
    assert said[0].reason.startswith("kettle: ")


def test_two_spikes_of_two_terms_are_two() -> None:
    room = Room()
    for one in range(9):
        room.warning.hear(heard(room.at, f"a{one}", terms=("kettle",)))
        room.warning.hear(heard(room.at, f"b{one}", terms=("toaster",)))
    said = room.pass_to(room.at + 2)
    assert sorted(one.term for one in said if one.kind == "raised")[-2:] == ["kettle", "toaster"]


def test_an_expected_event_mutes_its_own_words_only() -> None:
    launch = Window(title="launch", start=after(600), end=after(900), own_words=True)
    room = Room(None, launch)
    for one in range(30):
        room.warning.hear(heard(room.at, f"p{one}"), ("launch",))
    assert room.pass_to(room.at + 5) == []
    assert kinds(room.crowd(9, 2, "q"))[:1] == ["raised"]


def test_an_expected_event_without_words_mutes_volume_not_risk() -> None:
    match = Window(title="match", start=after(2900), end=after(3300))
    room = Room(None, match, quiet_for=3000)
    assert room.crowd(6, 5, narrative="N-1") == []
    said = room.crowd(3, 3, "q", narrative="N-1", risk=("injured",))
    assert [one.words for one in said] == [("injured",)]


def test_an_event_of_one_term_leaves_the_other_terms_alone() -> None:
    launch = Window(title="launch", start=after(600), end=after(900), terms=("kettle",))
    room = Room(None, launch)
    assert room.crowd(30, 5, terms=("kettle",)) == []
    said = room.crowd(9, 2, "q", terms=("toaster",))
    assert [one.term for one in said][:1] == ["toaster"]


def test_not_listening_teaches_no_silence() -> None:
    deaf, silent = Room(quiet_for=0), Room(quiet_for=0)
    for room in (deaf, silent):
        for minute in range(600):
            if minute % 6 == 0:
                room.warning.hear(heard(room.at, f"p{minute}"))
            room.pass_to(room.at + 1)
    deaf.warning.gap(after(600), after(3400))
    for room in (deaf, silent):
        room.said.clear()
        room.pass_to(3400, 2800)
    assert kinds(silent.crowd(6, 5)) == ["raised"]
    assert deaf.crowd(6, 5) == []


def test_a_week_of_silence_is_believed_by_nobody_and_costs_nothing() -> None:
    room = Room()
    assert room.pass_to(room.at + 60 * 24 * 400, 60 * 24 * 400) == []
    assert kinds(room.crowd(9, 2))[:1] == ["raised"]


def test_people_and_threshold_are_settings() -> None:
    assert Room(Rule(people=12)).crowd(9, 3) == []
    assert Room(Rule(threshold=30.0)).crowd(5, 3) == []


def test_the_two_scale_rule_takes_over_and_knows_the_hour() -> None:
    room = Room(quiet_for=0)
    for minute in range(0, 3 * 1440, 2):
        many = 4 if 480 <= minute % 1440 < 1200 else 1
        for one in range(many):
            room.warning.hear(heard(room.at, f"p{minute}-{one}"))
        room.pass_to(room.at + 2, 2)
    room.said.clear()
    (first, *_) = room.crowd(300, 10, "q")
    assert "± " in first.reason
    assert first.spread > 0


# --- state --------------------------------------------------------------------------------------

MENTIONS = st.lists(
    st.tuples(
        st.integers(0, 400),  # minute
        st.sampled_from(["", "ann", "bo", "cy", "di", "ed", "fay"]),
        st.sampled_from([(), ("kettle",), ("kettle", "toaster")]),
        st.sampled_from(["", "N-1", "N-2"]),
        st.sampled_from([(), ("refund",), ("injured",)]),
        st.sampled_from([0, 5, 90]),  # minutes until it is seen
    ),
    max_size=120,
)


@settings(max_examples=40, deadline=None)
@given(MENTIONS, st.integers(0, 500))
def test_a_restart_anywhere_changes_nothing(mentions: list[tuple[object, ...]], cut: int) -> None:
    whole, first = EarlyWarning(), EarlyWarning()
    said: list[Signal] = []
    again: list[Signal] = []
    waiting = sorted(mentions, key=lambda one: int(str(one[0])))
    for minute in range(0, 500, 3):
        while waiting and int(str(waiting[0][0])) <= minute:
            at, author, terms, story, risk, wait = waiting.pop(0)
            one = heard(int(str(at)), str(author), terms=terms, narrative=story, risk=risk)
            seen = one.posted_at + timedelta(minutes=int(str(wait)))
            late = Heard(
                **{name: getattr(one, name) for name in one.__struct_fields__} | {"seen_at": seen}
            )
            whole.hear(late)
            first.hear(late)
        if minute <= cut < minute + 3:
            first = EarlyWarning(state=first.dump())
        said += whole.tick(after(minute))
        again += first.tick(after(minute))
    assert again == said
    assert first.dump() == whole.dump()


def test_its_state_stays_small() -> None:
    warning = EarlyWarning()
    terms = [f"term{number}" for number in range(50)]
    for number in range(6000):
        one = heard(
            number / 40,
            f"somebody-{number}",
            terms=(terms[number % 50],),
            narrative=f"N-{number % 90}",
        )
        warning.hear(one)
    warning.tick(after(150))
    assert len(warning.dump()) < 200_000


def test_a_state_of_another_program_begins_anew() -> None:
    import msgspec

    warning = EarlyWarning(state=msgspec.msgpack.encode({"version": 99}))
    assert warning.tick(START) == ()


def test_a_replay_tells_the_end_too() -> None:
    past = [(heard(600 + step / 10, f"p{step}"), ()) for step in range(60)]
    first = [(heard(0, "first"), ())]
    said = list(replay(EarlyWarning(), [*first, *past]))
    assert kinds(said)[0] == "raised"
    assert kinds(said)[-1] == "ended"


@pytest.mark.parametrize("many", [1, 2])
def test_too_few_never_warn(many: int) -> None:
    assert Room(quiet_for=3000).crowd(many, 1) == []
