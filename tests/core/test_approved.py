from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crisisroom.core.approved import (
    Cover,
    Fragment,
    Rendered,
    cover,
    fragments,
    is_handle,
    render,
    verdict,
)
from crisisroom.core.canonical import text_hash
from crisisroom.core.playbook import Answer, Fact, KeyMessage, Playbook, StatementTemplate

HANDLE = "@pat@social.example"
PLAYBOOK = Playbook(
    schema=1,
    id="double-charge",
    title="Double charge",
    version=1,
    facts=(
        Fact("refund_by", "refund by", may_fill=True),
        Fact("amount", "amount"),
    ),
    key_messages=(
        KeyMessage("apology", "apology", "We are sorry. You were charged twice: our mistake."),
        KeyMessage("refund", "refund", "The second payment goes back by {{fact.refund_by}}."),
        KeyMessage("sum", "sum", "It is about {{fact.amount}} in all."),
        KeyMessage("voucher", "voucher", "You get a voucher.", expires="2026-10-31"),
        KeyMessage("greeter", "greeter", "Dear {{handle}}, welcome."),
    ),
    faq=(Answer("card", "Is my card safe?", "No card data was involved.\n"),),
    statements=(StatementTemplate("hold", "holding", "Holding", "We write again soon."),),
    sign_off="{{me}}, for {{brand}}",
    reply_approval="public-words",
)
VALUES: Mapping[str, str] = {
    "handle": HANDLE,
    "me": "Ada",
    "brand": "Ferrow",
    "fact.refund_by": "Friday",
    "fact.amount": "98 euros",
}
APPROVED = frozenset(fragment.sha256 for fragment in fragments(PLAYBOOK, ()))
WORDS = {
    fragment.id: render(fragment, VALUES, {"refund_by"}).text
    for fragment in fragments(PLAYBOOK, APPROVED)
}
COMPLETE = {id_: text for id_, text in WORDS.items() if "‹" not in text}
RENDERED = tuple(Rendered(id_, text) for id_, text in WORDS.items())
SPACE = st.text(" \n\t", min_size=1, max_size=3)
WORD = st.characters(exclude_characters=" \t\r\n")


def reply(*ids: str) -> str:
    return " ".join(WORDS[id_] for id_ in ids)


def covered(text: str) -> Cover:
    return cover(text, RENDERED, HANDLE)


def test_an_approved_reply_has_no_free_words() -> None:
    text = f"{reply('greeting', 'apology', 'refund')}\n\n{WORDS['sign_off']}"
    check = verdict(text, PLAYBOOK, APPROVED, VALUES, {"refund_by"})
    assert check.free == ()
    assert check.used == ("greeting", "apology", "refund", "sign_off")
    assert not check.needs_approval


def test_free_words_are_found_where_they_stand() -> None:
    text = f"Hello Pat, yes. {reply('apology')} We promise. {reply('sign_off')}"
    check = verdict(text, PLAYBOOK, APPROVED, VALUES, set())
    assert [span.text for span in check.free] == ["Hello Pat, yes.", "We promise."]
    assert all(text[span.start : span.end] == span.text for span in check.free)
    assert check.used == ("apology", "sign_off")
    assert check.needs_approval


def test_without_an_approval_rule_free_words_need_none() -> None:
    plan = Playbook(schema=1, id="x", title="x", version=1)
    check = verdict("My words.", plan, (), {}, ())
    assert check.free
    assert not check.needs_approval


def test_an_edit_of_the_template_lapses_its_approval() -> None:
    approved = APPROVED - {text_hash(PLAYBOOK.key_messages[0].text)}
    text = f"Well. {reply('apology', 'refund')}"
    check = verdict(text, PLAYBOOK, approved, VALUES, {"refund_by"})
    assert check.unapproved == ("apology",)
    assert [span.text for span in check.free] == [f"Well. {WORDS['apology']}"]


