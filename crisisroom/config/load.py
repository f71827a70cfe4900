"""From crisisroom.yaml to typed settings, and what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from crisisroom.config.checking import Check
from crisisroom.config.notifying import Alerts, Deadman, Notifying
from crisisroom.config.rules import check
from crisisroom.config.settings import Config
from crisisroom.config.source_types import USUAL_SERVER
from crisisroom.config.team_rules import Known, check_known
from crisisroom.core.problems import Problem, Report
from crisisroom.core.schema import bind
from crisisroom.core.yamltext import parse


def load_config(text: str, name: str) -> tuple[Config | None, list[Problem]]:
    """Read a configuration; `name` is the file's, for the problems and for relative paths.

    The configuration is None exactly when there are problems, in the order of the file.
    """
    root, problems = parse(text, name)
    if root is None:
        return None, problems
    report = Report(name, problems)
    config = bind(root, Config, report)
    check(config, root, report)
    return (None if report else _placed(config, Path(name).parent)), report.problems()


def team_problems(text: str, name: str, known: Known) -> list[Problem]:
    """Return what the team of a sound configuration names that no playbook has."""
    root, problems = parse(text, name)
    if root is None or problems:
        return []
    report = Report(name)
    config = bind(root, Config, report)
    check_known(Check(config, root, report), config.team, known)
    return report.problems()


def legible_part(text: str, name: str) -> Config | None:
    """Return what can be read of a broken configuration, None when that is nothing.

    It is good for finding the room and its playbooks, never for applying.
    """
    root, problems = parse(text, name)
    if root is None:
        return None
    return _placed(bind(root, Config, Report(name, problems)), Path(name).parent)


def _placed(config: Config, base: Path) -> Config:
    """Take relative paths from the configuration's own directory; nothing is looked up."""
    replace = msgspec.structs.replace
    address = config.room.address
    oncall = config.oncall and replace(config.oncall, ical=_beside(base, config.oncall.ical))
    room = replace(config.room, address=address if "://" in address else _beside(base, address))
    return replace(
        config,
        room=room,
        playbooks=_beside(base, config.playbooks),
        oncall=oncall,
        accounts=tuple(
            replace(
                account,
                server=account.server or USUAL_SERVER.get(account.type, ""),
                ca_file=_beside(base, account.ca_file),
                token_file=_beside(base, account.token_file),
            )
            for account in config.accounts
        ),
        messengers=tuple(
            replace(
                messenger,
                ca_file=_beside(base, messenger.ca_file),
                token_file=_beside(base, messenger.token_file),
            )
            for messenger in config.messengers
        ),
        notifying=_notifying(base, config.notifying),
        anchors=tuple(
            one.beside(_beside(base, one.file)) if one.file else one for one in config.anchors
        ),
        sources=tuple(
            replace(
                source,
                ca_file=_beside(base, source.ca_file),
                path=_beside(base, source.path),
                listen=source.listen if _is_port(source.listen) else _beside(base, source.listen),
            )
            for source in config.sources
        ),
    )


def _notifying(base: Path, notifying: Notifying) -> Notifying:
    def placed(keyed: Deadman | Alerts) -> dict[str, str]:
        return {key: _beside(base, getattr(keyed, key)) for key in ("ca_file", "token_file")}

    replace, deadman, alerts = msgspec.structs.replace, notifying.deadman, notifying.alerts
    return replace(
        notifying,
        deadman=deadman and replace(deadman, **placed(deadman)),
        alerts=alerts and replace(alerts, **placed(alerts)),
    )


def _beside(base: Path, path: str) -> str:
    return str(base / os.path.expanduser(path)) if path and path != "-" else path


def _is_port(listen: str) -> bool:
    return ":" in listen and "/" not in listen
