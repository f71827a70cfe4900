"""An independent judge of what went out: from the plan's words and the log alone.

It shares nothing with the program's own approval code. It walks the entries, keeps who held which
role when, what was known, and who said what of which text; and for everything that went on its way
it names the ground it went on, or raises.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from crisisroom.core.playbook import Approval, ApprovalStep, Playbook
from crisisroom.core.timeline import Entry, unstamp

NO_STEP = -1
_EDITIONS = ("drafted", "edited", "submitted", "rejected", "revoked", "lapsed", "suspended")


class Text:
    """One statement or reply, as the log tells it."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.author = ""
        self.hash = ""
        self.words = ""
        self.submitted: datetime | None = None
        self.step_from: datetime | None = None
        self.said: list[tuple[str, str, datetime, set[str], int]] = []  # hash, who, when, …
        self.done: dict[str, datetime] = {}  # hash: when its approval was complete
        self.released: dict[str, datetime] = {}
        self.refused: set[str] = set()  # hashes a person said no to
        self.beforehand: tuple[str, datetime] | None = None
        self.asked = False  # whether approvers have it as it reads
        self.judged: set[str] = set()  # hashes that anybody gave a verdict on
        self.held = False  # a fact it stands on moved
        self.edition = 0  # how often it was written, handed in, or sent back


class Ask:
    """One approver who was sent a text with a code."""

    def __init__(self, entry: Entry, text: Text) -> None:
        self.words = entry.data["id"]
        self.hash = entry.data["sha256"]
        self.contact = entry.data["contact"]
        self.name = entry.data["name"]
        self.until = unstamp(entry.data["expires_at"])
        self.edition = text.edition
        self.wrong = 0
        self.over = False  # used, or void


