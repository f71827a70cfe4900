from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.approved import ReplyCheck, Span
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.playbook import Guardrails
from crisisroom.core.review import Around, Problem, Review, Version, problems, sentences

RULES = Guardrails(forbid=("guarantee",), warn=("by tomorrow",))


def around(text: str, limit: int | None = 500, **more: Any) -> Around:
    return Around(**{"length": len(text), "limit": limit, "guardrails": RULES, **more})


def codes(text: str, **more: Any) -> list[str]:
    return [problem.code for problem in problems(text, around(text, **more))]


def only(text: str, **more: Any) -> Problem:
    (problem,) = problems(text, around(text, **more))
    return problem


def test_good_words_have_no_problem() -> None:
    assert codes("Hello @pat, we are sorry.") == []


@pytest.mark.parametrize(
    ("text", "code", "spot"),
    [
        ("Back by ‹refund by›.", "blank", "‹refund by›"),
        ("Back by {{fact.refund_by}}.", "blank", "{{fact.refund_by}}"),
        ("We Guarantee it.", "forbidden", "Guarantee"),
        ("One\nt\u202ewo", "hidden", "\u202e"),
        ("  \n", "empty", ""),
    ],
)
def test_what_blocks(text: str, code: str, spot: str) -> None:
    problem = only(text)
    assert (problem.code, problem.severity) == (code, "block")
    assert text[problem.start : problem.end] == spot


def test_a_text_longer_than_the_channel_takes_blocks() -> None:
    problem = only("x" * 12, limit=10)
    assert (problem.code, problem.message) == ("too_long", "12 of 10: 2 too long")
    assert codes("x" * 10, limit=10) == []
    assert codes("x" * 9999, limit=None) == []


def test_the_channel_counts() -> None:
    assert [one.code for one in problems("short", Around(length=11, limit=10))] == ["too_long"]


def test_a_phrase_to_think_about_asks() -> None:
    assert only("It is back by tomorrow.").severity == "ask"


def test_blocking_problems_come_first() -> None:
    text = "By tomorrow we guarantee ‹x›."
    assert codes(text) == ["forbidden", "blank", "warned"]


def test_free_words_ask_for_approval() -> None:
    text = "Hello. Really? Yes."
    check = ReplyCheck((Span(0, 6, "Hello."), Span(7, 19, "Really? Yes.")), (), True)
    problem = only(text, check=check, approvers="Legal")
    assert problem.message == "3 sentences are your own: Legal approves"
    assert (problem.severity, problem.start) == ("ask", 0)
    assert codes(text, check=ReplyCheck(check.free, (), False)) == []


def test_lapsed_words_are_named() -> None:
    check = ReplyCheck((Span(0, 2, "A."),), (), True, ("apology",))
    assert codes("A.", check=check) == ["unapproved", "own_words"]


def test_the_same_words_for_others_ask() -> None:
    sent = ("Hello @bo@x.example,  we are sorry.", "Something else.")
    assert codes("Hello @pat, we are sorry.", elsewhere=sent) == ["same_again"]
    assert codes("Hello @pat, we are so sorry.", elsewhere=sent) == []


def test_opening_alike_is_told() -> None:
    last = ("Hello @bo, we are sorry about this.", "Hi Cy! We are sorry about that.", "No.")
    problem = only("Hello @pat, We are sorry about you.", last=last)
    assert problem.message == "opens like 2 of your last 3 replies: say what they said"
    assert problem.severity == "info"


def test_too_many_public_replies_to_one_person_ask() -> None:
    assert codes("A.", to_author=1) == []
    assert only("A.", to_author=2).message.startswith("public reply 3 to this person, 2 allowed")


def test_where_the_playbook_counts_one_too_many_blocks() -> None:
    rules = Guardrails(max_public_replies=1)
    assert only("A.", to_author=1, guardrails=rules).severity == "block"
    assert only("A.", to_author=1, guardrails=rules, public=False).severity == "ask"
    assert codes("A.", to_author=0, guardrails=rules) == []


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("No comment.", "no_comment", "block"),
        ("It will never happen again.", "promise", "ask"),
        ("The supplier is at fault.", "blame", "ask"),
    ],
)
def test_each_guardrail_has_words_of_its_own(text: str, code: str, severity: str) -> None:
    rules = Guardrails(
        no_comment=("no comment",), promises=("never happen again",), blame=("at fault",)
    )
    problem = only(text, guardrails=rules)
    assert (problem.code, problem.severity) == (code, severity)
    assert text[problem.start : problem.end].lower() in problem.message


def test_some_are_never_answered() -> None:
    rules = Guardrails(never_answer=("troll",))
    assert only("A.", guardrails=rules, tags=("angry", "troll")).severity == "block"
    assert codes("A.", guardrails=rules, tags=("angry",)) == []


def test_a_statement_says_its_parts() -> None:
    said = problems("Kettles.", around("Kettles.", must_say=("empathy", "doing"), language="en"))
    assert [(one.code, one.severity) for one in said] == [("unsaid", "ask")]


def test_a_statement_waits_for_its_facts_and_keeps_its_times() -> None:
    assert only("A.", missing=("since when",)).severity == "block"
    assert only("A.", over="04:10").code == "promise_over"


