"""An incident's life: declared, more or less severe, resolved, reopened."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence

from crisisroom.cli.anchoring import head_json
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes, text, words
from crisisroom.cli.output import say_all
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import in_zone, incident_line, one_line
from crisisroom.cli.restricting import names
from crisisroom.core.errors import Usage
from crisisroom.core.factvalue import yes_or_no
from crisisroom.core.incident import Incident
from crisisroom.report.contract import incident_json
from crisisroom.room import Acted, lifecycle, reading, warnings


def _changed(context: Context, acted: Acted) -> int:
    return context.acted(acted, lambda: incident_json(acted.incident))


async def _declare(context: Context, args: Namespace) -> int:
    room = await context.room()
    warned = await warnings.candidate(room, args.candidate) if args.candidate else None
    chosen = args.playbook or (warned.suggested_playbook if warned else "")
    if not chosen:
        raise Usage("playbook", "say which playbook: --playbook ID", "crisisroom playbook list")
    playbook = context.playbook(chosen)
    acted = await lifecycle.declare(
        room,
        words(args.title),
        playbook=playbook,
        severity=args.severity,
        at=context.moment(args.at),
        drill=args.drill,
        mentions=args.mention,
        answers=_answers(args.answer),
        candidate=args.candidate,
        restricted_to=names(args.restricted_to),
        command_id=context.options.command_id,
    )
    code = _changed(context, acted)
    if not context.options.json:
        say_all(_still_to_ask(acted.incident))
    return code


def _answers(given: Sequence[str]) -> dict[str, str]:
    """Return the answers of `harm=yes truth=unknown`, in whichever language yes is said."""
    answers = {}
    for one in given:
        question, equals, answer = one.partition("=")
        if not equals:
            raise Usage("answer", f"{one[:60]} is no answer", "write it like --answer harm=yes")
        answers[question] = yes_or_no(answer) or answer.strip().casefold()
    return answers


def _still_to_ask(incident: Incident) -> Iterator[str]:
    """Yield the playbook's questions nobody answered: they say how serious it is."""
    for question in incident.plan.questions:
        if question.id not in incident.answers:
            yes = f" (a yes speaks for {question.yes.upper()})" if question.yes else ""
            yield f"still to ask: {one_line(question.ask)}{yes}"


async def _incidents(context: Context, args: Namespace) -> int:
    room = await context.here()
    known = tuple(reversed(await reading.incidents(room)))
    asked = [one for one in known if not args.open or one.status == "open"]
    shown = paged(asked, args, _id)
    at = in_zone(room.config.zone, context.clock.now())
    context.show(
        lambda: [incident_json(one) | head_json(one) for one in shown],
        lambda: [incident_line(one, at) for one in shown] or ["no incident was declared"],
    )
    return 0


def _id(incident: Incident) -> str:
    return incident.id


async def _severity(context: Context, args: Namespace) -> int:
    room = await context.here()
    reason, command_id = words(args.reason), context.options.command_id
    return _changed(
        context,
        await lifecycle.severity(room, args.inc, args.severity, reason, command_id=command_id),
    )


async def _resolve(context: Context, args: Namespace) -> int:
    room = await context.here()
    said, command_id = words(args.words), context.options.command_id
    acted = await lifecycle.resolve(
        room, args.inc, said, anyway=args.anyway or "", command_id=command_id
    )
    code = _changed(context, acted)
    if not context.options.json:
        still = await lifecycle.before_the_end(room, acted.incident)
        say_all(f"still open: {one_line(one)}" for one in still.loose)
    return code


async def _reopen(context: Context, args: Namespace) -> int:
    if not args.inc:
        raise Usage("which-incident", "say which incident: crisisroom reopen INC-7 REASON")
    room = await context.here()
    reason, command_id = words(args.reason), context.options.command_id
    return _changed(context, await lifecycle.reopen(room, args.inc, reason, command_id=command_id))


async def _retitle(context: Context, args: Namespace) -> int:
    room = await context.here()
    title, command_id = words(args.title), context.options.command_id
    return _changed(context, await lifecycle.retitle(room, args.inc, title, command_id=command_id))


async def _join(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await lifecycle.join(room, args.inc, command_id=context.options.command_id)
    return _changed(context, acted)


VERBS = {
    "declare": Verb(
        _declare,
        takes(
            text("title", "what happened, in a few plain words"),
            option(
                "--playbook",
                "the playbook's id or file; without it the one its early warning suggests",
                metavar="ID",
            ),
            option("--candidate", "the early warning it is declared on", metavar="C-n"),
            option(
                "--severity",
                "how serious; without it what the answers say, or the most serious",
                metavar="S",
            ),
            arg(
                "--answer",
                "an answer to one of its questions: harm=yes, truth=unknown; may be repeated",
                nargs="+",
                action="extend",
                default=[],
                metavar="ID=ANSWER",
            ),
            option("--at", "when it began: -12m, 09:12 or RFC 3339", metavar="TIME"),
            arg(
                "--restricted-to",
                "who alone sees it, with you: ada,ben; see restrict",
                nargs="+",
                action="extend",
                default=[],
                metavar="NAME",
            ),
            flag("--drill", "a rehearsal: nothing of it goes anywhere real"),
            arg(
                "--mention",
                "a mention it is about; may be repeated or take several",
                nargs="+",
                action="extend",
                default=[],
                metavar="M-n",
            ),
        ),
        over_key=ACTS.by_id("playbook"),
    ),
    "incidents": Verb(
        _incidents, takes(flag("--open", "only those still open"), PAGING), over_key=READS
    ),
    "severity": Verb(
        _severity,
        takes(
            arg("severity", "the new severity, as the playbook names it: sev1"),
            text("reason", "why", optional=True),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "resolve": Verb(
        _resolve,
        takes(
            text("words", "how it ended", optional=True),
            option("--anyway", "why it is over although it is not calm yet", metavar="REASON"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "reopen": Verb(_reopen, text("reason", "why"), incident=True, over_key=ACTS),
    "retitle": Verb(_retitle, text("title", "the new title"), incident=True, over_key=ACTS),
    "join": Verb(_join, incident=True, over_key=ACTS),
}
