"""Files that are large rather than wrong: as much of one thing as the loader takes, and more."""

from __future__ import annotations

from collections.abc import Callable

HEAD = 'schema: 1\nid: heavy\ntitle: "Heavy"\nversion: 1\nseverities: [{id: sev1, label: "A"}]\n'
_ROOM = 250 * 1024
_BLANKS = " ".join(f"{{{{nextupdate{n}}}}}" for n in range(400))


def _full(head: str, line: Callable[[int], str], most: int) -> str:
    """Return a head and as many lines as fit, at most so many."""
    lines = [head]
    size = len(head.encode())
    for number in range(most):
        one = line(number)
        size += len(one.encode())
        if size > _ROOM:
            break
        lines.append(one)
    return "".join(lines)


def _facts(count: int) -> str:
    return "facts:\n" + "".join(
        f"- {{id: f{n}, label: x, type: choice, options: [a, b, c]}}\n" for n in range(count)
    )


def _pigeons(holes: int) -> str:
    """A condition that no value satisfies, and that only trying everything shows."""
    parts = [
        "{any: [" + ", ".join(f"{{is: {{fact.f{p}: h{h}}}}}" for h in range(holes)) + "]}"
        for p in range(holes + 1)
    ]
    parts += [
        f"{{not: {{all: [{{is: {{fact.f{p}: h{h}}}}}, {{is: {{fact.f{q}: h{h}}}}}]}}}}"
        for h in range(holes)
        for p in range(holes + 1)
        for q in range(p)
    ]
    return f"{{all: [{', '.join(parts)}]}}"


def _task(rest: str) -> str:
    return f"phases: [{{id: p, title: P, tasks: [{{id: t, title: T, {rest}}}]}}]\n"


