"""The keys of every screen, and a person's own among them: listed, and looked at for clashes."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import flag, option, takes
from crisisroom.core.errors import Usage
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.problems import Problem, Report
from crisisroom.core.yamltext import locate_key, parse
from crisisroom.report.contract import Json, plainly

if TYPE_CHECKING:
    from crisisroom.cli.health import Finding, Patient
    from crisisroom.tui.keys.key import Key, Place
    from crisisroom.tui.keys.wishes import Keys


def key_problems(text: str, name: str, wishes: dict[str, str]) -> list[Problem]:
    """Return which keys of a configuration do not hold, where they stand in its file."""
    from crisisroom.tui.keys.wishes import Keys  # only who wants keys of their own pays for it

    clashes = Keys(wishes).clashes if wishes else ()
    root, _ = parse(text, name) if clashes else (None, [])
    if root is None:
        return []
    report = Report(name)
    for one in clashes:
        report.add(locate_key(root, ("keys", one.id)), one.message, one.hint, "keys")
    return report.problems()


def own_problems(context: Context) -> list[Problem]:
    """Return which keys of the configuration in force do not hold; none where it has none."""
    path = context.config_file
    config = None if context.flaw else context.config()
    if path is None or config is None or not config.keys:
        return []
    return key_problems(_text(path), str(path), config.keys)


def _text(path: Path) -> str:
    from crisisroom.library import read

    return read(path)


async def examined(patient: Patient) -> AsyncIterator[Finding]:
    """Find keys of this person's that do not hold; nothing where none is wished for."""
    from crisisroom.cli.health import Finding  # it brings the store; `check` does without

    for one in own_problems(patient.context):
        where = f"{one.file}:{one.line}:{one.col}"
        yield Finding("warn", "keys", where, one.message, one.hint)


def _keys(context: Context, args: Namespace) -> int:
    from crisisroom.tui.keys.wishes import Keys

    config = None if context.flaw or context.config_file is None else context.config()
    keys = Keys(config.keys if config else {})
    places = _places(args.screen)
    if args.markdown:
        context.show(lambda: [_place_json(one, keys) for one in places], lambda: _tables(places))
        return 0
    problems = own_problems(context)
    context.show(
        lambda: {
            "screens": [_place_json(one, keys) for one in places],
            "problems": [plainly(one) for one in problems],
        },
        lambda: [*_lines(places, keys), *map(str, problems)],
    )
    return 1 if problems else 0


def _places(screen: str) -> Sequence[Place]:
    from crisisroom.tui.keys.table import PLACES

    if screen and screen not in PLACES:
        hint = did_you_mean(screen, PLACES, "there are")
        raise Usage("screen", f"no screen is called {screen[:40]}", hint)
    return [PLACES[screen]] if screen else tuple(PLACES.values())


def _lines(places: Sequence[Place], keys: Keys) -> Iterator[str]:
    from crisisroom.tui.keys.table import all_keys

    for number, place in enumerate(places):
        if number:
            yield ""
        yield f"{place.id}: {place.title}"
        for one in all_keys(place):
            usual = " ".join(_shown(one.keys))
            own = " ".join(_shown(keys.of(one))) if one.id in keys.held else ""
            told = f"{usual} -> {own or 'none'}" if one.id in keys.held else usual
            yield f"  {told or '-':22}  {one.id or '(fixed)':24}  {one.help}"


def _shown(keys: Sequence[str]) -> list[str]:
    from crisisroom.tui.keys.terminals import shown_key

    return [shown_key(one) for one in keys]


def _place_json(place: Place, keys: Keys) -> Json:
    from crisisroom.tui.keys.table import all_keys

    acts = [_key_json(one, keys) for one in all_keys(place)]
    return {"id": place.id, "title": place.title, "about": place.about, "keys": acts}


def _key_json(one: Key, keys: Keys) -> dict[str, Any]:
    return {
        "id": one.id,
        "keys": _shown(keys.of(one) if one.id else one.keys),
        "default": _shown(one.keys),
        "own": one.id in keys.held,
        "does": one.help,
        "back": one.told_back,
        "typing": one.typing,
    }


def _tables(places: Sequence[Place]) -> Iterator[str]:
    from crisisroom.tui.keys.table import all_keys

    for place in places:
        yield from (f"### {place.title}", "", place.about, "", "| key | does | id |")
        yield "| --- | --- | --- |"
        for one in all_keys(place):
            keys = " ".join(f"`{key}`" for key in _shown(one.keys)) or "`:`"
            yield f"| {keys} | {one.help} | {one.id} |"
        yield ""


VERBS = {
    "keys": Verb(
        _keys,
        takes(
            option("--screen", "only this screen: approvals, room.feed …"),
            flag("--markdown", "as tables for a page of your own, with the usual keys"),
        ),
    ),
}
