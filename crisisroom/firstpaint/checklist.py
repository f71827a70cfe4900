"""The checklist as `tui.rows.tasks` has it; what is not known is left empty."""

from __future__ import annotations

from crisisroom.firstpaint import signs
from crisisroom.firstpaint.cells import (
    Line,
    brief_clock,
    clip,
    due,
    fit,
    gap,
    harmless,
    minutes,
    width,
)
from crisisroom.firstpaint.clocks import Clock
from crisisroom.firstpaint.pane import Pane, titled
from crisisroom.store.firstlook import Row, Seen

WIDE = 78
_TITLE = 34
_CLOSED = ("done", "skipped", "not_needed")
_ASKS = {
    "note": "a note",
    "link": "a link",
    "mention": "a post",
    "statement": "a statement",
    "fact": "a fact",
}


def checklist(
    seen: Seen, me: str, size: int, running: list[Clock] | None, *, wide: bool, focused: bool
) -> Pane:
    """Return the checklist; without its rows where somebody is being called."""
    if seen.incident is None:
        words = "no incident: I declares one"
        title: Line = [gap(3), (words, "quiet")]
        if wide:
            title = [*titled("3", "Tasks", focused=focused), (f"  {words}", "text")]
        begins = "The checklist comes with an incident."
        return Pane([title], [[gap(3), (begins, "quiet")]])
    head = [_tasks_head(seen, me, wide=wide, focused=focused)]
    if any(one["kind"] == "escalation" for one in seen.duties):
        return Pane(head, [])
    states = {one.id: one.state for one in running or ()}
    rows = _duties(seen, me, size, states)
    cursor = None
    for place in dict.fromkeys(one["place"] for one in seen.tasks):
        tasks = [one for one in seen.tasks if one["place"] == place]
        shut = all(one["state"] in _CLOSED for one in tasks)
        rows.append(_phase(seen, tasks, shut=shut))
        for task in () if shut else tasks:
            if task["state"] != "not_needed":
                if cursor is None and task["state"] == "open":
                    cursor = len(rows)
                rows += _task(seen, me, task, size, states)
    return Pane(head, rows, cursor or 0)


def _owner(seen: Seen, task: Row) -> str:
    if task["assignee"]:
        return str(task["assignee"])
    return next((one["holder"] for one in seen.roles if one["id"] == task["role"]), "")


def _tasks_head(seen: Seen, me: str, *, wide: bool, focused: bool) -> Line:
    assert seen.incident is not None
    needed = [one for one in seen.tasks if one["state"] != "not_needed"]
    done = sum(one["state"] in _CLOSED for one in needed)
    owners = [_owner(seen, one) for one in needed if one["state"] == "open"]
    mine, free = sum(one == me for one in owners), sum(not one for one in owners)
    if wide:
        counts = (f"  {done} of {len(needed)}", "text")
        rest = (f"   {mine} mine, {free} free", "quiet")
        return [*titled("3", "Tasks", focused=focused), counts, rest]
    name = f"{seen.incident['playbook']} {seen.incident['version']}"
    words = f"{done} of {len(needed)} done   {mine} mine   {free} free   playbook {name}"
    return [gap(3), (words, "quiet")]


def _phase(seen: Seen, every: list[Row], *, shut: bool) -> Line:
    tasks = [one for one in every if one["state"] != "not_needed"]
    done, idle = sum(one["state"] in _CLOSED for one in tasks), len(every) - len(tasks)
    counts = f"{done} of {len(tasks)}" + (f", {idle} not needed" if idle else "")
    title = harmless(every[0]["called"])
    times = [one["closed_at"] for one in tasks if one["closed_at"]]
    if shut and times:
        told = f" {title}   {counts} by {brief_clock(max(times), seen.now)}"
        return [gap(1), (signs.DONE, "ok"), (told, "quiet")]
    fold = (signs.CLOSED if shut else signs.OPEN, "quiet")
    return [gap(1), fold, gap(1), (title, "bold"), (f"  {counts}", "quiet")]


def _task(seen: Seen, me: str, task: Row, size: int, states: dict[str, str]) -> list[Line]:
    is_closed = task["state"] in _CLOSED
    who = (task["closed_by"] if is_closed else "") or _owner(seen, task)
    quiet = task["state"] != "open"
    mine, base = who == me and not quiet, "quiet" if quiet else "text"
    owner = "mine" if mine else "quiet" if quiet else "text" if who else "bold"
    when, role = _due(seen, task, states)
    mark = _mark(task["state"], who, me)
    line: Line = [gap(1), mark, gap(1), (fit(when, 7), role), gap(1)]
    line += [(fit(who[:4] or "free", 4), owner), gap(1)]
    title, needs, room = harmless(task["title"]), harmless(_needs(task)), size - 16
    if size >= WIDE:
        least = _TITLE - 1
        shown = clip(title, max(least, room - width(needs) - 1) if needs else room)
        line.append((fit(shown, max(least, width(shown))), base))
        rest = room - max(least, width(shown)) - 1
        return [[*line, gap(1), (clip(needs, rest), "quiet")]]
    rows = [[*line, (clip(title, room), base)]]
    if task["state"] == "waiting" and needs:
        rows.append([gap(16), (clip(needs, room), "quiet")])
    return rows