@pytest.mark.parametrize(("today", "lapsed"), [("", 0), ("2026-10-31", 0), ("2026-11-01", 1)])
def test_a_key_message_lapses_after_its_last_day(today: str, lapsed: int) -> None:
    check = verdict(WORDS["voucher"], PLAYBOOK, APPROVED, VALUES, (), today)
    assert check.unapproved == ("voucher",) * lapsed
    assert len(check.free) == lapsed


def test_only_known_facts_that_may_fill_vary() -> None:
    known = verdict(WORDS["refund"], PLAYBOOK, APPROVED, VALUES, {"fact.refund_by"})
    assert known.free == ()
    unknown = verdict(WORDS["refund"], PLAYBOOK, APPROVED, VALUES, set())
    assert unknown.free
    blank = "The second payment goes back by ‹refund by›."
    assert verdict(blank, PLAYBOOK, APPROVED, VALUES, set()).used == ("refund",)
    assert verdict("It is about 98 euros in all.", PLAYBOOK, APPROVED, VALUES, set()).free


def test_the_handle_fills_the_greeting_only() -> None:
    assert WORDS["greeting"] == f"Hello {HANDLE},"
    assert WORDS["greeter"] == "Dear ‹handle›, welcome."


@pytest.mark.parametrize("handle", ["pat", "@pat", HANDLE, "kettle_on", "@pat.bsky.social", "zoë"])
def test_handles(handle: str) -> None:
    assert is_handle(handle)


@pytest.mark.parametrize(
    "handle", ["", "Pat Example", "pat,", "@", "a@b@c", "pat\n", "https://x", "pat\u200b", "‹x›"]
)
def test_display_names_are_no_handles(handle: str) -> None:
    assert not is_handle(handle)
    greeting = fragments(PLAYBOOK, ())[0]
    assert render(greeting, {"handle": handle}, ()).text == "Hello ‹handle›,"


def test_a_leading_address_is_not_words() -> None:
    assert covered(f"{HANDLE} {WORDS['apology']}").complete
    assert covered(f" {HANDLE}\n{WORDS['apology']}").complete
    assert cover(f"@pat {WORDS['apology']}", RENDERED, "pat").complete
    assert not covered(f"@other@social.example {WORDS['apology']}").complete
    assert not covered(f"{WORDS['apology']} {HANDLE}").complete
    assert not covered(f"{HANDLE}, {WORDS['apology']}").complete


@pytest.mark.parametrize("gap", ["", ".", "\u00a0", "\u200b", "\u2028", "\u3000", "-"])
def test_only_plain_white_space_joins_fragments(gap: str) -> None:
    assert not covered(f"{WORDS['apology']}{gap}{WORDS['card']}").complete


def test_the_cover_that_leaves_least_wins_over_the_longest_fragment() -> None:
    parts = (Rendered("ab", "A. B."), Rendered("bcd", "B. C. D."), Rendered("a", "A."))
    found = cover("A. B. C. D.", parts)
    assert [use.id for use in found.used] == ["a", "bcd"]
    assert found.complete


def test_the_longest_wins_when_both_cover() -> None:
    parts = (Rendered("a", "A."), Rendered("b", "B."), Rendered("ab", "A. B."))
    assert [use.id for use in cover("A. B. B.", parts).used] == ["ab", "b"]


def test_an_empty_text_is_covered_by_nothing() -> None:
    assert cover(" \n", RENDERED).complete
    assert cover("", (Rendered("x", ""),)).used == ()


@given(st.lists(st.sampled_from(sorted(COMPLETE)), max_size=6), st.data())
def test_any_order_of_fragments_is_complete(ids: list[str], data: st.DataObject) -> None:
    text = "".join(WORDS[id_] + data.draw(SPACE) for id_ in ids)
    found = covered(text)
    assert found.complete
    assert [use.id for use in found.used] == ids