HEAVY = {
    "unknown keys": _full(HEAD, lambda n: f"key{n}: x\n", 3_900),
    "keys that are nearly right": _full(HEAD, lambda n: f"severitie{n}: x\n", 3_900),
    "roles with slips": _full(HEAD + "roles:\n", lambda n: f"- {{id: r{n}, bakcup: y}}\n", 1_550),
    "roles of nobody": _full(
        HEAD + "roles:\n", lambda n: f"- {{id: r{n}, title: T, backup: nobody{n}}}\n", 1_120
    ),
    "required roles": _full(
        HEAD + "roles:\n", lambda n: f"- {{id: r{n}, title: T, required: yes}}\n", 1_120
    ),
    "roles and contacts": _full(
        HEAD
        + "roles:\n"
        + "".join(f"- {{id: r{n}, title: T, required: yes, backup: c{n}}}\n" for n in range(300)),
        lambda n: ("contacts:\n" if not n else "")
        + f"- {{id: c{n}, name: C, roles: [r{n}], reach: [{{by: phone, to: 112}}]}}\n",
        310,
    ),
    "the same id": _full(HEAD + "facts:\n", lambda n: "- {id: f, label: x}\n", 1_550),
    "a long ring of tasks": HEAD
    + "phases: [{id: p, title: P, tasks: ["
    + ", ".join(f"{{id: t{n}, title: T, needs: [t{(n + 1) % 960}]}}" for n in range(960))
    + "]}]\n",
    "tasks that all need each other": HEAD
    + "phases: [{id: p, title: P, tasks: ["
    + ", ".join(
        f"{{id: t{n}, title: T, needs: [{', '.join(f't{m}' for m in range(78))}]}}"
        for n in range(78)
    )
    + "]}]\n",
    "a wide tangle": HEAD
    + _facts(12)
    + _task(
        "when: {all: ["
        + ", ".join(
            f"{{any: [{{is: {{fact.f{n % 12}: a}}}}, {{not: {{set: fact.f{(n + 5) % 12}}}}}]}}"
            for n in range(520)
        )
        + "]}"
    ),
    "pigeons": HEAD + "facts: ["
    + ", ".join(
        f"{{id: f{n}, label: x, type: choice, options: [{', '.join(f'h{m}' for m in range(8))}]}}"
        for n in range(9)
    )
    + "]\n"
    + _task(f"when: {_pigeons(8)}"),
    "many conditions": HEAD
    + _facts(1)
    + "phases: [{id: p, title: P, tasks: ["
    + ", ".join(
        f"{{id: t{n}, title: T, when: {{all: [{{is: {{fact.f0: a}}}}, {{is: {{fact.f0: b}}}}]}}}}"
        for n in range(440)
    )
    + "]}]\n",
    "conditions on every task": HEAD
    + "phases: [{id: p, title: P, tasks: ["
    + ", ".join(
        f"{{id: t{n}, title: T, when: {{set: [{', '.join(f'task.t{m}' for m in range(60))}]}}}}"
        for n in range(115)
    )
    + "]}]\n",
    "many numbers": HEAD
    + "facts: [{id: n, label: x, type: number}]\n"
    + _task(f"when: {{is: {{fact.n: [{', '.join(str(n) for n in range(9_000))}]}}}}"),
    "braces": f'{HEAD}greeting: "{"{{" * 50}"\nstatements: '
    f'[{{id: s, kind: internal, title: T, text: "{"{{a} " * 1_590}"}}]\n',
    "placeholders": HEAD
    + "statements: ["
    + ", ".join(
        f'{{id: s{n}, kind: internal, title: T, text: "{"{{fact.wrong}} {{hanlde}} " * 300}"}}'
        for n in range(30)
    )
    + "]\n",
    "unknown placeholders": HEAD
    + "statements: ["
    + ", ".join(
        f"{{id: s{n}, kind: internal, title: T, text: \"{_BLANKS}\"}}"
        for n in range(25)
    )
    + "]\n",
    "a drill backwards": _full(
        HEAD + "drill:\n", lambda n: f"- {{at: {3000 - n}s, inject: x, to: nobody}}\n", 1_100
    ),
    "a cadence of slow-downs": _full(
        HEAD
        + "cadences:\n- id: c\n  audience: a\n  statement: s\n  first_within: 1h\n"
        + "  every: {sev1: 30m}\n  then:\n",
        lambda n: f"  - {{after: {3000 - n}m, every: {{sev2: 5m}}}}\n",
        930,
    ),
    "values without end": HEAD + "facts: [" + "x, " * 7_900 + "]\n",
    "too many values": HEAD + "facts: [" + "x, " * 60_000 + "]\n",
    "one long title": f'{HEAD.replace("Heavy", "x" * 200_000)}',
    "a long key": f"{HEAD}{'x' * 100_000}: y\n",
    "long ids": _full(HEAD + "roles:\n", lambda n: f"- {{id: {'r' * 5_000}{n}, title: T}}\n", 60),
    "quotes and backslashes": f'{HEAD}summary: "{chr(92) * 2 * 100_000}"\n',
    "a path of backslashes": f'{HEAD}summary: "{"C:" * 60_000}{chr(92)}n"\n',
    "hashes": f"{HEAD}summary: {'a#' * 100_000} # b\n",
    "spaces": f"{HEAD}summary: {'a ' * 120_000}\n",
    "comments": HEAD + "# nothing\n" * 24_000,
    "empty lines": HEAD + "\n" * 250_000,
    "controls": HEAD + "\x1b" * 100_000,
    "deep": HEAD + "facts: " + "[" * 100_000,
    "deep maps": HEAD + "facts: " + "{a: " * 60_000,
    "aliases": f"{HEAD}a: &a [x, x]\nb: [{', '.join(['*a'] * 9_000)}]\n",
    "anchors": _full(HEAD, lambda n: f"k{n}: &a{n} x\n", 9_000),
    "tags": _full(HEAD, lambda n: f"k{n}: !t{n} x\n", 9_000),
    "doubled keys": HEAD + "a: 1\n" * 9_000,
    "one line of flow": HEAD + "facts: [" + "{id: a, label: b}, " * 1_550 + "]\n",
}  # fmt: skip
