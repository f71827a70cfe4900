"""The composer, from the post to the outbox, and every way in which a reply may not go."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from tui.compose.stage import Night, night, settled, showing, text_of, until

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.room import Actor, drafting, sending, triage, words
from crisisroom.tui.compose.byhand import ByHand
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.reply import ReplyScreen
from crisisroom.tui.compose.review import ReviewScreen

OK = "We are sorry. You were charged twice, and that is our mistake."
SIGNED = "Hello @pat@social.example,\n" + OK + "\n\nAda, for Ferrow"


def reply_screen(stage: Night) -> ReplyScreen:
    """Return the composer for the post."""
    return ReplyScreen(stage.room, stage.incident.id, stage.mention.id)


def editor_of(screen: ReplyScreen) -> Editor:
    """Return its editor."""
    return screen.query_one(Editor)


def write(screen: ReplyScreen, text: str) -> None:
    """Put a whole text into the editor."""
    editor = editor_of(screen)
    editor.replace(text, (0, 0), editor.document.end)


def queued(incident: Incident) -> list[str]:
    """Return the texts that are on their way or out."""
    return [one.text for one in incident.replies.values() if one.sends]


async def test_it_opens_with_approved_words_and_says_why(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.pause()
            assert editor_of(screen).text == SIGNED
            shown = text_of(app)
            assert "why  says charged twice, card" in shown
            assert "km-3  expired 2026-10-31" in shown
            assert "of 500   no blanks" in shown
            assert "km-2 unchanged" in shown
            assert "on masto, in the same thread, as @ferrow" in shown
            await until(pilot, lambda: editor_of(screen).has_focus)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_approved_words_asked_for_too_early_still_get_the_keys(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen, size) as (app, pilot):
            await screen.action_words()
            await until(pilot, lambda: screen.reviewed)
            if screen.wide:
                await until(pilot, lambda: screen.query_one("#words", Items).has_focus)
            else:
                await until(pilot, lambda: isinstance(app.screen, Pick))
            await settled(app, pilot)
            assert not editor_of(screen).has_focus


async def test_a_digit_typed_ahead_puts_those_words_in(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await screen.action_words()
            screen._typed_ahead(events.Key("2", "2"))
            await until(pilot, lambda: editor_of(screen).has_focus)
            chosen = screen.query_one("#words", Items).items[1]
            assert screen.opened is not None
            offer = next(one for one in screen.opened.offered if one.key == chosen.id)
            told = app.told()
            assert offer.text in editor_of(screen).text or offer.id in told


async def test_opening_takes_the_claim_and_writes_no_draft(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            await pilot.press("escape")
        found = [one for one in (await stage.now()).mentions.values()]
        assert [one.assignee for one in found] == ["ada"]
        assert await drafting.saved_drafts(stage.room) == ()


async def test_somebody_elses_claim_is_told(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        await triage.claim(stage.by("bo"), stage.mention.id)
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: "bo is on" in app.told())


async def test_the_draft_is_saved_while_typing_and_restored(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (_, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press(*" Truly")
            await until(pilot, lambda: screen.saved_at)
            assert "saved 03:25" in text_of(_)
        kept = await drafting.saved_drafts(stage.room)
        assert [one.mention for one in kept] == [stage.mention.id]
        assert "mistake.\n Truly" in kept[0].text
        again = reply_screen(stage)
        async with showing(stage, again) as (app, pilot):
            await until(pilot, lambda: again.reviewed)
            assert editor_of(again).text == kept[0].text
            assert editor_of(again).cursor_at == kept[0].cursor
            await until(pilot, lambda: "your draft of 03:25" in app.told())


async def test_what_was_typed_last_is_saved_when_the_program_ends(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press(*" at once")
            app.exit()
        kept = await drafting.saved_drafts(stage.room)
        assert "at once" in kept[0].text


async def test_escape_keeps_the_draft(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press(*" hm", "escape")
            await until(pilot, lambda: app.screen is not screen)
            await until(pilot, lambda: app.told() == "your draft is kept")
        assert len(await drafting.saved_drafts(stage.room)) == 1


async def test_who_leaves_at_once_keeps_the_last_key(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            editor_of(screen).insert(" hm")
            screen.action_leave()  # before the editor's news of the change was heard
            await until(pilot, lambda: app.told() == "your draft is kept")
        (draft,) = await drafting.saved_drafts(stage.room)
        assert " hm" in draft.text


async def test_problems_show_while_typing_and_are_visited(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            write(screen, "We guarantee it by ‹refund by›.")
            await until(pilot, lambda: screen.reviewed and len(screen.reviewed.blocking) == 2)
            await pilot.pause()
            shown = text_of(app)
            assert "1 blank   1 forbidden word" in shown
            assert '✗ "guarantee" is forbidden' in shown
            kinds = [mark.kind for mark in editor_of(screen).marks]
            assert kinds == ["forbidden", "blank"]
            editor_of(screen).go_to(0)
            await pilot.press("ctrl+n")
            assert editor_of(screen).selected_text == "guarantee"
            await pilot.press("ctrl+n")
            assert editor_of(screen).selected_text == "‹refund by›"


async def test_single_letters_are_words_while_typing(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            before = editor_of(screen).text
            await pilot.press(*" yq?:axj")
            assert app.screen is screen
            assert len(editor_of(screen).text) == len(before) + 8


async def test_approved_words_then_review_then_yes_queue_it(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await pilot.pause()
            shown = text_of(app)
            assert OK in shown
            assert "exactly this text, " in shown
            assert "pat@social.example" in shown
            assert queued(await stage.now()) == []
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "is queued" in app.told())
            assert app.screen is not screen
        assert queued(await stage.now()) == [SIGNED]
        assert await drafting.saved_drafts(stage.room) == ()


async def test_words_of_ones_own_go_to_legal_first(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press(*" I call you today.")
            await until(pilot, lambda: screen.reviewed and screen.reviewed.approval)
            stage.clock.advance(1)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await pilot.pause()
            await until(pilot, lambda: "y submit to Legal" in text_of(app))
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "waits for Legal" in app.told())
        reply = next(iter((await stage.now()).replies.values()))
        assert reply.state == "submitted"
        assert reply.sends == {}


async def test_a_blank_cannot_go_out(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            write(screen, "It is back by ‹refund by›.")
            await until(pilot, lambda: screen.reviewed and screen.reviewed.blocking)
            stage.clock.advance(1)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            stage.clock.advance(1)
            await pilot.press("y")
            await pilot.pause()
            assert isinstance(app.screen, ReviewScreen)
            assert app.told() == "1 problem"
        assert (await stage.now()).replies == {}


async def test_a_key_that_came_too_fast_names_the_keys_again(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await until(pilot, lambda: "e edit" in text_of(app))
            await pilot.press("y")
            await until(pilot, lambda: "too fast to be meant, once more:   y " in text_of(app))
            await until(pilot, lambda: "e edit   n back" in text_of(app))
        assert (await stage.now()).replies == {}


async def test_no_and_edit_send_nothing(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            for key in ("n", "e", "escape"):
                await pilot.press("ctrl+s")
                await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
                stage.clock.advance(1)
                await pilot.press(key)
                await until(pilot, lambda: app.screen is screen)
        assert (await stage.now()).replies == {}


async def test_review_does_not_open_right_after_a_paste(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            before = editor_of(screen).text
            app.post_message(events.Paste("evil"))
            await until(pilot, lambda: editor_of(screen).text != before)
            await pilot.press("ctrl+s", "y")
            await pilot.pause()
            assert app.screen is screen
            stage.clock.advance(0.31)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        assert (await stage.now()).replies == {}


@pytest.mark.parametrize(
    "keys",
    [
        ["ctrl+s", "y"],
        ["ctrl+s", "x", "y"],
        ["ctrl+s", "enter", "y", "y", "y"],
        ["ctrl+j", "ctrl+s", "y", "enter"],
        ["ctrl+s", "e", "ctrl+s", "y"],
        ["escape", "ctrl+s", "y"],
        ["a", "ctrl+k", "1", "ctrl+s", "y"],
    ],
)
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_no_burst_of_keys_sends(
    tmp_path: Path, keys: list[str], size: tuple[int, int]
) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            for key in keys:
                await pilot.press(key)
                await settled(app, pilot)
        assert (await stage.now()).replies == {}


async def test_digits_put_approved_words_in_on_a_small_screen(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+k")
            await until(pilot, lambda: isinstance(app.screen, Pick))
            pick = app.screen
            await until(pilot, lambda: pick.query_one(Items).items)
            await pilot.press("2")
            await until(pilot, lambda: "No card data was involved." in editor_of(screen).text)
            assert screen.opened is not None
            check = screen.opened.desk.review(editor_of(screen).text).check
            assert check.free == ()
            assert "faq-1" in check.used


async def test_words_are_put_in_beside_the_reply_on_a_wide_screen(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+k", "down", "enter")
            await until(pilot, lambda: "No card data was involved." in editor_of(screen).text)
            await until(pilot, lambda: editor_of(screen).has_focus)
            await pilot.press("ctrl+k", "1")
            await until(pilot, lambda: "in your reply already" in app.told())
            await pilot.press("ctrl+k", "5")
            await until(pilot, lambda: "expired" in app.told())


async def test_hostile_posts_stay_literal_behind_their_bar(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.forum.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.pause()
            line = next(one for one in text_of(app).split("\n") if "is my card safe" in one)
            assert line.split("│", 1)[1].strip() == "[@click=app.quit] is my card safe? [/red]"


async def test_by_hand_is_copied_and_confirmed_with_its_link(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.forum.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            _goes_by_hand(screen)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: isinstance(app.screen, ByHand))
            await pilot.press("ctrl+y")
            sent = next(iter((await stage.now()).replies.values()))
            assert app.clipboard == sent.text
            await pilot.press(*"ftp://x")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "a link starts with" in app.told())
            await pilot.press(*["backspace"] * 7, *"https://forum.example/t/2")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: not isinstance(app.screen, ByHand))
        out = next(iter((await stage.now()).replies.values()))
        assert out.state == "sent"
        assert out.sends["by-hand"].remote_url == "https://forum.example/t/2"


def _goes_by_hand(screen: ReplyScreen) -> None:
    assert screen.opened is not None
    assert screen.opened.place.by_hand
    assert screen.reviewed is not None
    assert not screen.reviewed.blocking


async def test_a_reply_that_is_out_cannot_be_sent_twice(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        reply = await stage.reply(SIGNED)
        await sending.send(stage.room, stage.incident.id, reply.id)
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "nobody answers twice" in app.told())
        assert len((await stage.now()).replies) == 1


async def test_a_colleagues_answer_shows_in_the_last_look(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            await triage.claim(stage.by("bo"), stage.mention.id, take=True)
            await stage.reply(SIGNED, by="bo")
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await pilot.pause()
            await until(pilot, lambda: "bo writes R-1 to this post" in text_of(app))


async def test_what_the_room_refuses_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)

        async def full(*unused: object, **ignored: object) -> None:
            raise Refused("disk-full", "the disk is full", "make room")

        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            monkeypatch.setattr(words, "save_reply", full)
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "the disk is full   make room" in app.told())
            assert app.screen is screen


async def test_the_editor_is_off_in_the_restricted_shell(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        shell = stage.room.as_actor(Actor("ada", via="shell"))
        screen = ReplyScreen(shell, stage.incident.id, stage.mention.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.pause()
            await until(pilot, lambda: "ctrl+o editor: off here" in text_of(app))
            await pilot.press("ctrl+o")
            await until(pilot, lambda: "no other program may start" in app.told())


async def test_an_act_that_ends_under_an_open_list_closes_the_composer_only(
    tmp_path: Path,
) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+k")
            await until(pilot, lambda: isinstance(app.screen, Pick))
            screen.close_with("done")
            await until(pilot, lambda: app.told() == "done")
            assert screen not in app.screen_stack
            assert len(app.screen_stack) == 2


@pytest.mark.parametrize("palette", ["light", "ansi-dark", "ansi-light", "mono"])
async def test_every_palette_shows_it(tmp_path: Path, palette: str) -> None:
    async with night(tmp_path) as stage:
        screen = reply_screen(stage)
        async with showing(stage, screen, (80, 24), palette) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.pause()
            await until(pilot, lambda: OK[:40] in text_of(app))
            await until(pilot, lambda: ("|" if palette == "mono" else "│") in text_of(app))