@given(st.lists(st.sampled_from(sorted(COMPLETE)), min_size=1, max_size=4), st.data())
def test_one_changed_character_makes_free_words(ids: list[str], data: st.DataObject) -> None:
    text = f"{HANDLE} {reply(*ids)}"
    at = data.draw(st.sampled_from([n for n, char in enumerate(text) if not char.isspace()]))
    char = data.draw(WORD)
    act = data.draw(st.sampled_from(["insert", "delete", "replace"]))
    assume(act != "replace" or char != text[at])
    middle = {"insert": char + text[at], "delete": "", "replace": char}[act]
    assert not covered(text[:at] + middle + text[at + 1 :]).complete


@given(st.lists(st.sampled_from(sorted(COMPLETE)), min_size=1, max_size=4), st.data())
def test_approved_sentences_inside_free_words_are_recognised(
    ids: list[str], data: st.DataObject
) -> None:
    own = data.draw(st.lists(st.text(st.characters(categories=["Lu", "Nd"]), min_size=1)))
    parts = data.draw(st.permutations([*own, *(WORDS[id_] for id_ in ids)]))
    text = " ".join(parts)
    found = covered(text)
    assert sorted(use.id for use in found.used) == sorted(ids)
    assert sorted(" ".join(span.text for span in found.free).split()) == sorted(own)


PIECES = st.text("ab. ", max_size=4).map(str.strip)


@given(st.lists(PIECES, max_size=4), st.text("ab. ", max_size=12))
def test_complete_means_what_the_pattern_says(pieces: list[str], text: str) -> None:
    parts = tuple(Rendered(str(n), piece) for n, piece in enumerate(pieces) if piece)
    choice = "|".join(re.escape(part.text) for part in parts) or "(?!)"
    whole = re.fullmatch(rf"\s*(?:(?:{choice})(?:\s+|$))*", text)
    found = cover(text, parts)
    assert found.complete == (whole is not None)
    assert found == cover(text, parts)


@given(st.lists(PIECES, max_size=4), st.text("ab. ", max_size=12))
def test_used_and_free_together_are_the_text(pieces: list[str], text: str) -> None:
    found = cover(text, tuple(Rendered(str(n), piece) for n, piece in enumerate(pieces)))
    places = [(use.start, use.end) for use in found.used]
    spans = sorted([*places, *((span.start, span.end) for span in found.free)])
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    told = "".join(text[start:end] for start, end in spans)
    assert "".join(told.split()) == "".join(text.split())


FACT_VALUES = st.one_of(st.text(max_size=30), st.sampled_from([*WORDS.values(), "{{me}}", "‹x›"]))
KEYS = st.sampled_from(["fact.refund_by", "fact.amount", "fact.other", "handle", "amount"])


@given(st.dictionaries(KEYS, FACT_VALUES), st.sampled_from(sorted(WORDS)))
def test_no_value_but_a_fact_that_may_fill_changes_approved_words(
    values: dict[str, str], id_: str
) -> None:
    fragment = next(one for one in fragments(PLAYBOOK, APPROVED) if one.id == id_)
    none = render(fragment, {"me": "Ada"}, ())
    mine = render(fragment, {**values, "me": "Ada"}, ())
    if fragment.kind != "greeting":
        assert mine == none
    elif mine != none:
        assert is_handle(values["handle"])
        assert mine.text == f"Hello {values['handle']},"


@given(st.text(max_size=30))
def test_a_fact_that_may_fill_changes_its_own_place_only(value: str) -> None:
    fragment = Fragment("x", "key_message", "Paid by {{fact.by}}. {{fact.sum}}", "")
    text = render(fragment, {"fact.by": value, "fact.sum": value}, {"by"}).text
    assert text.startswith("Paid by ")
    assert text.endswith(". ‹sum›")
    assert text.removeprefix("Paid by ").removesuffix(". ‹sum›") in (value, "‹by›")
