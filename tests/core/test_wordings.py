"""What of a playbook is approved: every wording by itself, a translation with its source."""

from __future__ import annotations

import msgspec
from room.people import PLAN

from crisisroom.core.approved import fragments
from crisisroom.core.compose import first_reply, language_of, pointing, ready
from crisisroom.core.playbook import KeyMessage, Translation, Variant
from crisisroom.core.suggest import Suggestion
from crisisroom.core.wordings import words_of

GERMAN = Translation(
    "de",
    greeting="Hallo {{handle}},",
    pointer="Alles steht hier: {{source_of_truth}}",
    words={"refund": "Sie bekommen Ihr Geld."},
    statements={"inside": "Wir sind dran."},
)
FULL = msgspec.structs.replace(
    PLAN,
    sign_off="",
    pointer="All we know: {{source_of_truth}}",
    source_of_truth="https://x.example/help",
    translations=(GERMAN,),
    key_messages=(
        KeyMessage("refund", "Money", "You get it.", also=("It comes.",), relies=("batch",)),
        KeyMessage("private", "In private", "Write to us.", private=True),
        KeyMessage("thanks", "Thanks", "Thank you.", thanks=True),
    ),
    statements=(msgspec.structs.replace(PLAN.statements[2], variants={"chat": Variant("On it.")}),),
)
EVERY = frozenset(one.sha256 for one in words_of(FULL))
VALUES = {"source_of_truth": "https://x.example/help", "handle": "@pat"}


def ids() -> dict[str, str]:
    return {one.id: one.base for one in words_of(FULL)}


def approved(hashes: frozenset[str], suspended: frozenset[str] = frozenset()) -> set[str]:
    """Return the ids that count as approved."""
    found = fragments(FULL, hashes, "2026-11-22", suspended)
    return {one.id for one in found if one.approved}


def test_each_wording_has_an_id_and_what_it_is_a_wording_of() -> None:
    assert ids() == {
        "greeting": "greeting",
        "pointer": "pointer",
        "refund": "refund",
        "refund/2": "refund",
        "private": "private",
        "thanks": "thanks",
        "batches": "batches",
        "inside": "inside",
        "inside/chat": "inside",
        "greeting@de": "greeting",
        "pointer@de": "pointer",
        "refund@de": "refund",
        "inside@de": "inside",
    }
    relies = {one.id: one.relies for one in words_of(FULL)}
    assert relies["refund@de"] == relies["refund"] == ("batch",)
    assert relies["batches"] == ("batch",)


def test_a_translation_needs_its_source_and_lapses_with_it() -> None:
    assert "refund@de" in approved(EVERY)
    source = next(one.sha256 for one in words_of(FULL) if one.id == "refund")
    assert "refund@de" not in approved(EVERY - {source})
    changed = msgspec.structs.replace(
        FULL, key_messages=(KeyMessage("refund", "Money", "You get all of it."),)
    )
    new = {one.id: one.sha256 for one in words_of(changed)}
    assert new["refund@de"] not in EVERY


def test_what_stands_on_a_moved_fact_is_held_with_all_its_wordings() -> None:
    held = approved(EVERY) - approved(EVERY, frozenset({"refund"}))
    assert held == {"refund", "refund/2", "refund@de"}


def test_an_answer_expires_like_a_message() -> None:
    old = msgspec.structs.replace(FULL.faq[0], expires="2026-11-21")
    plan = msgspec.structs.replace(FULL, faq=(old,))
    found = fragments(plan, EVERY, "2026-11-22")
    assert [one.approved for one in found if one.id == "batches"] == [False]


def reply(form: str, language: str = "") -> str:
    """Return the first draft of a reply to somebody who asks for their money."""

    def words(spoken: str) -> object:
        return ready(FULL, EVERY, VALUES, (), "2026-11-22", (), spoken)

    fits = [
        Suggestion("refund", "key_message", 0.9, ""),
        Suggestion("thanks", "key_message", 0.9, ""),
    ]
    return first_reply(FULL, words, "@pat", fits, form=form, language=language).text  # type: ignore[arg-type]


def test_a_reply_is_in_one_language() -> None:
    assert reply("public") == "Hello @pat,\nYou get it."
    assert reply("public", "de") == "Hallo @pat,\nSie bekommen Ihr Geld."
    assert reply("private", "de") == "Hello @pat,\nWrite to us."  # nobody translated that


def test_a_form_has_its_own_words() -> None:
    assert reply("private") == "Hello @pat,\nWrite to us."
    assert reply("thanks") == "Hello @pat,\nThank you."


def test_the_pointer_says_nothing_else() -> None:
    own = pointing(ready(FULL, EVERY, VALUES, ()), "@pat")
    assert own.text == "Hello @pat,\nAll we know: https://x.example/help"
    assert own.used == ("pointer",)
    theirs = pointing(ready(FULL, EVERY, VALUES, (), "", (), "de"), "@pat")
    assert theirs.text == "Hallo @pat,\nAlles steht hier: https://x.example/help"


def test_a_posts_language_finds_its_translation() -> None:
    assert [language_of(FULL, one) for one in ("de", "de-AT", "DE", "en", "en-GB", "fr", "")] == [
        "de", "de", "de", "", "", "", "",
    ]  # fmt: skip
