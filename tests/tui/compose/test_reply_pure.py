"""The composer's parts without a screen: cuts, moved values, forms, differences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crisisroom.channels import lengths, splitting
from crisisroom.core.drafts import DraftVersion, SavedDraft
from crisisroom.core.playbook import KeyMessage, Playbook
from crisisroom.tui.compose.cuts import cut_marks, cut_row
from crisisroom.tui.compose.forms import form_of, language_in, language_note
from crisisroom.tui.compose.marked import differing
from crisisroom.tui.compose.moved import Moved, anew, moved_marks
from crisisroom.tui.compose.offered import Offer
from crisisroom.tui.compose.replying import reason
from crisisroom.tui.compose.said import lately
from crisisroom.tui.compose.theirs import states, their_rows
from crisisroom.tui.compose.tongues import language_name

NOW = datetime(2026, 11, 22, 3, 12, tzinfo=UTC)
words = st.text(alphabet="ab.,! \n", max_size=400)


@given(words, st.integers(20, 60))
def test_every_cut_ends_in_a_word_that_stands_in_the_text(text: str, limit: int) -> None:
    posts = splitting.posts(text, lambda one: lengths.plain(one, limit), 30)
    marks = cut_marks(text, posts)
    assert len(marks) == max(0, len(posts) - 1)
    for mark, post in zip(marks, posts, strict=False):
        cut = text[mark.start : mark.end]
        assert cut
        assert not any(char.isspace() for char in cut)
        assert post.rpartition(" (")[0].endswith(cut)
    assert (cut_row(text, posts) is None) == (len(posts) < 2)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_reads_as_both_texts(before: str, after: str) -> None:
    rows = differing(before, after)
    came = [cell.text for row in rows for cell in row.cells if cell.role == "said"]
    assert "".join(came).replace("\n", "") in after.replace("\n", "") or len(came) > 1
    if before == after:
        assert all(cell.role == "text" for row in rows for cell in row.cells)


def test_what_went_is_marked_without_colour_too() -> None:
    (row,) = differing("back by Friday at noon", "back by Monday at noon")
    assert row.text == "back by [-Friday-]Monday at noon"
    assert [cell.role for cell in row.cells] == ["text", "quiet", "said", "text"]


VALUE = Moved("refund", "refund by", "23 Nov", "25 Nov")


def test_a_new_value_comes_only_where_the_old_one_stood_as_it_was() -> None:
    text = "By 23 Nov, not 123 Nov or 23 November. 23 nov!"
    assert anew(text, VALUE) == "By 25 Nov, not 123 Nov or 23 November. 25 Nov!"
    assert [text[one.start : one.end] for one in moved_marks(text, [VALUE])] == [
        "23 Nov",
        "23 nov",
    ]


def test_a_value_nobody_knows_any_more_leaves_a_blank() -> None:
    assert anew("By 23 Nov.", Moved("refund", "refund by", "23 Nov", "")) == "By ‹refund by›."


@given(st.text(alphabet="a23 Nov.", max_size=40))
def test_nothing_of_the_old_value_is_left(text: str) -> None:
    assert moved_marks(anew(text, VALUE), [VALUE]) == ()


PLAN = Playbook(
    schema=1,
    id="p",
    title="P",
    version=1,
    language="en",
    key_messages=(
        KeyMessage(id="dm", title="", text="Write to us.", private=True),
        KeyMessage(id="ty", title="", text="Thank you.", thanks=True),
        KeyMessage(id="km", title="", text="We are sorry."),
    ),
)


def test_the_form_is_read_from_the_messages() -> None:
    assert form_of(["greeting", "dm"], PLAN) == "private"
    assert form_of(["greeting@de", "dm@de"], PLAN) == "private"
    assert form_of(["ty"], PLAN) == "thanks"
    assert form_of(["dm", "km"], PLAN) == form_of([], PLAN) == "public"


def test_languages_have_names() -> None:
    assert (language_in(["greeting@de", "km@de"]), language_in(["km"])) == ("de", "")
    assert (language_name("pt-BR"), language_name("xx")) == ("Portuguese", "xx")
    said = language_note(PLAN, "de", "de")
    assert said is not None
    assert said.text == "in German, as the post   ctrl+l in English"
    assert language_note(PLAN, "", "") is None


def draft(by: str, text: str, minutes: int = 0) -> SavedDraft:
    """Return what somebody typed so many minutes ago."""
    return SavedDraft(
        id="reply/INC-1/M-1/" + by,
        incident="INC-1",
        kind="reply",
        mention="M-1",
        actor=by,
        text=text,
        updated_at=NOW - timedelta(minutes=minutes),
    )


def test_one_goes_on_from_what_differs_and_says_something() -> None:
    earlier = [
        DraftVersion("reply/INC-1/M-1/ada", 2, "ada", "as it is", NOW),
        DraftVersion("reply/INC-1/M-1/ada", 1, "ada", "first", NOW),
    ]
    found = states([draft("bo", "theirs"), draft("cy", " ")], earlier, "as it is")
    assert [(one.by, one.text, one.number) for one in found] == [
        ("bo", "theirs", 0),
        ("ada", "first", 1),
    ]


def test_who_writes_is_shown_with_their_words_who_wrote_is_offered() -> None:
    writing = [row.text for row in their_rows([draft("bo", "a\n\nb\nc", 1)], NOW, UTC, 2)]
    assert writing == ["bo writes here too, saved 1m ago   ctrl+r compare", "  a", "  b c"]
    wrote = [row.text for row in their_rows([draft("bo", "a", 9)], NOW, UTC, 2)]
    assert wrote == ["bo's draft of 03:03, go on from it   ctrl+r compare"]


def test_the_last_minute_is_told_in_seconds() -> None:
    assert lately(NOW - timedelta(seconds=20), NOW) == "20 s ago"
    assert lately(NOW, NOW) == "1 s ago"
    assert lately(NOW - timedelta(minutes=4), NOW) == "4m ago"


def test_a_small_screen_says_why_the_words_in_it_fit_and_what_was_chosen_before() -> None:
    why = "says card; answered so 4 times in this story"
    offered = [
        Offer(id="km", kind="key_message", title="", text="We are sorry.", why=why),
        Offer(id="dm", kind="key_message", title="", text="Write to us.", why="says rent"),
    ]
    said = reason(offered, ["greeting@de", "km@de"])
    assert said is not None
    assert said.text.strip() == "why  km  " + why
    assert reason(offered, ["greeting"]) is None