class Oracle:
    """Judges the log of one incident as it grows; `grounds` counts why things went out."""

    def __init__(self, plan: Playbook) -> None:
        self.plan = plan
        self.templates: set[str] = set()  # hashes approved in the room
        self.seq = 0
        self.holders: dict[str, str] = {}
        self.facts: dict[str, tuple[str, str]] = {}
        self.severity = ""
        self.texts: dict[str, Text] = {}
        self.grounds: Counter[str] = Counter()
        self.asks: dict[str, Ask] = {}
        self.heard = 0  # approvals by code

    def judge(self, room_log: Iterable[Entry], entries: Iterable[Entry]) -> None:
        """Walk what is new; AssertionError names the entry that went out on no ground."""
        for entry in room_log:
            if entry.kind == "words.approved":
                self.templates.add(entry.data["sha256"])
            elif entry.kind == "words.revoked":
                self.templates.discard(entry.data["sha256"])
        for entry in entries:
            assert entry.seq == self.seq + 1
            self.seq = entry.seq
            self._facts_of_life(entry)
            self._codes(entry)
            sort, _, act = entry.kind.partition(".")
            if sort in ("statement", "reply"):
                self._words(act, entry)

    def _facts_of_life(self, entry: Entry) -> None:
        data = entry.data
        if entry.kind in ("incident.declared", "incident.severity"):
            self.severity = data["severity"]
        elif entry.kind in ("role.taken", "role.assigned", "role.handed"):
            self.holders[data["role"]] = data["person"]
        elif entry.kind == "role.left":
            self.holders.pop(data["role"], None)
        elif entry.kind == "fact.set":
            self.facts[data["fact"]] = (data["state"], data["value"])

    def _codes(self, entry: Entry) -> None:
        data = entry.data
        if entry.kind == "approval.asked":
            text = self.texts[data["id"]]
            assert text.submitted is not None, "nobody hands an unfinished text out"
            assert data["sha256"] == text.hash
            self.asks[data["ask"]] = Ask(entry, text)
        elif entry.kind == "approval.void":
            self.asks[data["ask"]].over = True
        elif entry.kind == "approval.wrong":
            self.asks[data["ask"]].wrong += 1

    def _speaker(self, text: Text, entry: Entry) -> tuple[str, set[str]]:
        """Return whose approval an entry is, and which roles they have."""
        if "ask" not in entry.data:
            assert "name" not in entry.data, "somebody else's word without their code"
            return entry.actor, {one for one, who in self.holders.items() if who == entry.actor}
        ask = self.asks[entry.data["ask"]]
        assert (ask.words, ask.hash) == (entry.data["id"], text.hash), "a code of another text"
        assert ask.edition == text.edition, "a code of an earlier edition"
        assert entry.at < ask.until, "a code that is too old"
        assert not ask.over, "a code that is void, or was used"
        assert ask.wrong < 5, "a code that was guessed at"
        assert entry.data["name"] == ask.name
        ask.over = True
        self.heard += 1
        contact = next(one for one in self.plan.contacts if one.id == ask.contact)
        names = {contact.id, contact.name, contact.name.lower()}
        assert text.author not in names, "nobody approves their own words"
        held = {role for role, who in self.holders.items() if who in names}
        return ask.name, held | set(contact.roles)

    def _words(self, act: str, entry: Entry) -> None:
        data = entry.data
        if act == "drafted":
            self.texts[data["id"]] = Text(data["template"])
        text = self.texts[data["id"]]
        text.edition += act in _EDITIONS
        judged = act in ("rejected", "revoked", "lapsed", "suspended", "released", "approved")
        if judged and not (act == "approved" and entry.actor == "room"):
            text.judged.add(text.hash)
        if act in ("drafted", "edited"):
            text.author, text.words = entry.actor, data["words"]
            text.hash = sha256(text.words.encode()).hexdigest()
            text.submitted = text.step_from = None
            text.asked = text.held = False
        elif act == "submitted":
            text.asked = True
            text.submitted = text.step_from = entry.at
        elif act == "approved" and entry.actor == "room":
            text.beforehand = (text.hash, entry.at)
        elif act == "approved":
            self._approved(text, entry)
        elif act == "released":
            self._released(text, entry)
        elif act in ("rejected", "revoked", "lapsed"):
            self._no(text, act, entry.at)
        elif act == "suspended":
            self._no(text, "lapsed", entry.at)
            text.held = True
        elif act == "sending" or (act == "queued" and entry.source == "person"):
            ground = self._ground(text, entry)
            assert ground, f"entry {entry.seq} ({entry.kind} {data['id']}) went out on no ground"
            self.grounds[f"{act}: {ground}"] += 1

    def _approved(self, text: Text, entry: Entry) -> None:
        who, held = self._speaker(text, entry)
        assert entry.data["sha256"] == text.hash, "an approval is of the text as it stands"
        assert text.submitted is not None, "nobody asked for this approval"
        assert who != text.author, "nobody approves their own words"
        self._forget_what_is_over(text, entry.at)
        step = self._present(text)
        assert step != NO_STEP, "there was nothing left to approve"
        late = text.step_from is not None and entry.at >= text.step_from + self._within(step)
        rule = self._ladder()[step]
        counts = held & (set(rule.by) | (set(rule.fallback) if late else set()))
        assert counts, f"{who} had no say in step {step + 1}"
        text.said.append((text.hash, who, entry.at, counts, step))
        if self._present(text) != step:
            text.step_from = entry.at
        if self._present(text) == NO_STEP:
            text.done[text.hash] = entry.at

    def _forget_what_is_over(self, text: Text, now: datetime) -> None:
        """Drop the approvals of a text whose complete approval ran out since."""
        if self._ran_out(text, now):
            text.said = [one for one in text.said if one[0] != text.hash]
            text.done.pop(text.hash, None)

    def _ran_out(self, text: Text, now: datetime) -> bool:
        """Tell whether the approval was complete, when given or by now, and is over."""
        done_at = text.done.get(text.hash) or self._completed_at(text)
        return done_at is not None and self._over(done_at, now)

    def _released(self, text: Text, entry: Entry) -> None:
        held = {role for role, holder in self.holders.items() if holder == entry.actor}
        assert held & set(self._rule().break_glass), f"{entry.actor} may not break the glass"
        assert len(entry.data["words"].split()) >= 3, "a release has a typed reason"
        assert entry.data["sha256"] == text.hash
        text.released[text.hash] = entry.at

    def _no(self, text: Text, act: str, at: datetime) -> None:
        text.said = [one for one in text.said if one[0] != text.hash]
        text.done.pop(text.hash, None)
        text.released.pop(text.hash, None)
        if act != "lapsed":
            text.refused.add(text.hash)
        if act == "revoked":
            text.submitted = text.submitted or at
            text.step_from = at
        else:
            text.submitted = text.step_from = None

    def _ground(self, text: Text, entry: Entry) -> str:
        """Return why this text may go out now, empty for no reason at all."""
        if text.held:
            return ""
        released = text.released.get(text.hash)
        if released is not None and not self._over(released, entry.at):
            return "released"
        if self._completed_at(text) is not None and not self._ran_out(text, entry.at):
            return "approved"
        if text.beforehand and text.beforehand[0] == text.hash and self._prepared(text, entry.at):
            return "beforehand"
        return ""

    def _prepared(self, text: Text, now: datetime) -> bool:
        """Tell whether a statement approved beforehand may go out.

        Nobody was asked about this text, or nobody decided in time.
        """
        if text.template not in self._rule().preapproved or text.hash in text.refused:
            return False
        asked = text.asked or text.hash in text.judged
        step = self._present(text)
        late = text.step_from is not None and now >= text.step_from + self._within(step)
        if asked and (step == NO_STEP or not late):
            return False
        source = next(one.text for one in self.plan.statements if one.id == text.template)
        known = sha256(source.encode()).hexdigest()
        return known in self.templates and self._filled(source, text.words)

    def _filled(self, source: str, words: str) -> bool:
        """Tell whether a text is the template with its times and what is known for sure."""
        pattern = re.escape(source).replace(r"\{\{next_update\}\}", r"\d\d:\d\d")
        for fact in self.plan.facts:
            state, value = self.facts.get(fact.id, ("unknown", ""))
            if fact.may_fill and state == "known":
                pattern = pattern.replace(rf"\{{\{{fact\.{fact.id}\}}\}}", re.escape(value))
        return re.fullmatch(pattern, words) is not None

    def _completed_at(self, text: Text) -> datetime | None:
        """Return when exactly this text got the last approval it needed, None while one lacks."""
        if self._present(text) != NO_STEP:
            return None
        ours = [at for hashed, who, at, _, _ in text.said if hashed == text.hash]
        return max(ours)

    def _present(self, text: Text) -> int:
        """Return the index of the first step that still lacks an approval."""
        for index, step in enumerate(self._ladder()):
            if not self._counts(index):
                continue
            given = [
                roles
                for hashed, who, _, roles, at_step in text.said
                if hashed == text.hash and at_step == index and who != text.author
            ]
            said = set[str]().union(*given)
            stands_in = bool(said - set(step.by))
            enough = bool(given) if step.rule == "any" else stands_in or set(step.by) <= said
            if not enough:
                return index
        return NO_STEP

    def _counts(self, index: int) -> bool:
        """Tell whether a step is asked for: the second only when it is grave or may be."""
        if index == 0:
            return True
        state, value = self.facts.get("injury", ("unknown", ""))
        known = state in ("known", "changed")
        return self.severity == "sev1" or not known or value == "yes"

    def _over(self, since: datetime, now: datetime) -> bool:
        expires = self._rule().expires_after
        return expires is not None and now >= since + timedelta(seconds=expires)

    def _within(self, step: int) -> timedelta:
        return timedelta(seconds=self._ladder()[step].within)

    def _rule(self) -> Approval:
        return self.plan.approvals[0]

    def _ladder(self) -> tuple[ApprovalStep, ...]:
        return self.plan.approvals[0].steps
