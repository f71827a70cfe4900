"""What may be said and what not, what was said where, and the times that matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from crisisroom.core.briefs.base import ANYBODY, late
from crisisroom.core.briefs.needing import Needing
from crisisroom.core.clocks import minutes
from crisisroom.core.factvalue import written_value
from crisisroom.core.lines import LINES
from crisisroom.core.placeholders import fill
from crisisroom.core.settle import KNOWN
from crisisroom.core.truth import suspended_words

_TOLD = 10  # key times that are told of what happened; the timeline has the others


class Speaking(Needing):
    """The parts about our words."""

    def do_not_say(self) -> Iterator[str]:
        """Yield what nobody may say now: while words rest, phrases, words that a fact overtook."""
        if stopped := self.incident.stopped:
            why = f": {stopped.why}" if stopped.why else ""
            yield f"anything: {stopped.by} stopped all words at {self.at(stopped.at)}{why}"
        rules = self.incident.plan.guardrails
        if rules.forbid:
            yield f"never: {_quoted(rules.forbid)}"
        if rules.no_comment:
            yield f"nor what says nothing: {_quoted(rules.no_comment)}"
        resting, plan = suspended_words(self.incident), self.incident.plan
        titles = {one.id: one.title for one in plan.key_messages}
        titles |= {one.id: one.title for one in plan.statements}
        titles |= {one.id: one.question for one in plan.faq}
        for id_, title in titles.items():
            if id_ in resting:
                yield f'for now not "{title}": a fact it stands on moved'
        yield from self._held_back()

    def _held_back(self) -> Iterator[str]:
        labels = {fact.id: fact.label for fact in self.incident.facts.values()}
        for words in self.words():
            if words.suspended and words.state != "withdrawn":
                moved = ", ".join(labels.get(one, one) for one in words.suspended)
                yield f"{words.id} as it reads: {moved} moved"

    def lines(self) -> Iterator[str]:
        """Yield how each story is answered."""
        for story in self.incident.stories.values():
            held = self.incident.lines.get(story.uid) or self.incident.lines.get("")
            how = f"{LINES[held.line]} ({held.by})" if held else LINES["answer"]
            why = f", {held.why}" if held and held.why else ""
            yield f"{story.id} {story.title}: {how}{why}"
        every = self.incident.lines.get("")
        if every and not self.incident.stories:
            why = f", {every.why}" if every.why else ""
            yield f"every story: {LINES[every.line]} ({every.by}){why}"

    def messages(self) -> Iterator[str]:
        """Yield the sentences replies are built from, filled; a blank names what is missing."""
        known = [one for one in self.incident.facts.values() if one.state in KNOWN]
        values = {f"fact.{one.id}": written_value(one, self.zone) for one in known if one.may_fill}
        labels = {f"fact.{one.id}": one.label for one in self.incident.facts.values()}
        resting = suspended_words(self.incident)
        today = self.now.astimezone(self.zone).date().isoformat()
        for one in self.incident.plan.key_messages:
            if one.id not in resting and not (one.expires and one.expires < today):
                yield f"{one.title}: {fill(one.text, values, labels).text}"

    def verbatim(self) -> Iterator[str]:
        """Yield what anybody could read of us, to the letter, with where it stands."""
        for when, words in self.out():
            if words.audience in ANYBODY:
                places = [
                    f"{send.channel} {send.remote_url}".strip() for send in words.sends.values()
                ]
                on = f" on {', '.join(places)}" if places else ""
                gone = f", taken back {self.at(words.retracted_at)}" if words.retracted_at else ""
                yield f"{self.at(when)} {words.id} {words.kind}{on}{gone}:\n{words.text}"
        public = [one for one in self.incident.replies.values() if one.sent_at]
        if public:
            yield f"and {len(public)} replies: crisisroom reply show tells each"

    def agreed(self) -> Iterator[str]:
        """Yield who agreed to what is out or on its way, and what was released without that."""
        for words in self.words():
            said = words.approved_by()
            if said is not None:
                how = "released without approval" if said.verdict == "released" else "approved"
                yield f"{words.id} {words.kind}: {how} by {said.by} at {self.at(said.at)}"

    def holds(self, *, legal: bool = False) -> Iterator[str]:
        """Yield that everything has to be kept; Legal reads too that it need not be."""
        held = self.incident.hold
        if held is not None:
            why = f": {held.words}" if held.words else ""
            yield f"held since {self.at(held.at)} by {held.by}{why}; nothing is purged or erased"
            yield "keep what you have of it: files, mails, chats, notes on paper"
        elif legal:
            yield "no hold: what is not linked may be purged by its age"

    def evidence(self) -> Iterator[str]:
        """Yield what is kept of what was seen."""
        case = self.incident
        if not case.evidence:
            yield f"no file or picture is kept; {len(case.mentions)} posts are, as they were linked"
            return
        newest = max(case.evidence.values(), key=lambda one: one.at)
        count = len(case.evidence)
        pieces = "1 file or picture is" if count == 1 else f"{count} files and pictures are"
        yield f"{pieces} kept, the newest since {self.at(newest.at)} by {newest.by}"

    def channels(self) -> Iterator[str]:
        """Yield how each channel did last, and what is in doubt on it."""
        last: dict[str, tuple[datetime, str]] = {}
        for words in self.words():
            for send in words.sends.values():
                told = f"{words.id} {send.state}" + (f", {send.reason}" if send.reason else "")
                moment = send.at or send.tried_at or words.drafted_at
                if send.channel not in last or last[send.channel][0] <= moment:
                    last[send.channel] = (moment, told)
        for channel, (moment, told) in sorted(last.items()):
            yield f"{channel}: {self.at(moment)} {told}"

    def figures(self) -> Iterator[str]:
        """Yield how much there is of it, in numbers anybody understands."""
        case = self.incident
        mentions, statements = case.mentions.values(), [one for _, one in self.out()]
        answered = sum(one.state in ("answered", "offline") for one in mentions)
        yield f"{len(case.mentions)} posts, {answered} answered"
        replies = sum(one.sent_at is not None for one in case.replies.values())
        yield f"{len(statements)} statements and {replies} replies of ours are out"
        if case.volume:
            peak = max(case.volume.values(), key=lambda one: one.mentions)
            now = max(case.volume.values(), key=lambda one: one.start)
            span = minutes(timedelta(seconds=peak.seconds))
            most = f"at most {peak.mentions} posts in {span}, from {self.at(peak.start)} on"
            yield f"{most}; lately {now.mentions}"
        asked = [one for one in case.enquiries.values() if one.state == "open"]
        if asked:
            yield f"{len(asked)} enquiries by media, authorities or partners wait for an answer"

    def key_times(self) -> Iterator[str]:
        """Yield the times that matter, the oldest first."""
        case, found = self.incident, list[tuple[datetime, str]]()
        if case.mentions:
            found.append((min(one.posted_at for one in case.mentions.values()), "first post"))
        found.append((case.declared_at, f"declared by {case.declared_by}"))
        found += [(one.at, f"{one.severity.upper()} from then on") for one in case.severities[1:]]
        out = self.out()
        if out:
            after = minutes(out[0][0] - case.declared_at)
            found.append((out[0][0], f"first statement, {after} after declaring"))
        if out[1:]:
            found.append((out[-1][0], f"last statement ({out[-1][1].id})"))
        if case.resolved_at:
            found.append((case.resolved_at, "resolved"))
        told = sorted(found, key=lambda one: one[0])
        yield from (f"{self.at(when)} {what}" for when, what in told[-_TOLD:])

    def ahead(self) -> Iterator[str]:
        """Yield what comes due beside the tasks, the soonest first."""
        for clock in self.running:
            if clock.kind == "task":
                continue
            span = minutes(clock.due_at - self.now)
            left = f"{span} late" if late(clock) else "now" if span == "now" else f"in {span}"
            who = f" ({clock.who})" if clock.who else ""
            yield f"{self.at(clock.due_at)} {clock.title}{who}, {left}"


def _quoted(phrases: Sequence[str]) -> str:
    return ", ".join(f'"{phrase}"' for phrase in phrases)
