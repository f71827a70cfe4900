"""The brief for who decides above: few lines, no ids, no words that only the team knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crisisroom.core.approval import waiting_on
from crisisroom.core.briefs.base import ANYBODY
from crisisroom.core.briefs.speaking import Speaking
from crisisroom.core.promises import owed
from crisisroom.core.truth import corrections_due
from crisisroom.text import clip

_LINE = 150  # columns: two lines of a terminal
_PHRASES = 5  # that are told; the page for those who write has them all
_THINGS = {
    "ST": "a statement",
    "R": "a reply",
    "EQ": "the enquiry",
    "P": "a promise",
    "A": "an action",
    "Q": "the question",
    "K": "the request",
    "M": "a post",
    "N": "a story",
}
_ID = re.compile(rf"\b({'|'.join(_THINGS)})-[0-9]+\b")
_LAST = re.compile(r"(last statement) \(.*\)")
_COMMAND = re.compile(r" \(role (accept|take) [^)]*\)")


class Plain(Speaking):
    """The same parts in fewer and plainer words."""

    def needed(self) -> Iterator[str]:
        """Yield what is needed from this person, without ids and commands."""
        return self._plain(super().needed())

    def said(self) -> Iterator[str]:
        """Yield the last word to everybody."""
        out = [(when, words) for when, words in self.out() if words.audience in ANYBODY]
        if out:
            when, words = out[-1]
            yield clip(f'{self.at(when)}: "{" ".join(words.text.split())}"', _LINE)

    def promised(self) -> Iterator[str]:
        """Yield how many promises to people are open."""
        due = owed(self.incident)
        late = sum(one.due_at is not None and self.now >= one.due_at for one in due)
        if due:
            many = "1 promise to a person is" if len(due) == 1 else f"{len(due)} promises are"
            yield f"{many} open{f', {late} of them late' if late else ''}"

    def do_not_say(self) -> Iterator[str]:
        """Yield what nobody may say, shortened."""
        if self.incident.stopped:
            yield f"nothing goes out since {self.at(self.incident.stopped.at)}"
        phrases = self.incident.plan.guardrails.forbid
        if phrases:
            more = f" and {len(phrases) - _PHRASES} more" if len(phrases) > _PHRASES else ""
            yield ", ".join(f'"{one}"' for one in phrases[:_PHRASES]) + more

    def corrections(self) -> Iterator[str]:
        """Yield what we said that is not so any more."""
        told = {one.label: one for one in corrections_due(self.incident)}
        for label, one in told.items():
            now = f"it is {one.now}" if one.now else "nobody knows it any more"
            yield f"we said {label}: {one.was}; {now}"

    def enquiries(self) -> Iterator[str]:
        """Yield who outside waits for an answer."""
        for one in self.incident.enquiries.values():
            if one.state == "open":
                due = f", by {self.at(one.due_at)}" if one.due_at else ""
                yield clip(f"{one.outlet} asks: {' '.join(one.question.split())}{due}", _LINE)

    def open(self) -> Iterator[str]:
        """Yield how far the work is."""
        tasks = [one for one in self.incident.tasks.values() if one.state != "not_needed"]
        todo = [one for one in tasks if one.state in ("open", "waiting")]
        late = sum(clock.kind == "task" and clock.state == "overdue" for clock in self.running)
        if todo:
            behind = f", {late} late" if late else ""
            yield f"{len(todo)} of {len(tasks)} steps are still to be done{behind}"
        waiting = sum(bool(waiting_on(self.incident, one, self.now)) for one in self.words())
        if waiting:
            texts = "1 text waits" if waiting == 1 else f"{waiting} texts wait"
            yield f"{texts} for approval"

    def key_times(self) -> Iterator[str]:
        """Yield the times that matter, with seriousness in words."""
        lines = (_LAST.sub(r"\1", line) for line in super().key_times())
        return self._plain(lines)

    def _plain(self, lines: Iterable[str]) -> Iterator[str]:
        labels = {one.id.upper(): one.label for one in self.incident.plan.severities}
        for line in lines:
            bare = _ID.sub(lambda match: _THINGS[match[1]], _COMMAND.sub("", line))
            for degree, label in labels.items():
                bare = re.sub(rf"\b{re.escape(degree)}\b", label, bare)
            yield clip(bare, _LINE)
