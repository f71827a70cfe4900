"""How urgently a mention wants somebody's eyes, from 0 to 1, and why, in plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from crisisroom.core.mention import MentionKind
from crisisroom.core.triage.complaint import Complaint, Complaints
from crisisroom.core.triage.learner import Click, Leaning, Learner
from crisisroom.core.triage.risk import risk_words
from crisisroom.core.triage.said import Said, read, words_of

REASONS = 5
_NAMED = 3  # words that a reason names
_LETTERS = 20  # of a word that a reason names
_LIKELY, _PERHAPS = 0.6, 0.4  # a complaint's likelihood, said in words

# How much of the way to 1 each reason takes a mention by itself.
_COMPLAINT, _RISK, _PRESS, _REACH, _ASKS, _DIRECT, _LOUD, _AGAIN = (
    0.75, 0.4, 0.35, 0.35, 0.12, 0.1, 0.08, 0.05,
)  # fmt: skip
_SMALL_REACH, _FULL_REACH = 1_000, 1_000_000  # followers at which reach begins and stops to count

_PRESS_WORDS = words_of("""
    journalist reporter newsroom correspondent newsdesk press presse periodista giornalista
    journaliste jornalista redaktion editor journalism
""")
_PRESS_TEXT = re.compile(
    r"\b(?:i(?:'m| am) (?:a |the )?(?:journalist|reporter|producer|editor)|press (?:enquiry|inquiry"
    r"|office)|media (?:enquiry|inquiry)|request for comment|for a (?:story|piece|segment)"
    r"|your side of the story|writing (?:a story|an article)|before we publish)\b",
    re.IGNORECASE,
)
_PRESS_HINTS = words_of("""
    journalist reporter producer editor press media comment story piece segment article publish
    stories
""")
_HANDLE_WORD = re.compile(r"[^\W\d_]+")


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a mention beside its text.

    `reach` is the author's followers, `earlier` how many mentions they wrote before this one
    lately; `risks` are the words that the playbooks watch for.
    """

    lang: str = ""
    kind: MentionKind = "post"
    reach: int | None = None
    handle: str = ""
    name: str = ""
    direct: bool = False
    earlier: int = 0
    risks: tuple[str, ...] = ()


class Scored(msgspec.Struct, frozen=True):
    """Likelihood of a complaint and priority, 0 to 1, and at most five reasons, strongest first.

    `risk` are the watched risk words that it says. Not `judged`: its language is one that no words
    are known of, so only signs, reach and the like counted.
    """

    complaint: float
    priority: float
    why: tuple[str, ...]
    risk: tuple[str, ...]
    judged: bool


class Reason(NamedTuple):
    """Why a mention is urgent: how far it goes towards 1, the words for it, and what it changed."""

    strength: float
    words: str
    changed: float = 0.0  # of another reason's strength, up or down

    @property
    def rank(self) -> float:
        """Return how much it matters among the reasons."""
        return max(self.strength, abs(self.changed))


class Scorer:
    """Scores mentions by a lexicon (see `Complaints`) and by what the room's clicks taught."""

    def __init__(self, lexicon: Mapping[str, float], learner: Learner | None = None) -> None:
        self._complaints = Complaints(lexicon)
        self.learner = learner or Learner()

    def score(self, text: str, about: About | None = None) -> Scored:
        """Return the complaint likelihood and the priority of a text, with the reasons."""
        known = about or About()
        said = read(text)
        complaint = self._complaints.of(said, known.lang)
        leaning = self.learner.leaning(said, complaint)
        risk = risk_words(known.risks).said(said, text) if known.risks else ()
        reasons = [
            *_heard(complaint, leaning),
            *_risk(risk),
            *_who(said, text, known),
            *_signs(said, known),
        ]
        reasons.sort(key=lambda reason: -reason.rank)
        why = tuple(reason.words for reason in reasons if reason.words)[:REASONS]
        return Scored(complaint.likelihood, _together(reasons), why, risk, complaint.judged)

    def click(self, text: str, wanted: bool, lang: str = "") -> Click:
        """Return a decision about a text as the learner takes it."""
        said = read(text)
        return Click(said, self._complaints.of(said, lang), wanted)

    def learn(self, text: str, wanted: bool, lang: str = "") -> None:
        """Learn from one decision: whether the room took the mention up."""
        self.learner.learn(self.click(text, wanted, lang))

    def relearn(self, clicks: Iterable[tuple[str, bool, str]]) -> None:
        """Forget all and learn these decisions (text, wanted, language) in order.

        So a click is taken back: by giving all but that one.
        """
        self.learner = Learner(self.click(*click) for click in clicks)


