"""How much is on its way: as much as a line takes in a moment, and no wait without end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisroom.term.pace import ASK, DEAF, DELAY, LEAST, LONGER, MOST, PATIENCE, Pace


def line(pace: Pace, rate: float, trip: float, seconds: float, size: int) -> tuple[int, int]:
    """Send frames of a size over a line for a while; returns how many went, and the most bytes
    that stood in its queue once the pace was found. `rate` in bytes a second, `trip` in seconds."""
    now = free = 0.0
    answers = [trip]
    pace.probe(now)
    worst = sent = 0
    while now < seconds:
        while answers and answers[0] <= now:
            pace.answered(answers.pop(0))
        if not pace.holds(now):
            free = max(free, now) + size / rate
            sent += 1
            if pace.sends(size, now):
                answers.append(free + trip)
            if now > seconds / 2:
                worst = max(worst, int((free - now) * rate))
        now += 0.01
    return sent, worst


@given(
    st.floats(2_000, 1_000_000),
    st.floats(0.001, 0.8),
    st.integers(50, 6000),
)
def test_the_queue_stays_short_and_the_line_busy(rate: float, trip: float, size: int) -> None:
    pace = Pace()
    sent, worst = line(pace, rate, trip, 30.0, size)
    assert worst <= max(LEAST, min(MOST, rate * DELAY * 4)) + 2 * size + rate * trip
    assert sent >= 3


def test_a_quiet_line_is_asked_nothing() -> None:
    pace = Pace()
    assert all(pace.sends(10, float(second)) == "" for second in range(100))


def test_after_a_window_it_asks_once_and_holds_until_the_answer() -> None:
    pace = Pace()
    assert not pace.holds(0.0)
    assert pace.sends(pace.window, 0.0) == ASK
    assert pace.sends(10, 0.0) == ""
    assert pace.holds(0.1)
    assert pace.asked
    assert pace.answered(0.2)
    assert not pace.holds(0.2)
    assert not pace.answered(0.3), "nobody asked"


def test_a_terminal_that_never_answers_is_waited_for_and_then_asked_no_more() -> None:
    pace, now = Pace(), 0.0
    for _ in range(DEAF):
        assert pace.sends(pace.window, now) == ASK
        assert pace.holds(now + PATIENCE - 0.1)
        now += PATIENCE
        assert not pace.holds(now)
    for _ in range(50):
        assert pace.sends(pace.window, now) == ""
        assert not pace.holds(now)
    pace.forget()
    assert pace.probe(now) == ""


def test_one_that_answered_once_is_asked_for_ever() -> None:
    pace, now = Pace(), 0.0
    assert pace.probe(now) == ASK
    assert pace.answered(0.1)
    assert pace.answers
    for _ in range(DEAF + 3):
        assert pace.sends(pace.window, now) == ASK
        assert pace.holds(now + PATIENCE)
        now += LONGER
        assert not pace.holds(now)


def test_a_late_answer_is_that_of_the_question_it_belongs_to() -> None:
    pace = Pace()
    assert pace.sends(pace.window, 0.0)
    assert not pace.holds(PATIENCE)
    assert pace.sends(pace.window, PATIENCE)
    assert pace.answered(PATIENCE + 0.1), "of the first, which took more than three seconds"
    assert pace.asked, "the second is still on its way"
    assert pace.window < LEAST * 4
    assert pace.answered(PATIENCE + 3.2)
    assert not pace.asked


def test_a_late_answer_to_a_question_given_up_is_still_its_own() -> None:
    pace = Pace()
    assert pace.sends(pace.window, 0.0)
    assert not pace.holds(PATIENCE)
    assert pace.owed == 1
    assert pace.answered(PATIENCE + 1)
    assert pace.owed == 0
    assert pace.sends(pace.window, PATIENCE + 2)
    assert pace.answered(PATIENCE + 2.2)
    assert not pace.holds(PATIENCE + 2.2)


def test_one_lost_answer_holds_nothing_up_for_long() -> None:
    pace = Pace()
    pace.probe(0.0)
    pace.answered(0.01)
    assert pace.sends(pace.window, 1.0), "and nobody answers"
    assert not pace.holds(1.0 + LONGER)
    for second in range(20, 30):
        assert pace.sends(pace.window, second)
        assert pace.answered(second + 0.02)
        assert not pace.asked


def test_a_slow_line_gets_a_small_window_and_a_quick_one_a_large_one() -> None:
    slow, quick = Pace(), Pace()
    for pace, took in ((slow, 8.0), (quick, 0.011)):
        pace.probe(0.0)
        pace.answered(0.01)
        for second in range(0, 50, 10):
            assert pace.sends(MOST, second)
            pace.answered(second + took)
    assert slow.window < 2 * LEAST
    assert quick.window == MOST


def test_who_had_the_terminal_before_is_forgotten() -> None:
    pace = Pace()
    pace.sends(pace.window, 0.0)
    pace.forget()
    assert not pace.asked
    assert not pace.holds(0.0)


@given(
    st.lists(
        st.tuples(st.sampled_from("sah"), st.floats(0, 5), st.integers(0, 200_000)), max_size=60
    )
)
def test_whatever_happens_the_window_is_within_bounds_and_no_wait_is_endless(
    drawn: list[tuple[str, float, int]],
) -> None:
    pace, now = Pace(), 0.0
    for what, later, size in drawn:
        now += later
        if what == "s":
            pace.sends(size, now)
        elif what == "a":
            pace.answered(now)
        else:
            pace.holds(now)
        assert LEAST <= pace.window <= MOST
    assert not pace.holds(now + LONGER + 0.01)
