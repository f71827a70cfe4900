"""Five people write, judge, take back, release and publish in any order: nothing slips through."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import START
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from room.oracle import Oracle
from room.people import as_, post
from room.posting import Box
from room.two_steps import EVERY, OURS, READY, TEAM
from room.two_steps import PLAN as TWO_STEPS
from watch.network import Network

from crisisroom.clock import ManualClock
from crisisroom.core.apply import replay
from crisisroom.core.canonical import text_hash
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Words
from crisisroom.core.playbook import Contact, Reach
from crisisroom.core.timeline import flaws
from crisisroom.fetch import Fetcher
from crisisroom.room import (
    Actor,
    Room,
    approvals,
    asking,
    entering,
    facts,
    lifecycle,
    reading,
    roles,
    sending,
    statements,
    triage,
    words,
)
from crisisroom.room.settings import apply_config
from crisisroom.watch.outbox import Outbox

MAIL = (Reach("email", "somebody@law.test"),)
PLAN = msgspec.structs.replace(
    TWO_STEPS,
    contacts=(
        Contact("lex", "Lex Law", MAIL, roles=("legal",)),
        Contact("vi", "Vi", MAIL, roles=("exec", "owner")),
        Contact("ada", "Ada", MAIL),  # of the team: what they hold there counts
    ),
)
people = st.sampled_from([member.id for member in TEAM])
contacts = st.sampled_from([contact.id for contact in PLAN.contacts])
ids = st.sampled_from(["ST-1", "ST-2", "R-1"])
texts = st.sampled_from(["We are sorry.", "There is news.", "We look into it."])
GROUNDS: Counter[str] = Counter()
HEARD: Counter[str] = Counter()


class ApprovalMachine(RuleBasedStateMachine):
    """A real room on a real file, five people, and a network that takes everything."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp")
        os.environ["XDG_RUNTIME_DIR"] = self.folder.name
        self.clock = ManualClock(START)
        self.network = Network(random.Random(3), self.clock, idempotent=True)
        self.fetch = Fetcher()
        self.runner.run(self._open())

    async def _open(self) -> None:
        file = str(Path(self.folder.name) / "room.db")
        self.room = await Room.open(file, actor=Actor("ada"), clock=self.clock)
        await apply_config(self.room, OURS, "crisisroom.yaml")
        await triage.ingest(self.room, [post("it burns", "p1")])
        await lifecycle.declare(
            self.room, "Kettles", playbook=PLAN, severity="sev2", mentions=["M-1"]
        )
        await facts.set_fact(self.room, "INC-1", "product", "the X1")
        await approvals.approve_words(as_(self.room, "cy"), PLAN, ["holding"])
        self.oracle = Oracle(PLAN)
        self.known = 0  # of the room's own log
        self.post = Box("email")
        self.sent = ["0000-0000"]  # every code, and one that nobody was sent
        self.box = Outbox(as_(self.room, "watch"), self.fetch, lambda incident, name: self.network)

    def teardown(self) -> None:
        entries = self.runner.run(reading.timeline(self.room, "INC-1"))
        assert list(flaws(entries)) == []
        assert replay(entries) == self.state()
        GROUNDS.update(self.oracle.grounds)
        HEARD.update(codes=self.oracle.heard)
        self.runner.run(self.room.close())
        self.runner.run(self.fetch.aclose())
        self.runner.close()
        self.folder.cleanup()

    def try_(self, act: Awaitable[Any]) -> bool:
        """Act, unless it is refused."""
        try:
            self.runner.run(act)  # type: ignore[arg-type]
        except Refused:
            return False
        return True

    def state(self) -> Incident:
        return self.runner.run(reading.incident(self.room, "INC-1"))

    def found(self, words_id: str) -> Words | None:
        return self.state().words(words_id)

    def as_(self, who: str) -> Room:
        return as_(self.room, who)

    @initialize(order=st.permutations(EVERY))
    def everybody_takes_a_part(self, order: list[str]) -> None:
        for member, role in zip(TEAM, order, strict=True):
            self.try_(roles.take(self.as_(member.id), "INC-1", role))
        self.draft("ada", "holding")
        self.answer("bo", "We are sorry.")

    @rule(seconds=st.sampled_from([1, 299, 301, 600, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(who=people, role=st.sampled_from(EVERY), leave=st.booleans())
    def move_role(self, who: str, role: str, leave: bool) -> None:
        act = roles.leave if leave else roles.take
        self.try_(act(self.as_(who), "INC-1", role))

    @rule(who=people, value=st.sampled_from(["yes", "no", ""]))
    def learn_of_an_injury(self, who: str, value: str) -> None:
        state = "known" if value else "unknown"
        self.try_(facts.set_fact(self.as_(who), "INC-1", "injury", value, state))

    @rule(who=people, value=st.sampled_from(["the X1", "the X2"]))
    def learn_of_a_product(self, who: str, value: str) -> None:
        self.try_(facts.set_fact(self.as_(who), "INC-1", "product", value))

    @rule(who=people, severity=st.sampled_from(["sev1", "sev2"]))
    def change_severity(self, who: str, severity: str) -> None:
        self.try_(lifecycle.severity(self.as_(who), "INC-1", severity, "so it looks"))

    @rule(
        order=st.permutations([member.id for member in TEAM]),
        id_=ids,
        wait=st.sampled_from([0, 0, 301, 601]),
        then=st.sampled_from(["", "", "edit", "revoke", "injury", "wait", "rewrite", "release"]),
    )
    def go_all_the_way(self, order: list[str], id_: str, wait: int, then: str) -> None:
        """Hand in, ask everybody, let something come between, publish."""
        self.submit(order[0], id_)
        self.clock.advance(wait)
        self.ask_everybody(order, id_)
        if then == "edit":
            self.edit(order[1], id_, "We are sorry.")
        elif then == "rewrite":
            self.edit_and_think_better_of_it(order[1], id_)
        elif then == "revoke":
            self.say_no(order[1], id_, "revoke")
        elif then == "injury":
            self.learn_of_an_injury(order[1], "yes")
        elif then == "wait":
            self.clock.advance(3600)
        elif then == "release":
            self.edit(order[1], id_, "There is news.")
            for who in order:
                self.break_the_glass(who, id_, "nobody of them answers")
        self.publish(order[2], id_, "masto")
        self.the_outbox_works()

    @rule(who=people, template=st.sampled_from(["holding", "update"]))
    def draft(self, who: str, template: str) -> None:
        if len(self.state().statements) < 2:
            self.try_(statements.draft(self.as_(who), "INC-1", template, channel="masto"))

    @rule(who=people, text=texts)
    def answer(self, who: str, text: str) -> None:
        self.try_(words.save_reply(self.as_(who), "INC-1", "M-1", text))

    @rule(who=people, id_=ids, text=texts)
    def edit(self, who: str, id_: str, text: str) -> None:
        self.try_(words.edit(self.as_(who), "INC-1", id_, text))

    @rule(who=people, id_=ids)
    def edit_and_think_better_of_it(self, who: str, id_: str) -> None:
        if before := self.found(id_):
            self.try_(words.edit(self.as_(who), "INC-1", id_, "Or else."))
            self.try_(words.edit(self.as_(who), "INC-1", id_, before.text))

    @rule(who=people, id_=ids)
    def submit(self, who: str, id_: str) -> None:
        self.try_(words.submit(self.as_(who), "INC-1", id_))

    @rule(who=people, id_=ids, stale=texts | st.none())
    def approve(self, who: str, id_: str, stale: str | None) -> None:
        now = self.found(id_)
        sha256 = text_hash(stale) if stale else now.sha256 if now else ""
        self.try_(words.approve(self.as_(who), "INC-1", id_, sha256))

    @rule(order=st.permutations([member.id for member in TEAM]), id_=ids)
    def ask_everybody(self, order: list[str], id_: str) -> None:
        if now := self.found(id_):
            for who in order:
                self.try_(words.approve(self.as_(who), "INC-1", id_, now.sha256))

    @rule(who=people, id_=ids, act=st.sampled_from(["reject", "revoke", "withdraw"]))
    def say_no(self, who: str, id_: str, act: str) -> None:
        no = {"reject": words.reject, "revoke": words.revoke, "withdraw": words.withdraw}[act]
        if act != "withdraw" or len(self.state().replies) < 3:
            self.try_(no(self.as_(who), "INC-1", id_, "not like this"))

    @rule(who=people, id_=ids, reason=st.sampled_from(["now", "nobody of them answers"]))
    def break_the_glass(self, who: str, id_: str, reason: str) -> None:
        self.try_(words.release(self.as_(who), "INC-1", id_, reason))

    @rule(who=people, id_=ids, contact=contacts)
    def ask_by_message(self, who: str, id_: str, contact: str) -> None:
        ask = asking.ask(self.as_(who), "INC-1", id_, contact, messengers=self.post)
        before = len(self.post.got)
        if self.try_(ask):
            assert len(self.post.got) == before + 1
            self.sent.append(self.post.code)

    @rule(who=people, id_=ids, which=st.integers(0, 7))
    def enter_a_code(self, who: str, id_: str, which: int) -> None:
        code = self.sent[-1 - which % len(self.sent)]
        if self.try_(entering.enter(self.as_(who), "INC-1", id_, code)):
            assert code != self.sent[0], "a code that nobody was sent"

    @rule(who=people, number=st.integers(1, 4), void=st.booleans())
    def hear_a_no(self, who: str, number: int, void: bool) -> None:
        room, ask = self.as_(who), f"K-{number}"
        act = entering.void if void else entering.refused
        self.try_(act(room, "INC-1", ask, "not like this"))

    @rule(
        order=st.permutations([member.id for member in TEAM]),
        id_=ids,
        first=contacts,
        then=st.sampled_from(["", "", "edit", "rewrite", "reject", "wait"]),
    )
    def go_by_message(self, order: list[str], id_: str, first: str, then: str) -> None:
        """Hand in, ask by message, let something come between, hear the codes, publish."""
        self.submit(order[0], id_)
        for contact in (first, "vi"):
            self.ask_by_message(order[1], id_, contact)
            self.clock.advance(1)
            if then == "edit":
                self.edit(order[2], id_, "There is news.")
            elif then == "rewrite":
                self.edit_and_think_better_of_it(order[2], id_)
                self.submit(order[2], id_)
            elif then == "reject":
                self.say_no(order[2], id_, "reject")
            elif then == "wait":
                self.clock.advance(7200)
            self.enter_a_code(order[0], id_, 0)
        self.publish(order[2], id_, "masto")
        self.the_outbox_works()

    @rule(who=people, revoke=st.booleans())
    def judge_the_playbook(self, who: str, revoke: bool) -> None:
        if revoke:
            self.try_(approvals.revoke(self.as_(who), text_hash(READY), "not now"))
        else:
            self.try_(approvals.approve_words(self.as_(who), PLAN, ["holding"]))

    @rule(who=people, id_=ids, channel=st.sampled_from(["masto", "by-hand"]))
    def publish(self, who: str, id_: str, channel: str) -> None:
        self.try_(sending.send(self.as_(who), "INC-1", id_, channel))

    @rule(who=people, id_=ids)
    def wait_for_nobody(self, who: str, id_: str) -> None:
        self.submit(who, id_)
        self.clock.advance(601)
        self.publish(who, id_, "masto")

    @rule()
    def the_outbox_works(self) -> None:
        self.runner.run(self.box.work())

    @invariant()
    def nothing_went_out_on_no_ground(self) -> None:
        log = self.runner.run(reading.room_log(self.room))
        fresh = self.runner.run(reading.timeline(self.room, "INC-1", after=self.oracle.seq))
        self.oracle.judge(log[self.known :], fresh)
        self.known = len(log)


def _run(examples: int, steps: int) -> None:
    before = os.environ["XDG_RUNTIME_DIR"]
    GROUNDS.clear()
    HEARD.clear()
    try:
        run_state_machine_as_test(
            ApprovalMachine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        os.environ["XDG_RUNTIME_DIR"] = before


def test_whatever_five_people_do_nothing_goes_out_unapproved() -> None:
    for _ in range(5):  # now and then nobody gets as far as sending
        _run(12, 40)
        if GROUNDS:
            break
    assert GROUNDS


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_whatever_five_people_do_for_long_nothing_goes_out_unapproved() -> None:
    _run(400, 80)
    assert HEARD["codes"] > 50
    assert {f"queued: {why}" for why in ("approved", "released", "beforehand")} <= set(GROUNDS)