def _together(reasons: Iterable[Reason]) -> float:
    """Return what the reasons come to: each takes its share of what is left to 1."""
    return 1 - math.prod(1 - reason.strength for reason in reasons)


def _heard(complaint: Complaint, leaning: Leaning) -> Iterator[Reason]:
    """Yield what the words say, and what the clicks made of it."""
    likely = complaint.likelihood
    words = quoted(complaint.telling) if likely >= _PERHAPS else ""
    prefix = "likely a complaint" if likely >= _LIKELY else "perhaps a complaint"
    said = f"{prefix}: {words}" if words else prefix if likely >= _LIKELY else ""
    yield Reason(_COMPLAINT * leaning.likelihood, said)
    if leaning.words:
        like = "like those you took" if leaning.moved > 0 else "like those you left"
        changed = _COMPLAINT * (leaning.likelihood - likely)
        yield Reason(0.0, f"{like}: {quoted(leaning.words)}", changed)
    if not complaint.judged:
        yield Reason(0.0, "words not judged in its language, only signs")


def _risk(risk: tuple[str, ...]) -> Iterator[Reason]:
    if risk:
        yield Reason(_RISK + 0.1 * min(len(risk) - 1, 3), f"says {quoted(risk)}")


def _who(said: Said, text: str, about: About) -> Iterator[Reason]:
    if _press(said, text, about):
        yield Reason(_PRESS, "press")
    if about.reach and about.reach >= _SMALL_REACH:
        span = math.log(_FULL_REACH / _SMALL_REACH)
        share = min(1.0, 0.2 + math.log(about.reach / _SMALL_REACH) / span)
        yield Reason(_REACH * share, f"{rounded(about.reach)} reach")
    if about.direct:
        yield Reason(_DIRECT, "addressed to us")
    if about.earlier > 0:
        times = about.earlier + 1
        yield Reason(_AGAIN * min(times, 5), f"{times} mentions from them")


def _press(said: Said, text: str, about: About) -> bool:
    if about.kind == "article":
        return True
    if not _PRESS_HINTS.isdisjoint(said.words) and _PRESS_TEXT.search(text[:2000]):
        return True
    if not about.handle and not about.name:
        return False
    who = f"{about.handle[:100]} {about.name[:100]}".casefold()
    return not _PRESS_WORDS.isdisjoint(_HANDLE_WORD.findall(who))


def _signs(said: Said, about: About) -> Iterator[Reason]:
    if said.asks:
        yield Reason(_ASKS, "asks a question")
    loud = [
        *(["capitals"] if said.shouted > 1 else []),
        *(["exclamation marks"] if said.exclaims > 1 else []),
    ]
    if loud:
        yield Reason(_LOUD, f"loud: {', '.join(loud)}")


def quoted(words: Iterable[str]) -> str:
    """Return a stranger's words as a reason names them: few, short, letters and digits only."""
    plain = (_plain(word) for word in words)
    return ", ".join([f"'{word}'" for word in plain if word][:_NAMED])


def _plain(word: str) -> str:
    if word.isalnum() and len(word) <= _LETTERS:
        return word
    kept = "".join(char for char in word if char.isalnum() or char in " '-").strip(" '-")
    return kept if len(kept) <= _LETTERS else kept[: _LETTERS - 1] + "…"


def rounded(reach: int) -> str:
    """Return a number of followers as one says it: 950, 1.2k, 12k, 3.4M."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if reach >= size:
            share = reach / size
            return f"{share:.1f}".removesuffix(".0") + unit if share < 10 else f"{int(share)}{unit}"
    return str(reach)
