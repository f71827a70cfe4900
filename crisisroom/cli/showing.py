"""A playbook to read, to print and to sign; and its vocabulary, for people and for editors."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import write_files
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.output import document, say, say_all, say_exactly
from crisisroom.cli.overkey import READS, prints
from crisisroom.cli.plain import in_zone
from crisisroom.cli.plans import Standing, approved_words, word_json
from crisisroom.core.canonical import digest
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_kept import snapshot
from crisisroom.core.wordings import approval_in, words_of
from crisisroom.report.contract import Json
from crisisroom.report.plan_html import plan_html
from crisisroom.report.plan_page import PlanPage, plan_page
from crisisroom.report.plan_text import plan_text

FORMATS = ("text", "html", "json")


async def _show(context: Context, args: Namespace) -> int:
    playbook = context.playbook(args.playbook)
    standing = await approved_words(context)
    if context.options.json or args.format == "json":
        document(_json(playbook, standing))
        return 0
    page = _page(context, playbook, standing)
    if args.output:
        words = plan_html(page) if args.format == "html" else _lines(page)
        write_files({Path(args.output): words.encode()}, force=args.force)
        say(f"wrote {args.output}")
    elif args.format == "html":
        say_exactly(plan_html(page).rstrip("\n"))
    else:
        say_all(plan_text(page))
    return 0


def _lines(page: PlanPage) -> str:
    return "".join(f"{line}\n" for line in plan_text(page))


def _page(context: Context, playbook: Playbook, standing: Standing) -> PlanPage:
    zone = context.team_zone()
    at = in_zone(zone, context.clock.now())
    said = {sha256: f"approved by {held.by} {at(held.at)}" for sha256, held in standing.items()}
    return plan_page(playbook, said, context.clock.now(), zone)


def _json(playbook: Playbook, standing: Standing) -> Json:
    plan = snapshot(playbook)
    wordings = words_of(playbook)
    return {
        "id": playbook.id,
        "title": playbook.title,
        "version": playbook.version,
        "sha256": digest(plan),
        "approved": sum(approval_in(one, standing) is not None for one in wordings),
        "problems": [],
        "words": [word_json(one, approval_in(one, standing)) for one in wordings],
        "plan": plan,
    }


def _schema(context: Context, args: Namespace) -> int:
    from crisisroom.vocabulary.jsonschema import as_json, playbook_schema

    say_exactly(as_json(playbook_schema()).rstrip("\n"))
    return 0


def _help(context: Context, args: Namespace) -> int:
    from crisisroom.vocabulary.page import page

    if context.options.json:
        document({"page": page()})
    else:
        say(page())
    return 0


def _show_arguments(parser: ArgumentParser) -> None:
    takes(
        arg("playbook", "the playbook's id or file"),
        arg("--format", "text, if not said otherwise", choices=FORMATS, default="text"),
        option("-o", "the file to write it to; else stdout", dest="output", metavar="FILE"),
        flag("--force", "write over what is there"),
    )(parser)


VERBS = {
    "playbook show": Verb(
        _show,
        _show_arguments,
        over_key=READS.without(output=prints("-o"), force=prints("--force")).by_id("playbook"),
    ),
    "playbook schema": Verb(_schema, over_key=READS),
    "playbook help": Verb(_help, over_key=READS),
}