def test_another_language_is_told() -> None:
    assert codes("A.", language="en", post_language="de-AT") == ["language"]
    assert codes("A.", language="en-GB", post_language="en") == []
    assert codes("A.", language="en", post_language="") == []


NUMBERS = {
    "card": "4111 1111 1111 1111",
    "IBAN": "DE89 3704 0044 0532 0130 00",
    "phone": "0171 1234567",
    "mail": "kim@x.example",
    "order number": "AB-123456",
}


@pytest.mark.parametrize(("what", "number"), NUMBERS.items())
def test_a_person_s_number_stays_private(what: str, number: str) -> None:
    rules = Guardrails(numbers=("AB-000000",))
    text = f"Hello, is it {number} ?"
    public = only(text, guardrails=rules)
    assert (public.code, public.severity) == ("personal", "block")
    assert text[public.start : public.end] == number
    assert what in public.message
    private = only(text, guardrails=rules, public=False)
    assert (private.code, private.severity) == ("personal", "ask")
    for one in (public, private):
        assert not any(piece in one.message for piece in number.replace("-", " ").split())


def test_our_own_number_may_be_said() -> None:
    assert codes("Call 030 1234567.", ours=("+49 30 1234567",)) == []


def test_what_core_lines_says_is_said() -> None:
    line = Problem("line", "block", "ada set 'monitor'")
    role = Problem("goes_to", "block", "press goes to Media")
    notes = (Problem("reach", "info", "many"), Problem("minor", "ask", "a minor"))
    found = problems("A.", around("A.", line=line, goes_to=role, author=notes))
    assert [one.code for one in found] == ["line", "goes_to", "minor", "reach"]


def test_truth_and_a_stop_hold_words_back() -> None:
    moved = only("A.", moved=("Batch",))
    assert moved.severity == "block"
    assert moved.message.startswith("‹Batch› changed since this was written: write it anew")
    outdated = only("A.", outdated="ST-1")
    assert (outdated.severity, "ST-1 reads otherwise" in outdated.message) == ("block", True)
    stopped = only("A.", stopped=("ada", "03:12"))
    assert stopped.message.startswith("ada stopped all outgoing words at 03:12")


def test_what_is_no_fault_of_the_words_keeps_nobody_from_handing_them_in() -> None:
    held = around("‹x›", stopped=("ada", "03:12"), goes_to=Problem("goes_to", "block", "no"))
    found = problems("‹x›", held)
    nothing = ReplyCheck((), (), False)
    review = Review(
        problems=found, length=3, limit=None, check=nothing, approval="", sha256="0" * 64
    )
    assert [one.code for one in review.blocking] == ["goes_to", "stopped", "blank"]
    assert [one.code for one in review.faults] == ["blank"]


def test_each_channel_s_words_are_looked_at() -> None:
    other = "We guarantee ‹x›, call 0171 1234567 by tomorrow."
    versions = (
        Version(channel="short", text="A.", length=12, limit=10),
        Version(channel="own", text=other, length=20, limit=50),
        Version(channel="inside", text="Call 0171 1234567.", length=20, public=False),
        Version(channel="none", text=" ", length=0),
    )
    found = problems("A.", around("A.", versions=versions))
    assert [(one.code, one.message.split(":")[0]) for one in found] == [
        ("too_long", "on short"),
        ("blank", "on own"),
        ("forbidden", "on own"),
        ("personal", "on own"),
        ("empty", "on none"),
        ("warned", "on own"),
        ("personal", "on inside"),
    ]
    assert all((one.start, one.end) == (0, 0) for one in found)


def test_each_channel_s_words_have_the_parts_they_must_have() -> None:
    text = "We are sorry. More by 17:30: https://ferrow.example/kettles"
    versions = (
        Version(channel="short", text="Kettles burn. More by 17:30.", length=20, limit=50),
        Version(channel="same", text=text, length=20),
        Version(channel="whole", text=f"Sorry! {text}", length=20),
    )
    parts = ("empathy", "next_update", "where")
    found = problems(text, around(text, must_say=parts, language="en", versions=versions))
    assert [(one.code, one.severity) for one in found] == [("unsaid", "ask")] * 2
    assert [one.message.partition(" (")[0] for one in found] == [
        "on short: a word for those it hit is missing",
        "on short: where to look is missing",
    ]


def test_words_that_are_the_same_everywhere_are_complained_of_once() -> None:
    text = "‹x›"
    assert codes(text, versions=(Version(channel="masto", text=text, length=3, limit=500),)) == [
        "blank"
    ]


@pytest.mark.parametrize(
    ("text", "count"), [("One.", 1), ("One. Two!", 2), ("v1.2 is out", 1), ("Wait... what?", 2)]
)
def test_sentences(text: str, count: int) -> None:
    assert sentences(Span(0, len(text), text)) == count


@given(st.text(max_size=80))
def test_blanks_always_block_and_spots_lie_inside(text: str) -> None:
    found = problems(text, around(text))
    assert all(0 <= one.start <= one.end <= len(text) for one in found)
    assert len([one for one in found if one.code == "blank"]) == len(blanks_in(text))


@given(st.text("a !,:@.\n", max_size=3000))
def test_any_text_is_reviewed(text: str) -> None:
    found = problems(text, around(text, last=(text,), elsewhere=(text,)))
    assert all(0 <= one.start <= one.end <= len(text) for one in found)
