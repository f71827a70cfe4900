"""Loading a playbook, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_check import check
from crisisroom.core.playbook_include import Read, merged
from crisisroom.core.problems import Problem, Report
from crisisroom.core.schema import bind
from crisisroom.core.yamltext import parse


def load_playbook(
    text: str,
    name: str,
    *,
    read: Read | None = None,
    today: date | None = None,
    zone_known: Callable[[str], bool] | None = None,
) -> tuple[Playbook | None, list[Problem]]:
    """Read a playbook with all it includes; `name` is the file's, for the problems.

    The playbook is None exactly when there are problems, which come in the order of the file and
    then of the included ones. `read` returns the text of a file beside it. With `today` what has
    grown old is a problem too, and with `zone_known` a time zone that is not there: `check` wants
    to know, but a plan a month too old still has to open at three in the morning.
    """
    root, problems = parse(text, name)
    if root is None:
        return None, problems
    report = Report(name, problems)
    run, others = merged(bind(root, Playbook, report), root, report, read)
    check(run, today=today, zone_known=zone_known)
    found = [problem for one in (report, *others) for problem in one.problems()]
    return (None if found else run.plan), found
