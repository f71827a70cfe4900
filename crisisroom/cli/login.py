"""Logging an account in: a person allows the program on the network, the token goes to its file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import make_folder, write_files
from crisisroom.cli.options import arg
from crisisroom.cli.output import say
from crisisroom.config import Account
from crisisroom.core.errors import Refused, Unavailable, Usage


def _account(context: Context, name: str) -> Account:
    config = context.config()
    known = config.accounts if config else ()
    found = next((one for one in known if one.id == name), None)
    if found is None:
        names = ", ".join(one.id for one in known) or "none yet"
        raise Usage("account", f"crisisroom.yaml has no account {name}", f"its accounts: {names}")
    if not found.token_file:
        hint = f"add token_file: to {name} in crisisroom.yaml"
        raise Refused("token-file", f"the account {name} has no file for its token", hint)
    return found


async def _login(context: Context, args: argparse.Namespace) -> int:
    from crisisroom.fetch import Fetcher
    from crisisroom.mastodon.login import authorise_url, exchange_code, register_app
    from crisisroom.wire.answer import FetchError

    account = _account(context, args.account)
    private, ca_file = account.private, account.ca_file
    try:
        async with Fetcher() as fetch:
            app = await register_app(fetch, account.server, private=private, ca_file=ca_file)
            say("Open this page, allow crisisroom, and copy the code it shows:")
            say(authorise_url(account.server, app))
            code = _asked("Code: ")
            token = await exchange_code(
                fetch, account.server, app, code, private=private, ca_file=ca_file
            )
    except FetchError as error:
        raise Unavailable("login", f"{account.server}: {error}", "try again") from error
    file = Path(account.token_file)
    make_folder(file.parent)
    write_files({file: f"{token}\n".encode()}, force=True)
    say(f"{account.id} is logged in; its token is in {account.token_file}")
    return 0


def _asked(question: str) -> str:
    sys.stdout.write(question)
    sys.stdout.flush()
    if code := sys.stdin.readline().strip():
        return code
    raise Usage("code", "without the code there is no token")


VERBS = {"login": Verb(_login, arg("account", "the account's id in crisisroom.yaml"))}