def _mark(state: str, who: str, me: str) -> tuple[str, str]:
    known = {
        "done": (signs.DONE, "ok"),
        "skipped": (signs.OFF, "quiet"),
        "waiting": (signs.WAITS, "quiet"),
    }
    if state in known:
        return known[state]
    return (signs.OWNED, "mine" if who == me else "text") if who else (signs.FREE, "mine")


def _due(seen: Seen, task: Row, states: dict[str, str]) -> tuple[str, str]:
    if task["closed_at"] and task["state"] in _CLOSED:
        return brief_clock(task["closed_at"], seen.now), "quiet"
    moment = task["due_at"]
    late = "overdue" if moment and moment <= seen.now else "ok"
    state = states.get(f"task:{task['id']}", late)
    if task["state"] == "waiting" and (moment is None or state == "ok"):
        return "waits", "quiet"
    return _due_cell(seen, moment, state)


def _due_cell(seen: Seen, moment: int | None, state: str) -> tuple[str, str]:
    if moment is None:
        return "", "text"
    return due(moment, seen.now, state), {"overdue": "late", "warn": "warn"}.get(state, "text")


def _needs(task: Row) -> str:
    if task["state"] == "skipped":
        return f"skipped: {task['given']}"
    if task["state"] == "done":
        return str(task["given"])
    if task["waiting_for"]:
        return f"for {task['waiting_for']}"
    asks = f"needs {_ASKS[task['evidence']]}" if task["evidence"] in _ASKS else ""
    every = f"every {minutes(task['repeat'])}" if task["repeat"] else ""
    times = task["times"]
    told = {0: "", 1: "done once", 2: "done twice"}.get(times, f"done {times} times")
    return ", ".join(part for part in (asks, every, told) if part)


def _duties(seen: Seen, me: str, size: int, states: dict[str, str]) -> list[Line]:
    """Return what stands above the checklist: the law\'s deadlines, questions from outside."""
    law = [one for one in seen.duties if one["kind"] == "deadline"]
    running = _soonest([one for one in law if one["state"] == "running"])
    waiting = [one["waiting_for"] for one in law if one["state"] == "waiting"]
    rows: list[Line] = []
    if law:
        rows.append([gap(3), ("Legal duties", "bold")])
    if waiting:
        facts = ", ".join(dict.fromkeys(waiting)).replace("fact: ", "")
        verb, more = "waits" if len(waiting) == 1 else "wait", " more" if running else ""
        told = f"   {len(waiting)}{more} {verb} for {harmless(facts)}"
        rows[0].append((clip(told, size - 15), "quiet"))
    for one in running:
        who = next((role["holder"] for role in seen.roles if role["id"] == one["role"]), "")
        rows.append(
            _duty(seen, one, (signs.LOOK, "warn"), _of(who, me), one["title"], size, states)
        )
    asked = _soonest([one for one in seen.duties if one["kind"] == "enquiry"])
    if asked:
        rows.append([gap(3), ("Questions from outside", "bold")])
    for one in asked:
        who = _of(one["owner"], me)
        mark = (signs.OWNED, who[1]) if one["owner"] else (signs.FREE, "mine")
        words = f"{one['id']} {one['outlet']}: {one['question']}"
        rows.append(_duty(seen, one, mark, who, words, size, states))
    return rows


def _soonest(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda one: (one["due_at"] or 1 << 62, one["begun_at"] or 0, one["id"]))


def _of(name: str, me: str) -> tuple[str, str]:
    return (name, "mine" if name == me else "text") if name else ("free", "bold")


def _duty(
    seen: Seen, one: Row, mark: tuple[str, str], who: tuple[str, str], words: str, size: int,
    states: dict[str, str],
) -> Line:  # fmt: skip
    when, role = _due_cell(seen, one["due_at"], states.get(f"{one['kind']}:{one['id']}", "ok"))
    line: Line = [gap(1), mark, gap(1), (fit(when, 7), role), gap(1)]
    return [*line, (fit(who[0][:4], 4), who[1]), gap(1), (clip(harmless(words), size - 16), "text")]
