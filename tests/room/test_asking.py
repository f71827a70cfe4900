"""Approvers without a terminal: asked by message, heard by phone, put down under their own name."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from engines import kept_bytes
from room.people import as_
from room.posting import PLAN, Box, begun, code_in

from crisisroom.clock import ManualClock
from crisisroom.core import codes
from crisisroom.core.apply import replay
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, Words
from crisisroom.core.timeline import flaws
from crisisroom.notifiers.messages import InDoubt, NotDelivered
from crisisroom.room import Room, asking, entering, facts, reading, sending, statements, words


@pytest.fixture
def box() -> Box:
    return Box()


async def asked(room: Room, box: Box, contact: str = "lex", way: str = "") -> str:
    """Ask a contact about ST-1; returns the code in their message."""
    await asking.ask(room, "", "ST-1", contact, way=way, messengers=box)
    return box.code


async def state(room: Room) -> Incident:
    return await reading.incident(room)


async def wrong(room: Room, code: str) -> Refused:
    with pytest.raises(Refused) as refused:
        await entering.enter(room, "", "ST-1", code)
    return refused.value


async def test_whoever_hears_the_code_puts_the_approval_down(
    room: Room, box: Box, clock: ManualClock
) -> None:
    text = await begun(room)
    sent = await asking.ask(room, "", "ST-1", "lex", messengers=box)
    assert sent.thing.sure
    assert sent.entry.text == "asked Lex Law, as Legal, by email to approve ST-1 v1"
    ((to, message),) = box.got
    assert to == "lex@law.test"
    assert f"\n{text.text}\n" in message.text
    assert "Ada asks you, as Legal" in message.text
    assert "Please answer by 03:17 on 2026-11-22 (Europe/Berlin)." in message.text
    assert "once, until 05:07 on 2026-11-22" in message.text
    clock.advance(20)
    heard = await entering.enter(room, "", "st-1", box.code.lower().replace("-", " "))
    assert heard.entry.text == "has the word of Lex Law, by code: approved ST-1 v1"
    assert heard.thing.state == "approved"
    said = heard.thing.approved_by()
    assert (said.by, said.recorded_by, said.roles, said.alone) == (
        "Lex Law",
        "ada",
        ("legal",),
        False,
    )
    assert heard.entry.actor == "ada"
    assert (await sending.send(room, "", "ST-1")).thing.state == "queued"


async def test_the_code_is_in_the_message_alone(room: Room, box: Box, address: str) -> None:
    await begun(room)
    code = await asked(room, box)
    await wrong(room, "00000000")
    await entering.enter(room, "", "ST-1", code)
    said = msgspec.json.encode([await state(room), await reading.timeline(room)]).decode()
    kept = await kept_bytes(address)
    for shown in (code, code.replace("-", ""), code.lower()):
        assert shown not in said
        assert shown.encode() not in kept
    assert code not in repr(box.got[0][1])


async def test_a_code_is_good_once(room: Room, box: Box) -> None:
    await begun(room)
    await facts.set_fact(room, "", "injury", "yes")
    code = await asked(room, box)
    heard = await entering.enter(room, "", "ST-1", code)
    assert heard.entry.text.endswith("1 of 2: waits for Executive")
    assert heard.thing.state == "submitted"
    again = await wrong(room, code)
    assert (again.code, again.hint[:10]) == ("no-code", "ask again:")
    assert "was used" in again.message
    chief = await asked(room, box, "chief")
    assert box.got[-1][0] == "+49 170 2"
    done = await entering.enter(as_(room, "bo"), "", "ST-1", chief)
    assert (done.thing.state, done.thing.approved_by().recorded_by) == ("approved", "bo")
    assert "dee" not in (await wrong(room, chief)).message


async def test_after_five_wrong_codes_even_the_right_one_is_void(room: Room, box: Box) -> None:
    await begun(room)
    code = await asked(room, box)
    for left in (4, 3, 2, 1):
        assert f"; {left} more tries" in (await wrong(room, "0000-0000")).message
    assert "void" in (await wrong(room, "0000-0000")).message
    assert "is void" in (await wrong(room, code)).message
    assert (await state(room)).asked["K-1"].wrong == codes.MOST_WRONG
    assert (await asking.asks(room, ""))[0][1] == "void"
    await entering.enter(room, "", "ST-1", await asked(room, box))


async def test_what_is_no_code_at_all_is_not_counted(room: Room, box: Box) -> None:
    await begun(room)
    await asked(room, box)
    for typed in ("", "7F3K", "yes, go ahead", "7F3K-92QDX"):
        with pytest.raises(Usage, match="8 letters and digits"):
            await entering.enter(room, "", "ST-1", typed)
    assert (await state(room)).asked["K-1"].wrong == 0


@pytest.mark.parametrize("how", ["edited", "back and forth", "rejected", "revoked", "late"])
async def test_a_code_lapses_with_its_text(
    room: Room, box: Box, clock: ManualClock, how: str
) -> None:
    text = await begun(room)
    code = await asked(room, box)
    clock.advance(1)
    bo = as_(room, "bo")
    if how == "rejected":
        await words.reject(bo, "", "ST-1", "not like this")
    elif how == "revoked":
        await words.approve(bo, "", "ST-1", text.sha256)
        await words.revoke(bo, "", "ST-1", "not like this")
    elif how == "late":
        clock.advance(codes.GOOD_FOR.total_seconds() - 1)
    else:
        await words.edit(room, "", "ST-1", "There is news.")
    if how == "back and forth":
        await words.edit(room, "", "ST-1", text.text)
    clock.advance(1)
    if how not in ("late", "revoked"):
        await words.submit(room, "", "ST-1")
    refused = await wrong(room, code)
    assert refused.code == "no-code"
    assert "too old" in refused.message if how == "late" else "since Lex Law" in refused.message
    assert not (await state(room)).statements["ST-1"].approved_by()
    with pytest.raises(Refused):
        await sending.send(room, "", "ST-1")


async def test_a_code_for_one_text_says_nothing_of_another(room: Room, box: Box) -> None:
    await begun(room)
    code = await asked(room, box)
    await statements.draft(room, "", "standing", "There is news.", channel="masto")
    await words.submit(room, "", "ST-2")
    with pytest.raises(Refused, match="nobody was asked about ST-2"):
        await entering.enter(room, "", "ST-2", code)
    await asking.ask(room, "", "ST-2", "lex", messengers=box)
    with pytest.raises(Refused, match="not the code for ST-2"):
        await entering.enter(room, "", "ST-2", code)
    assert (await state(room)).asked["K-1"].wrong == 0


async def test_two_were_asked_and_either_may_answer(room: Room, box: Box) -> None:
    await begun(room)
    first, second = await asked(room, box, "lex"), await asked(room, box, "bo")
    assert "as Lead" in box.text
    await wrong(room, "0000-0000")
    assert [one.wrong for one, _ in await asking.asks(room, "")] == [1, 1]
    heard = await entering.enter(room, "", "ST-1", second)
    assert (heard.thing.approved_by().by, heard.thing.approved_by().roles) == ("Bo", ("lead",))
    assert [now for _, now in await asking.asks(room, "")] == ["settled", "used"]
    with pytest.raises(Refused, match="Bo approved ST-1"):
        await entering.enter(room, "", "ST-1", first)


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("ada", "Ada wrote ST-1: nobody approves their own words"),
        ("chief", "ST-1 waits for Legal or Lead, which The Chief is not"),
        ("lab", "ST-1 waits for Legal or Lead, which The lab is not"),
    ],
)
async def test_only_whose_word_counts_is_asked(
    room: Room, box: Box, contact: str, told: str
) -> None:
    await begun(room)
    with pytest.raises(Refused, match=told):
        await asked(room, box, contact)
    assert box.got == []
    with pytest.raises(Usage, match="no contact nobody"):
        await asking.ask(room, "", "ST-1", "nobody", messengers=box)


async def test_the_author_s_name_in_the_team_is_the_contact_s(room: Room, box: Box) -> None:
    await begun(room)
    await words.withdraw(room, "", "ST-1")
    bo = as_(room, "bo")
    await statements.draft(bo, "", "standing", channel="masto")
    await words.submit(bo, "", "ST-2")
    with pytest.raises(Refused, match="Bo wrote ST-2"):
        await asking.ask(room, "", "ST-2", "bo", messengers=box)


async def test_the_stand_in_is_asked_once_it_is_late(
    room: Room, box: Box, clock: ManualClock
) -> None:
    await begun(room)
    assert [one.contact.id for one in await asking.askable(room, "", "ST-1", box)] == ["lex", "bo"]
    clock.advance(601)
    found = await asking.askable(room, "", "ST-1", box)
    assert [(one.contact.id, one.roles, one.ways) for one in found] == [
        ("lex", ("legal",), ("email", "sms")),
        ("bo", ("lead",), ("email",)),
        ("chief", ("exec",), ("sms",)),
    ]
    code = await asked(room, box, "chief")
    assert "the sooner the better" in box.text
    assert (await entering.enter(room, "", "ST-1", code)).thing.approved_by().roles == ("exec",)


async def test_the_way_is_the_first_that_is_served_or_the_one_named(room: Room, box: Box) -> None:
    await begun(room)
    await asked(room, box, way="sms")
    assert box.got[-1][0] == "+49 170 1"
    with pytest.raises(Refused, match="no messenger reaches Lex Law by phone; the plan has: phone"):
        await asked(room, box, way="phone")
    with pytest.raises(Refused, match="by any of their ways"):
        await asked(room, Box("pager"))
    assert len((await state(room)).asked) == 1


async def test_a_message_that_did_not_go_asked_nobody(room: Room, box: Box) -> None:
    await begun(room)
    box.fails = NotDelivered("the server is down", "call them")
    before = (await state(room)).seq
    with pytest.raises(Refused, match="nobody was asked: the server is down") as refused:
        await asked(room, box)
    assert refused.value.hint == "call them"
    assert (await state(room)).seq == before
    with pytest.raises(Refused, match="nobody was asked"):
        await entering.enter(room, "", "ST-1", box.code)


async def test_a_message_in_doubt_says_so_and_its_code_is_good(room: Room, box: Box) -> None:
    await begun(room)
    box.fails = InDoubt("no answer")
    sent = await asking.ask(room, "", "ST-1", "lex", messengers=box, command_id="c1")
    assert (sent.thing.sure, sent.thing.why) == (False, "no answer")
    assert "nobody knows whether the message arrived" in sent.entry.text
    again = await asking.ask(room, "", "ST-1", "lex", messengers=box, command_id="c1")
    assert (again.thing.sure, len(box.got)) == (False, 1)
    assert (await entering.enter(room, "", "ST-1", box.code)).thing.state == "approved"


async def test_a_server_that_repeats_the_code_does_not_show_it(room: Room, box: Box) -> None:
    await begun(room)

    class Echo(Box):
        async def carry(self, to: str, message: object) -> None:
            await Box.carry(self, to, message)  # type: ignore[arg-type]
            raise NotDelivered(f"554 spam: {self.code} {self.code.replace('-', '')}")

    echo = Echo()
    with pytest.raises(Refused) as refused:
        await asked(room, echo)
    assert refused.value.message == "nobody was asked: 554 spam: (code) (code)"
    assert refused.value.__suppress_context__


async def test_a_text_that_changed_on_the_way_makes_the_code_worthless(
    room: Room, box: Box
) -> None:
    await begun(room)

    class Slow(Box):
        async def carry(self, to: str, message: object) -> None:
            await Box.carry(self, to, message)  # type: ignore[arg-type]
            await words.edit(room, "", "ST-1", "There is news.")

    slow = Slow()
    with pytest.raises(Refused, match="changed while the message was on its way"):
        await asked(room, slow)
    assert (await state(room)).asked == {}


async def test_commands_are_done_once(room: Room, box: Box) -> None:
    await begun(room)
    first = await asking.ask(room, "", "ST-1", "lex", messengers=box, command_id="c1")
    again = await asking.ask(room, "", "ST-1", "lex", messengers=box, command_id="c1")
    assert (again.thing.ask, len(box.got)) == (first.thing.ask, 1)
    for _ in range(2):
        with pytest.raises(Refused, match="4 more tries"):
            await entering.enter(room, "", "ST-1", "0000-0000", command_id="c2")
    heard = await entering.enter(room, "", "ST-1", box.code, command_id="c3")
    repeated = await entering.enter(room, "", "ST-1", box.code, command_id="c3")
    assert heard.entry == repeated.entry
    assert repeated.thing.state == "approved"


async def test_a_no_needs_no_code(room: Room, box: Box) -> None:
    await begun(room)
    code = await asked(room, box)
    with pytest.raises(Usage, match="needs a reason"):
        await entering.refused(room, "", "K-1", " ")
    heard = await entering.refused(room, "", "k-1", "which batch?")
    assert heard.entry.text == "has the word of Lex Law: rejected ST-1 v1: which batch?"
    assert heard.thing.state == "rejected"
    assert (heard.thing.verdicts[-1].by, heard.thing.verdicts[-1].recorded_by) == ("Lex Law", "ada")
    await words.submit(room, "", "ST-1")
    assert (await wrong(room, code)).code == "no-code"
    with pytest.raises(Usage, match="has no K-9"):
        await entering.refused(room, "", "K-9", "no")


async def test_a_code_is_made_void(room: Room, box: Box) -> None:
    await begun(room)
    code = await asked(room, box)
    gone = await entering.void(room, "", "K-1", "the wrong Lex")
    assert gone.thing.state == "void"
    assert gone.entry.text == "made the code of Lex Law for ST-1 void: the wrong Lex"
    assert "is void" in (await wrong(room, code)).message
    with pytest.raises(Refused, match="K-1 is void"):
        await entering.void(room, "", "K-1")


@pytest.mark.parametrize("when", ["draft", "approved"])
async def test_only_a_text_that_waits_is_asked_about(room: Room, box: Box, when: str) -> None:
    text = await begun(room)
    if when == "draft":
        await words.edit(room, "", "ST-1", "There is news.")
    else:
        await words.approve(as_(room, "bo"), "", "ST-1", text.sha256)
    with pytest.raises(Refused):
        await asked(room, box)
    assert await asking.askable(room, "", "ST-1", box) == ()
    assert box.got == []


def messages(room: Room) -> tuple[dict[str, str], int]:
    """Return the one message that a drill's room kept, and the rights of the file."""
    file = Path(f"{room.store.here}-messages.jsonl")
    (line,) = map(json.loads, file.read_text().splitlines())
    return line, file.stat().st_mode & 0o777


