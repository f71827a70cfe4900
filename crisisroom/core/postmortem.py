"""The review after an incident: its headings, what is written, what is open, whom it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from crisisroom.core.canonical import text_hash
from crisisroom.core.incident import ActionItem, Incident
from crisisroom.core.playbook import Playbook
from crisisroom.core.recorded import ReviewStatus, ReviewText
from crisisroom.core.rules import REVIEW

USUAL = (
    "Summary",
    "What went well",
    "What did not",
    "Where we were lucky",
    "What changes",
)
"""The headings where a playbook names none."""

STATE_WORDS: Mapping[ReviewStatus, str] = {
    "draft": "a draft",
    "in_review": "in review",
    "reviewed": "reviewed",
    "closed": "closed",
}
"""How far a review is, in words: it is …"""

NOBODY_TO_BLAME = "name the thing, not the person: what made it easy to happen?"
_PRAISES = ("thank", "went well", "helped")  # under such a heading a name is no blame
_LONGEST = 40  # characters of a heading's id
_LEAST_NAME = 3  # letters from which a part of somebody's name is looked for
_BLAMES = re.compile(
    r"(?<!\w)(?:human error|(?:is|was|are|were|at) fault|(?:\w+['\u2019]s|his|her|their) fault"
    r"|to blame|blame[ds]?|careless(?:ly|ness)?|neglig\w+|incompeten\w+|laz(?:y|iness)|stupid\w*"
    r"|sloppy|should have known|(?:was|were) not paying attention|guilty"
    r"|menschliches versagen|schuld|schuldig|unf\u00e4hig\w*|fahrl\u00e4ssig\w*|schlamp\w+|dumm\w*"
    r")(?!\w)",
    re.IGNORECASE,
)  # words that judge people, in the languages of the shipped playbooks


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """One heading of the review: a section, or a question that is answered."""

    id: str  # what-went-well, question:2
    title: str
    sort: Literal["section", "question"]
    required: bool = True

    @property
    def praises(self) -> bool:
        """Whether people are named here to thank them."""
        return any(word in self.title.casefold() for word in _PRAISES)


def headings(plan: Playbook) -> tuple[Heading, ...]:
    """Return the headings a playbook asks for, in order; the usual ones where it names none."""
    review = plan.review
    sections = review.sections or (() if review.questions else USUAL)
    optional = frozenset(review.optional)
    named = [
        Heading(id=id_, title=title, sort="section", required=title not in optional)
        for id_, title in zip(_ids(sections), sections, strict=True)
    ]
    asked = [
        Heading(id=f"question:{n}", title=title, sort="question", required=title not in optional)
        for n, title in enumerate(review.questions, 1)
    ]
    return (*named, *asked)


def _ids(titles: Iterable[str]) -> Iterator[str]:
    """Yield an id for each title: its letters a to z and digits, a number where it has none."""
    taken: set[str] = set()
    for number, title in enumerate(titles, 1):
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        base = _short(re.sub(r"[^a-z0-9]+", "-", plain).strip("-"))
        name = base or f"section-{number}"
        while name in taken:
            name = f"{base or 'section'}-{number}"
            base = name
        taken.add(name)
        yield name


def _short(name: str) -> str:
    """Return an id cut between two words where it is too long."""
    if len(name) <= _LONGEST:
        return name
    return name[: _LONGEST + 1].rpartition("-")[0] or name[:_LONGEST]


def due_words(plan: Playbook) -> str:
    """Return by when the review is held: `due 5 working days after the end`."""
    due = plan.review.due
    told = f"{due.removesuffix('bd')} working days" if due.endswith("bd") else due
    return f"due {told} after the end"


def all_headings(state: Incident) -> tuple[Heading, ...]:
    """Return the plan's headings, and those with words that are in no plan any more."""
    known = headings(state.plan)
    ids = {one.id for one in known}
    left = (
        Heading(id=name, title=name, sort="section", required=False)
        for name in state.review
        if name not in ids and said(state, name)
    )
    return (*known, *left)


def said(state: Incident, heading_id: str) -> str:
    """Return what stands under a heading, empty where nothing does."""
    held = state.review.get(heading_id)
    return trimmed(held.words) if held else ""


def written(state: Incident, heading_id: str) -> ReviewText | None:
    """Return what stands under a heading, by whom and since when; None where nothing does."""
    return state.review.get(heading_id) if said(state, heading_id) else None


def open_headings(state: Incident) -> tuple[Heading, ...]:
    """Return the headings that need words before the review can be closed, and have none."""
    return tuple(one for one in headings(state.plan) if one.required and not said(state, one.id))


def trimmed(words: str) -> str:
    """Return words without empty lines around them; lines end as ours do."""
    lines = words.replace("\r\n", "\n").split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    return "\n".join(lines)


def base_of(words: str) -> str:
    """Return by what a text is known to be the same: twelve digits of its hash."""
    return text_hash(words)[:12]


def task_of(state: Incident) -> ActionItem | None:
    """Return the action that the end of the incident put on somebody's list: hold the review."""
    return next((one for one in state.actions.values() if one.title == REVIEW), None)


def find(state: Incident, named: str) -> Heading | None:
    """Return the heading meant by its id, its number in the list, or how its id begins."""
    every = all_headings(state)
    plain = named.strip().casefold()
    if exact := next((one for one in every if plain in (one.id, one.title.casefold())), None):
        return exact
    if plain.isascii() and plain.isdecimal():
        return every[int(plain) - 1] if 0 < int(plain) <= len(every) else None
    alike = [one for one in every if plain and one.id.startswith(plain)]
    return alike[0] if len(alike) == 1 else None


def blamed(words: str, people: Mapping[str, str]) -> tuple[str, ...]:
    """Return who is named in words: `people` has what each is called, by id."""
    return tuple(id_ for id_, name in people.items() if _names(words, id_, name))


def _names(words: str, id_: str, name: str) -> bool:
    parts = [part for part in name.split() if len(part) >= _LEAST_NAME]
    called = dict.fromkeys(one for one in (id_, id_.capitalize(), name, *parts) if one.strip())
    return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", words) for one in called)


def blaming(words: str) -> tuple[str, ...]:
    """Return the words that judge people rather than tell how it came about, each once."""
    return tuple(dict.fromkeys(match[0].casefold() for match in _BLAMES.finditer(words)))


def gentle(names: Iterable[str], judged: Iterable[str] = ()) -> str:
    """Return what is asked of somebody who named or judged people, empty where nobody did."""
    told = [f"names {', '.join(names)}"] if (names := tuple(names)) else []
    told += [f"says {', '.join(map(_quoted, judged))}"] if (judged := tuple(judged)) else []
    return f"this {' and '.join(told)}: {NOBODY_TO_BLAME}" if told else ""


def _quoted(words: str) -> str:
    return f'"{words}"'
