"""What we say: statements and replies written, approved, taken back."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import get_args

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import Adder, arg, option, takes, text
from crisisroom.cli.options import words as given
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.wording import id_of, print_act, print_words
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Form
from crisisroom.room import Acted, statements, words
from crisisroom.room.looked import look

Run = Callable[[Context, Namespace], Awaitable[int]]


async def _draft_reply(context: Context, args: Namespace) -> int:
    room = await context.here()
    written = given(args.text)
    if not args.text:
        written = (await words.prefill(room, args.inc, args.mention, args.form)).text
    if not written.strip():
        raise Refused(
            "no-words",
            f"no approved words fit {args.mention}",
            "give the text, or approve the playbook's words: crisisroom playbook approve ID",
        )
    acted = await words.save_reply(
        room,
        args.inc,
        args.mention,
        written,
        args.channel,
        form=args.form,
        command_id=context.options.command_id,
    )
    return await print_act(context, room, acted, _made(acted))


async def _draft_statement(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await statements.draft(
        room,
        args.inc,
        args.template,
        given(args.text) if args.text else None,
        args.channel,
        command_id=context.options.command_id,
    )
    return await print_act(context, room, acted, _made(acted))


def _made(acted: Acted) -> str:
    """Return the id of the words an act was about; a repeat may find a reply withdrawn."""
    words_id: str = acted.thing.id if acted.thing else acted.entry.data["id"]
    return words_id


def _show(sort: str) -> Run:
    async def show(context: Context, args: Namespace) -> int:
        room = await context.here()
        looked = await look(room, args.inc, id_of(sort, args.id))
        return print_words(context, looked)

    return show


def _act(sort: str, do: Callable[[Context, Namespace, str], Awaitable[Acted]]) -> Run:
    """Return a verb that does one thing to a text and prints what it came to."""

    async def act(context: Context, args: Namespace) -> int:
        words_id = id_of(sort, args.id)
        room = await context.here()
        return await print_act(context, room, await do(context, args, words_id), words_id)

    return act


async def _edit(context: Context, args: Namespace, words_id: str) -> Acted:
    room, command_id = await context.here(), context.options.command_id
    return await words.edit(room, args.inc, words_id, given(args.text), command_id=command_id)


async def _submit(context: Context, args: Namespace, words_id: str) -> Acted:
    room, command_id = await context.here(), context.options.command_id
    return await words.submit(room, args.inc, words_id, command_id=command_id)


async def _approve(context: Context, args: Namespace, words_id: str) -> Acted:
    room, command_id = await context.here(), context.options.command_id
    digits = args.sha256.lower()
    return await words.approve(room, args.inc, words_id, digits, command_id=command_id)


async def _reject(context: Context, args: Namespace, words_id: str) -> Acted:
    room, command_id = await context.here(), context.options.command_id
    return await words.reject(room, args.inc, words_id, given(args.reason), command_id=command_id)


async def _withdraw(context: Context, args: Namespace, words_id: str) -> Acted:
    room, command_id = await context.here(), context.options.command_id
    return await words.withdraw(room, args.inc, words_id, given(args.reason), command_id=command_id)


async def _revoke(context: Context, args: Namespace, words_id: str) -> Acted:
    room, command_id = await context.here(), context.options.command_id
    return await words.revoke(room, args.inc, words_id, given(args.reason), command_id=command_id)


async def _release(context: Context, args: Namespace, words_id: str) -> Acted:
    room, command_id = await context.here(), context.options.command_id
    digits = args.sha256.lower()
    return await words.release(
        room, args.inc, words_id, args.reason, sha256=digits, command_id=command_id
    )


CHANNEL = option("--channel", "the account it goes out on, or by-hand", metavar="ID")


def _id(sort: str) -> Adder:
    return arg("id", f"the {sort}'s id: {'ST-1' if sort == 'statement' else 'R-1'}")


def _family(sort: str) -> dict[str, Verb]:
    """Return the verbs that statements and replies share."""
    this = _id(sort)
    fingerprint = arg(
        "sha256", f"the text's hash as {sort} show prints it, 8 digits or more", metavar="HASH"
    )
    why = text("reason", "why")
    emergency = option("--reason", "why nobody can be waited for: it stays on the record")
    only = option("--sha256", "only exactly the text with this hash", metavar="HASH")
    acts: dict[str, tuple[Callable[[Context, Namespace, str], Awaitable[Acted]], Adder]] = {
        "edit": (_edit, takes(this, text("text", "the new words"))),
        "submit": (_submit, this),
        "approve": (_approve, takes(this, fingerprint)),
        "reject": (_reject, takes(this, why)),
        "revoke": (_revoke, takes(this, why)),
        "release": (_release, takes(this, emergency, only)),
        "withdraw": (_withdraw, takes(this, text("reason", "why", optional=True))),
    }
    verbs = {f"{sort} show": Verb(_show(sort), this, incident=True, over_key=READS)}
    return verbs | {
        f"{sort} {name}": Verb(_act(sort, do), arguments, incident=True, over_key=ACTS)
        for name, (do, arguments) in acts.items()
    }


VERBS = {
    "reply draft": Verb(
        _draft_reply,
        takes(
            arg("mention", "the mention it answers: M-12"),
            text("text", "the words; without them approved ones that fit", optional=True),
            CHANNEL,
            arg(
                "--form",
                "public, private (let us go on in private) or thanks",
                choices=get_args(Form),
                default="public",
            ),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "statement draft": Verb(
        _draft_statement,
        takes(
            arg("template", "the statement's id in the playbook: holding"),
            text("text", "the words; without them the template with the facts", optional=True),
            CHANNEL,
        ),
        incident=True,
        over_key=ACTS,
    ),
    **_family("statement"),
    **_family("reply"),
}
