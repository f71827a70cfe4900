"""Action id -> act: what the room's screen does not do by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from crisisroom.tui.acts import (
    Act,
    Desk,
    bulk,
    calls,
    case,
    declaring,
    detail,
    duties,
    ending,
    lines,
    meanwhile,
    outside,
    pauses,
    people,
    posts,
    promises,
    restricting,
    righting,
    say,
    searching,
    sheet,
    sorting,
    stopping,
    stories,
)
from crisisroom.tui.after import acts as after_acts
from crisisroom.tui.papers import acts as papers_acts
from crisisroom.tui.record import entry, filters, holding, noting, saying
from crisisroom.tui.warn import acts as warn_acts


async def volume(desk: Desk) -> None:
    """Open the charts."""
    from crisisroom.tui.charts.screen import VolumeScreen  # loaded with the first one

    desk.open(VolumeScreen(desk))


async def evidence(desk: Desk) -> None:
    """Open the evidence."""
    from crisisroom.tui.record import evidence  # loaded with the first one

    await evidence.screen(desk)


async def keep(desk: Desk) -> None:
    """Keep the post as evidence."""
    from crisisroom.tui.record import evidence  # loaded with the first one

    await evidence.keep(desk)


async def attach(desk: Desk) -> None:
    """Keep a file as evidence."""
    from crisisroom.tui.record import evidence  # loaded with the first one

    await evidence.attach(desk)


async def who(desk: Desk) -> None:
    """Open who is here."""
    from crisisroom.tui.team.screen import WhoScreen  # loaded with the first one

    brief = partial(people.brief, desk) if desk.context.incident else None
    desk.open(WhoScreen(desk.room, brief))


async def figures(desk: Desk) -> None:
    """Open the figures."""
    from crisisroom.tui.figures.screen import FiguresScreen  # loaded with the first one

    desk.open(FiguresScreen(desk))


ACTS: Mapping[str, Act] = {
    "claim": posts.claim,
    "release": posts.release,
    "assign": posts.assign,
    "link": posts.link,
    "unlink": posts.unlink,
    "dismiss": sorting.dismiss,
    "private": sorting.offline,
    "add": posts.add,
    "sort-answer": sorting.answer,
    "sort-correct": sorting.correct,
    "sort-restore": sorting.restore,
    "sort-monitor": sorting.monitor,
    "sort-thank": sorting.thank,
    "unsort": sorting.unsort,
    "advocate": sorting.advocate,
    "story-name": stories.rename,
    "story-merge": stories.merge,
    "story-split": stories.split,
    "story-aside": stories.set_aside,
    "story-back": stories.take_back,
    "story-unlink": stories.unlink,
    "filters": searching.filters,
    "filter-save": searching.save,
    "filter-drop": searching.drop,
    "digest": searching.digest,
    "sources": searching.sources,
    "pages": searching.pages,
    "reply": posts.reply,
    "link-open": posts.link_open,
    "copy": posts.copy,
    "raw": posts.raw,
    "tick": case.tick,
    "skip": case.skip,
    "add-task": case.add_task,
    "note": noting.note,
    "decide": noting.decide,
    "entry": entry.read,
    "pin": saying.pin,
    "correct": saying.correct,
    "readers": saying.readers,
    "entry-filters": filters.filters,
    "keep": keep,
    "evidence": evidence,
    "attach": attach,
    "restrict": restricting.restrict,
    "hold": holding.hold,
    "declare": declaring.begin,
    "warnings": warn_acts.show,
    "volume": volume,
    "figures": figures,
    "who": who,
    "since": meanwhile.since,
    "severity": case.severity,
    "retitle": case.retitle,
    "resolve": ending.resolve,
    "reopen": ending.reopen,
    "roles": people.roles_board,
    "accept": people.accept,
    "contacts": calls.contacts,
    "escalate": calls.escalate,
    "duties": duties.duties,
    "enquire": outside.enquire,
    "put-off": duties.put_off,
    "detail": detail.detail,
    "facts": sheet.set_facts,
    "brief": people.brief,
    "review": after_acts.review,
    "actions": after_acts.actions,
    "programme": after_acts.programme,
    "other": case.other,
    "statement": say.statement,
    "approvals": say.approvals,
    "outbox": say.outbox,
    "owed": righting.owed,
    "answers": righting.answers,
    "stop": stopping.stop,
    "resume-words": stopping.resume,
    "story-answer": bulk.answer_story,
    "bulks": bulk.bulks,
    "line": lines.set_line,
    "promises": promises.promises,
    "promise": promises.promise,
    "pauses": pauses.pauses,
    "edit": say.edit,
    "export": papers_acts.export,
    "undo": say.undo,
}
