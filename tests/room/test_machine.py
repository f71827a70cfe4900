"""Four people do whatever comes to their minds to one incident; the promises hold throughout."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from conftest import START
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from room.people import PLAN, TEAM, WITH_TEAM, as_, declared, post
from room.promises import check_approvals
from watch.network import Network

from crisisroom.clock import ManualClock
from crisisroom.core.apply import documents, replay
from crisisroom.core.canonical import text_hash
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.query import Query
from crisisroom.core.timeline import Entry, flaws
from crisisroom.fetch import Fetcher
from crisisroom.room import (
    Actor,
    Room,
    approvals,
    facts,
    lifecycle,
    reading,
    record,
    roles,
    sending,
    statements,
    tasks,
    triage,
    words,
)
from crisisroom.store import log
from crisisroom.watch.late import note_late
from crisisroom.watch.outbox import Outbox

POSTS = 4
people = st.sampled_from([member.id for member in TEAM])
mentions = st.sampled_from([f"M-{number}" for number in range(1, POSTS + 1)])
OWN = ("We are sorry.", "We look into it.", "There is no risk.", "‹when›")
own_words = st.sampled_from(OWN)
reply_ids = st.sampled_from(["R-1", "R-2", "R-3"])
words_ids = reply_ids | st.sampled_from(["ST-1", "ST-2"])
task_ids = st.sampled_from(["pause", "ask", "page"])
channels = st.sampled_from(["", "masto", "by-hand"])


class IncidentMachine(RuleBasedStateMachine):
    """The real room on a real file; acts that are refused change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp")
        os.environ["XDG_RUNTIME_DIR"] = self.folder.name
        self.clock = ManualClock(START)
        self.network = Network(random.Random(3), self.clock, idempotent=True)
        self.network.trouble = 0.5
        self.fetch = Fetcher()
        self.runner.run(self._open())
        self.acts = self.refused = 0

    async def _open(self) -> None:
        file = str(Path(self.folder.name) / "room.db")
        self.room = await Room.open(file, actor=Actor("ada"), clock=self.clock)
        texts = [f"post {number} burns" for number in range(1, POSTS + 1)]
        await declared(self.room, WITH_TEAM, texts)
        await approvals.approve_words(as_(self.room, "cy"), PLAN)
        self.box = Outbox(as_(self.room, "watch"), self.fetch, lambda incident, name: self.network)

    def teardown(self) -> None:
        self.runner.run(self.room.close())
        self.runner.run(self.fetch.aclose())
        self.runner.close()
        self.folder.cleanup()

    def try_(self, act: Awaitable[Any]) -> Any:
        """Act, unless it is refused; a refusal leaves the log as it was."""
        before = self.state().seq
        self.acts += 1
        try:
            return self.runner.run(act)  # type: ignore[arg-type]
        except Refused:
            self.refused += 1
            assert self.state().seq == before
            return None

    def state(self) -> Incident:
        return self.runner.run(reading.incident(self.room, "INC-1"))

    def entries(self) -> tuple[Entry, ...]:
        return self.runner.run(reading.timeline(self.room, "INC-1"))

    def as_(self, who: str) -> Room:
        return as_(self.room, who)

    @rule(seconds=st.sampled_from([1, 20, 400, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.runner.run(note_late(self.room))

    @rule(who=people, task=task_ids, given=st.sampled_from(["", "https://e.example/1"]))
    def do_task(self, who: str, task: str, given: str) -> None:
        self.try_(tasks.done(self.as_(who), "INC-1", task, given))

    @rule(who=people, task=task_ids, act=st.sampled_from(["skip", "reopen", "assign"]))
    def move_task(self, who: str, task: str, act: str) -> None:
        room = self.as_(who)
        if act == "skip":
            self.try_(tasks.skip(room, "INC-1", task, "not here"))
        elif act == "reopen":
            self.try_(tasks.reopen(room, "INC-1", task))
        else:
            self.try_(tasks.assign(room, "INC-1", task, who))

    @rule(
        who=people,
        fact=st.sampled_from(["product", "batch", "cause"]),
        value=st.sampled_from(["the X1", "the X2"]),
        state=st.sampled_from(["known", "checking", "changed", "unknown"]),
    )
    def learn(self, who: str, fact: str, value: str, state: str) -> None:
        self.try_(facts.set_fact(self.as_(who), "INC-1", fact, value, state))

    @rule(who=people, role=st.sampled_from(["lead", "social", "legal"]), leave=st.booleans())
    def move_role(self, who: str, role: str, leave: bool) -> None:
        act = roles.leave if leave else roles.take
        self.try_(act(self.as_(who), "INC-1", role))

    @rule(who=people, level=st.sampled_from(["sev1", "sev2", "sev3"]))
    def change_severity(self, who: str, level: str) -> None:
        self.try_(lifecycle.severity(self.as_(who), "INC-1", level))

    @rule(who=people, again=st.booleans())
    def end_or_reopen(self, who: str, again: bool) -> None:
        room = self.as_(who)
        act = lifecycle.reopen(room, "INC-1", "more") if again else lifecycle.resolve(room, "INC-1")
        self.try_(act)

    @rule(who=people, mention=mentions, act=st.sampled_from(["claim", "take", "release", "assign"]))
    def move_claim(self, who: str, mention: str, act: str) -> None:
        room = self.as_(who)
        if act == "release":
            self.try_(triage.release(room, mention))
        elif act == "assign":
            self.try_(triage.assign(room, mention, "bo"))
        else:
            self.try_(triage.claim(room, mention, take=act == "take"))

    @rule(mention=mentions, act=st.sampled_from(["dismiss", "restore", "offline"]))
    def put_aside(self, mention: str, act: str) -> None:
        acts = {"dismiss": triage.dismiss, "restore": triage.restore, "offline": triage.offline}
        self.try_(acts[act](self.room, mention))

    @rule(mention=mentions, link=st.booleans())
    def link_or_not(self, mention: str, link: bool) -> None:
        if link:
            self.try_(triage.link(self.room, "INC-1", [mention]))
        else:
            self.try_(triage.unlink(self.room, "INC-1", mention))

    @rule(number=st.integers(1, POSTS), text=st.sampled_from(["edited", "edited again"]))
    def the_author_edits(self, number: int, text: str) -> None:
        self.runner.run(triage.ingest(self.room, [post(text, f"p{number}")]))

    @rule(who=people, mention=mentions, text=own_words, prefilled=st.booleans())
    def write_reply(self, who: str, mention: str, text: str, prefilled: bool) -> None:
        room = self.as_(who)
        if prefilled:
            opened = self.try_(words.prefill(room, "INC-1", mention))
            text = opened.desk.first_text()
        self.try_(words.save_reply(room, "INC-1", mention, text))

    @rule(who=people, template=st.sampled_from(["holding", "standing"]))
    def draft_statement(self, who: str, template: str) -> None:
        if len(self.state().statements) < 2:
            self.try_(statements.draft(self.as_(who), "INC-1", template, channel="masto"))

    @rule(who=people, id_=words_ids, text=own_words)
    def edit(self, who: str, id_: str, text: str) -> None:
        self.try_(words.edit(self.as_(who), "INC-1", id_, text))

    @rule(who=people, id_=words_ids)
    def submit(self, who: str, id_: str) -> None:
        self.try_(words.submit(self.as_(who), "INC-1", id_))

    @rule(who=people, id_=words_ids, text=own_words | st.none(), yes=st.booleans())
    def judge(self, who: str, id_: str, text: str | None, yes: bool) -> None:
        found = self.state().words(id_)
        sha256 = text_hash(text) if text else found.sha256 if found else ""
        room = self.as_(who)
        act = words.approve(room, "INC-1", id_, sha256) if yes else words.reject(
            room, "INC-1", id_, "no"
        )  # fmt: skip
        self.try_(act)

    @rule(who=people, id_=words_ids, channel=channels)
    def send(self, who: str, id_: str, channel: str) -> None:
        self.try_(sending.send(self.as_(who), "INC-1", id_, channel))

    @rule(who=people, id_=words_ids, act=st.sampled_from(["withdraw", "confirm", "lost"]))
    def after_sending(self, who: str, id_: str, act: str) -> None:
        room = self.as_(who)
        if act == "withdraw":
            self.try_(words.withdraw(room, "INC-1", id_))
        elif act == "confirm":
            self.try_(sending.confirm(room, "INC-1", id_))
        else:
            found = self.state().words(id_)
            went = bool(found and self.network.posts[found.text])
            self.try_(sending.settle(room, "INC-1", id_, went))

    @rule(work=st.integers(1, 3))
    def the_outbox_works(self, work: int) -> None:
        for _ in range(work):
            self.runner.run(self.box.work())
            self.clock.advance(12)

    @rule(who=people, revoke=st.booleans())
    def judge_the_playbook(self, who: str, revoke: bool) -> None:
        if revoke:
            sha256 = text_hash(PLAN.key_messages[0].text)
            self.try_(approvals.revoke(self.as_(who), sha256, "not now"))
        else:
            self.try_(approvals.approve_words(self.as_(who), PLAN))

    @rule(who=people, seq=st.integers(1, 40))
    def write_down(self, who: str, seq: int) -> None:
        self.try_(record.correct(self.as_(who), "INC-1", seq, "it was otherwise"))
        self.try_(record.add_action(self.as_(who), "INC-1", "change it"))
        self.try_(record.action_done(self.as_(who), "INC-1", "A-1"))

    @invariant()
    def the_log_tells_it_all(self) -> None:
        state, entries = self.state(), self.entries()
        assert list(flaws(entries)) == []
        assert replay(entries) == state
        kept = self.runner.run(self.room.store.read(lambda tx: log.projection(tx, state.uid)))
        assert kept == documents(state)

    @invariant()
    def nobody_is_answered_twice(self) -> None:
        state = self.state()
        live = [reply.mention for reply in state.replies.values() if reply.live]
        assert len(live) == len(set(live))
        assert all(
            reply.mention in state.mentions for reply in state.replies.values() if reply.live
        )

    @invariant()
    def what_is_out_was_approved_by_another(self) -> None:
        check_approvals(self.entries(), OWN)

    @invariant()
    def the_posts_and_the_log_say_the_same_of_a_mention(self) -> None:
        linked = {one.uid: (one.state, one.assignee) for one in self.state().mentions.values()}
        rows = self.runner.run(reading.mentions(self.room, Query(incident="INC-1")))
        assert {row.uid: (row.state, row.assignee) for row in rows} == linked


def _run(examples: int, steps: int) -> None:
    before = os.environ["XDG_RUNTIME_DIR"]
    try:
        run_state_machine_as_test(
            IncidentMachine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        os.environ["XDG_RUNTIME_DIR"] = before


def test_whatever_four_people_do_the_promises_hold() -> None:
    _run(10, 40)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_whatever_four_people_do_for_long_the_promises_hold() -> None:
    _run(300, 80)