async def test_a_drill_reaches_nobody(room: Room, box: Box) -> None:
    await begun(room, drill=True)
    await asking.ask(room, "", "ST-1", "lex", messengers=box)
    assert box.got == []
    line, mode = messages(room)
    assert line["label"].startswith("DRILL")
    assert (line["by"], line["to"]) == ("email", "lex@law.test")
    assert line["title"].startswith("DRILL: ")
    assert line["text"].startswith("THIS IS A DRILL")
    assert mode == 0o600
    heard = await entering.enter(room, "", "ST-1", code_in(line["text"]))
    assert heard.thing.state == "approved"


async def test_a_reply_is_shown_with_what_it_answers(room: Room, box: Box) -> None:
    await begun(room)
    saved: Words = (await words.save_reply(room, "", "M-1", "We call you.")).thing
    await words.submit(room, "", saved.id)
    await asking.ask(room, "", saved.id, "lex", messengers=box)
    assert "pat@social.example wrote:\n> it burns\n" in box.text
    assert "a reply to @pat@social.example on masto (R-1, version 1)" in box.text
    assert "We call you." in box.text
    heard = await entering.enter(room, "", saved.id, box.code)
    assert heard.entry.kind == "reply.approved"


async def test_whom_to_call_is_who_asks_or_the_lead(room: Room, box: Box) -> None:
    await begun(room)
    await asked(room, box)
    assert "Or call Bo, +49 30 2." in box.text  # ada has no number in the plan


async def test_without_a_team_an_approver_by_code_is_no_self_approval(room: Room, box: Box) -> None:
    await begun(room)
    from crisisroom.room.settings import apply_config

    await apply_config(room, msgspec.structs.replace(room.config, team=()), "crisisroom.yaml")
    heard = await entering.enter(room, "", "ST-1", await asked(room, box))
    assert (heard.thing.approved_by().by, heard.thing.approved_by().alone) == ("Lex Law", False)


async def test_the_log_holds_and_tells_the_same_again(room: Room, box: Box) -> None:
    await begun(room)
    await asked(room, box)
    await wrong(room, "0000-0000")
    await entering.void(room, "", "K-1")
    await entering.enter(room, "", "ST-1", await asked(room, box))
    entries = await reading.timeline(room)
    assert list(flaws(entries)) == []
    assert replay(entries) == await state(room)
    assert PLAN.contacts[0].name == (await state(room)).asked["K-2"].name
