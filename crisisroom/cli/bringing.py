"""What people have already, brought in: contacts and messages from other programs' files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crisisroom.authoring.imported import Imported
from crisisroom.authoring.markdown import messages_from_markdown
from crisisroom.authoring.people import contacts_from_table
from crisisroom.authoring.sayings import messages_from_table
from crisisroom.authoring.vcard import contacts_from_vcards
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import read_bytes, write_files
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.output import document, note, say, say_exactly
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.playbook_include import check_shared
from crisisroom.core.yamltext import parse
from crisisroom.core.yamlwrite import write
from crisisroom.report.contract import plainly

_HEADS = {
    "contacts": (
        "Contacts from {file}. A playbook takes them with include: [{name}].\n"
        "Give each the roles they can hold: roles: [lead]. Ring every number once, and write\n"
        "the day into checked."
    ),
    "messages": (
        "Messages and answers from {file}. Copy them into a playbook, each under its key.\n"
        "Read every one aloud; crisisroom check finds blanks that nothing fills."
    ),
}


def _contacts(context: Context, args: Namespace) -> int:
    readers: Readers = {".csv": contacts_from_table, ".vcf": contacts_from_vcards}
    return _bring(context, args, "contacts", readers)


def _messages(context: Context, args: Namespace) -> int:
    readers: Readers = {".csv": messages_from_table, ".md": messages_from_markdown}
    return _bring(context, args, "messages", readers)


Readers = dict[str, Callable[[bytes], Imported]]
_ENDINGS = {".tsv": ".csv", ".txt": ".csv", ".vcard": ".vcf", ".markdown": ".md"}


def _bring(context: Context, args: Namespace, what: str, readers: Readers) -> int:
    ending = Path(args.file).suffix.casefold()
    reader = readers.get(_ENDINGS.get(ending, ending))
    if reader is None:
        known = " or ".join(readers)
        raise Usage("file", f"{args.file} is neither {known}", f"name it with its ending, {known}")
    found = reader(read_bytes(args.file))
    sections = {name: things for name, things in found.sections.items() if things}
    text = _written(args, what, sections) if sections else ""
    if args.output and text:
        write_files({Path(args.output): text.encode()}, force=args.force)
    if context.options.json:
        document(_json(args, found))
    else:
        _say(args, found, text)
    return 1 if found.refused or not sections else 0


def _written(args: Namespace, what: str, sections: dict[str, tuple[Any, ...]]) -> str:
    """Return the YAML; Refused where the loader would not take so much of it."""
    file = Path(args.output or f"{what}.yaml").name
    head = _HEADS[what].format(file=_shown(Path(args.file).name), name=_shown(file))
    text = write(sections, head=head)
    problems = check_shared(text, file) if what == "contacts" else parse(text, file)[1]
    if problems:
        raise Refused("too-much", f"that would not load: {problems[0]}", "split the file")
    return text


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "_" for char in name)


def _json(args: Namespace, found: Imported) -> dict[str, Any]:
    return {
        "file": args.output,
        **{name: plainly(things) for name, things in found.sections.items()},
        "refused": [plainly(one) for one in found.refused],
        "remarks": list(found.remarks),
    }


def _say(args: Namespace, found: Imported, text: str) -> None:
    """Print the YAML, or that it was written; what was not taken goes to stderr beside it."""
    if text and not args.output:
        say_exactly(text.rstrip("\n"))
    for line in _account(found):
        (say if args.output else note)(line)
    if text and args.output:
        say(f"wrote {args.output}; crisisroom check {args.output}")


def _account(found: Imported) -> Iterator[str]:
    yield from found.remarks
    yield from (f"refused: {one}" for one in found.refused)
    for name, things in found.sections.items():
        if things or not any(found.sections.values()):
            yield f"{name.replace('_', ' ')}: {len(things)} taken"
    if found.refused:
        yield f"{len(found.refused)} refused: mend them in the file and bring it in again"


def _arguments(what: str) -> Callable[[ArgumentParser], None]:
    return takes(
        arg("file", what),
        option("-o", "the YAML file; else stdout", dest="output", metavar="FILE"),
        flag("--force", "write over what is there"),
    )


VERBS = {
    "import contacts": Verb(_contacts, _arguments("a .csv or .vcf file of contacts")),
    "import messages": Verb(_messages, _arguments("a .csv or .md file of messages and answers")),
}
