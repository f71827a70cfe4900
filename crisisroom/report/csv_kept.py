"""What was kept and decided as spreadsheets: actions, decisions, evidence, how much was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crisisroom.report.page import Page

_ACTIONS = (
    "id,title,kind,owner,due,state,story,link,added_at,added_at_utc,closed_at,closed_at_utc,outcome"
)
_DECISIONS = "entry,at,at_utc,by,decided,because,options"
_EVIDENCE = "sha256,size_bytes,media,sort,posts,kept_at,kept_at_utc,by,name,url"
_LOG = "entries,profile,as_of,as_of_utc,head_hash"
_VOLUME = "start,start_utc,seconds,mentions,complaints,usual,sources"

Rows = Iterable[Sequence[str]]


def log(page: Page) -> Rows:
    """Yield how much of the log this is and how it ended, for `verify` and for the eye."""
    record = page.record
    yield _LOG.split(",")
    yield [f"{len(record.entries)}", record.profile, *page.times(record.as_of), record.head_hash]


def actions(page: Page) -> Rows:
    """Yield a row a corrective action."""
    yield _ACTIONS.split(",")
    for one in page.incident.actions.values():
        yield [
            one.id,
            one.title,
            one.kind,
            one.owner,
            one.due,
            one.state,
            one.narrative,
            one.link,
            *page.times(one.at),
            *page.times(one.closed_at),
            one.outcome,
        ]


def decisions(page: Page) -> Rows:
    """Yield a row a decision, with what else could have been done."""
    yield _DECISIONS.split(",")
    for one in page.incident.decisions:
        options = "; ".join(one.options)
        yield [f"{one.entry}", *page.times(one.at), one.by, one.words, one.reason, options]


def evidence(page: Page) -> Rows:
    """Yield a row a picture or file that was kept, by its hash."""
    yield _EVIDENCE.split(",")
    posts = {uid: mention.id for uid, mention in page.incident.mentions.items()}
    for one in page.incident.evidence.values():
        shown = " ".join(posts[uid] for uid in one.mentions if uid in posts)
        kept = (one.sha256, f"{one.size}", one.media, one.sort, shown)
        yield [*kept, *page.times(one.at), one.by, one.name, one.url]


def volume(page: Page) -> Rows:
    """Yield a row a stretch of time: how much was said in it, and how much is usual then."""
    yield _VOLUME.split(",")
    for one in page.incident.volume.values():
        usual = f"{one.usual_hundredths // 100}.{one.usual_hundredths % 100:02}"
        sources = " ".join(f"{name}={count}" for name, count in sorted(one.sources.items()))
        counts = (f"{one.seconds}", f"{one.mentions}", f"{one.complaints}")
        yield [*page.times(one.start), *counts, usual, sources]
