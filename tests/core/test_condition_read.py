from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.condition import Condition
from crisisroom.core.condition_read import NEVER, looks, read_condition
from crisisroom.core.problems import Problem, Report
from crisisroom.core.yamltext import Node, Sequence, parse


def node_of(text: str) -> Node:
    node, problems = parse(text, "c.yaml")
    assert not problems
    assert node is not None
    return node


def read(text: str) -> tuple[Condition, list[Problem]]:
    report = Report("c.yaml")
    return read_condition(node_of(text), report), report.problems()


A = Condition("is", subject="fact.a", values=("yes",))
B = Condition("set", subject="fact.b")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("is: {fact.a: yes}", A),
        ("is: {fact.a: [yes]}", A),
        ("is:\n  fact.a: yes\n", A),
        ("set: fact.b", B),
        ("set: [fact.b]", B),
        ("set: [fact.b, role.lead]", Condition("all", (B, Condition("set", subject="role.lead")))),
        ("not: {set: fact.b}", Condition("not", (B,))),
        ("all: [{is: {fact.a: yes}}, {set: fact.b}]", Condition("all", (A, B))),
        ("any:\n  - is: {fact.a: yes}\n  - set: fact.b\n", Condition("any", (A, B))),
        ("is: {fact.a: yes, severity: [sev1, sev2]}",
         Condition("all", (A, Condition("is", subject="severity", values=("sev1", "sev2"))))),
        ("at_least: {fact.n: 1,200}", None),
        ("at_least: {fact.n: '1,200'}",
         Condition("at_least", subject="fact.n", values=("1,200",))),
        ("at_most: {fact.n: 3.5}", Condition("at_most", subject="fact.n", values=("3.5",))),
        ("is: {fact.a: NO}", Condition("is", subject="fact.a", values=("NO",))),
        ("is: {fact.time: 12:30}", Condition("is", subject="fact.time", values=("12:30",))),
        ("is: {statement.holding: sent}",
         Condition("is", subject="statement.holding", values=("sent",))),
    ],
)  # fmt: skip
def test_a_condition_is_read_as_it_is_written(text: str, condition: Condition | None) -> None:
    found, problems = read(text)
    if condition is None:
        assert problems
    else:
        assert (found, problems) == (condition, [])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("fact.a == yes", "write is: {fact.a: yes}"),
        ("fact.a = yes", "write is: {fact.a: yes}"),
        ("fact.a is yes", "write is: {fact.a: yes}"),
        ("'fact.a == \"yes\"'", "write is: {fact.a: yes}"),
        ("fact.a is not yes", "write not: {is: {fact.a: yes}}"),
        ("'fact.a != yes'", "write not: {is: {fact.a: yes}}"),
        ("fact.n >= 100", "write at_least: {fact.n: 100}"),
        ("fact.n < 100", "write at_most: {fact.n: 100}"),
        ("severity is sev1", "write is: {severity: sev1}"),
        ("fact.a and fact.b", "all:, any: and not: join them"),
        ("not fact.a", "all:, any: and not: join them"),
        ("always", "like is: {fact.data: yes}"),
        ("[{set: fact.b}]", "write all: or any: above the list"),
        ("{set: fact.b, not: {set: fact.b}}", "write all: or any:"),
        ("{}", "like is: {fact.data: yes}"),
        ("fact.a: yes", "write is: {fact.a: yes}"),
        ("equals: {fact.a: yes}", "one of all, any"),
        ("is: fact.a", "like is: {fact.data: yes}"),
        ("is: {fact.a: {b: c}}", "like is:"),
        ("is: {fact.a: []}", "like is:"),
        ("is: {fact:a: yes}", "write fact.a"),
        ("is: {fact.a:yes}", "put a space behind the colon"),
        ("set: []", "set: fact.cause"),
        ("set: {a: b}", "a condition looks at"),
        ("set: fact.A", "a condition looks at"),
        ("at_least: {fact.n: [1, 2]}", "at_least: {fact.affected: 100}"),
        ("at_least: {fact.n: nan}", "at_least: {fact.affected: 100}"),
        ("all: {set: fact.b}", "lines that start with -"),
        ("any: []", "lines that start with -"),
    ],
)
def test_what_is_no_condition_says_how_it_is_written(text: str, hint: str) -> None:
    _, problems = read(text)
    assert len(problems) == 1, problems
    assert hint in problems[0].hint


def test_looks_are_found_where_they_stand() -> None:
    text = "all:\n  - is: {fact.a: [yes, no]}\n  - not: {set: [fact.b, role.c]}\n"
    found = [
        (one.op, one.subject.value, one.subject.line, one.subject.column, len(one.values))
        for one in looks(node_of(text))
    ]
    assert found == [
        ("is", "fact.a", 2, 10, 2),
        ("set", "fact.b", 3, 17, 0),
        ("set", "role.c", 3, 25, 0),
    ]


NODES = st.recursive(
    st.sampled_from(["yes", "fact.a", "''", "fact.a == yes", "12"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda some: f"[{', '.join(some)}]")
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "is", "set", "at_least", "fact.a", "x"]),
            inner,
            max_size=2,
        ).map(lambda them: "{" + ", ".join(f"{k}: {v}" for k, v in them.items()) + "}")
    ),
    max_leaves=12,
)


@given(NODES)
def test_any_node_is_read_or_reported(text: str) -> None:
    listed = node_of(f"[{text}]")
    assert isinstance(listed, Sequence)
    (node,) = listed.items
    report = Report("c.yaml")
    condition = read_condition(node, report)
    assert report or condition != NEVER
    assert len([*looks(node)]) <= text.count("a") + text.count("s") + text.count("x") + 20
