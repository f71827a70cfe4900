"""The page and the JSON Schema: complete, fresh, and true of the files we ship."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path
from typing import Any, get_args, get_origin

import jsonschema
import msgspec
import pytest
from core.any_struct import Some
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from whole_playbook import WHOLE

from crisisroom.cli.commands import Command
from crisisroom.cli.commands import parse as command_of
from crisisroom.cli.verbs import SUMMARIES
from crisisroom.core import playbook as book
from crisisroom.core.condition import Condition
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.schema import bare, hints
from crisisroom.core.yamltext import Mapping, Node, Scalar, Sequence, parse
from crisisroom.core.yamlwrite import Unwritable, write
from crisisroom.library import find, list_ids
from crisisroom.vocabulary import jsonschema as schema_file
from crisisroom.vocabulary import page as page_file
from crisisroom.vocabulary.jsonschema import playbook_schema
from crisisroom.vocabulary.meanings import MEANINGS
from crisisroom.vocabulary.page import example, page

SHIPPED = Path(__file__).parent.parent.parent / "playbooks"
STRUCTS = {
    one
    for one in vars(book).values()
    if isinstance(one, type) and issubclass(one, msgspec.Struct) and one is not Condition
}
_NUMBER = re.compile(r"[-+]?(?:[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def test_every_field_of_every_struct_has_a_meaning() -> None:
    assert {shape: set(said) for shape, said in MEANINGS.items()} == {
        shape: set(shape.__struct_fields__) for shape in STRUCTS
    }
    for said in MEANINGS.values():
        for meaning in said.values():
            assert meaning[0].isupper(), meaning
            assert meaning.endswith((".", "…", "?")), meaning
            assert "|" not in meaning, meaning


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (SHIPPED / page_file.FILE, lambda: page()),
        (SHIPPED / schema_file.FILE, lambda: schema_file.as_json(playbook_schema())),
    ],
    ids=["page", "schema"],
)
def test_the_shipped_file_is_fresh(path: Path, wanted: Any) -> None:
    if os.environ.get("CRISISROOM_UPDATE_PLAYBOOK_HELP"):
        path.write_text(wanted(), encoding="utf-8")
    fresh = path.read_text(encoding="utf-8") == wanted()
    assert fresh, "CRISISROOM_UPDATE_PLAYBOOK_HELP=1 writes it anew"


def test_the_example_passes_check_and_has_every_key() -> None:
    shared = write(
        {"contacts": (book.Contact("zoe", "Zoe", (book.Reach("phone", "+00 1 23456"),)),)}
    )
    plan, problems = load_playbook(example(), "example.yaml", read=lambda name: shared)
    assert not problems
    assert plan is not None
    root, _ = parse(example(), "example.yaml")
    lacking = {
        f"{shape.__name__}.{name}"
        for shape, said in MEANINGS.items()
        for name in said
        if name not in _keys_of(root, Playbook).get(shape, ())
    }
    assert not lacking


def _keys_of(node: Node | None, hint: Any) -> dict[Any, set[str]]:
    """Return which keys of which struct a file writes."""
    base = bare(hint)
    found: dict[Any, set[str]] = {}
    below: list[tuple[Node, Any]] = []
    if get_origin(base) is tuple and isinstance(node, Sequence):
        below = [(item, get_args(base)[0]) for item in node.items]
    elif get_origin(base) is dict and isinstance(node, Mapping):
        below = [(value, get_args(base)[1]) for _, value in node.entries]
    elif base in STRUCTS and isinstance(node, Mapping):
        found[base] = {key.value for key, _ in node.entries}
        below = [(value, hints(base)[key.value]) for key, value in node.entries]
    for one, kind in below:
        for shape, keys in _keys_of(one, kind).items():
            found[shape] = found.get(shape, set()) | keys
    return found


def test_every_key_stands_on_the_page() -> None:
    text = page()
    for shape, said in MEANINGS.items():
        for name, meaning in said.items():
            assert f"| `{name}` | {meaning} |" in text, (shape, name)
    for shape in STRUCTS - {Playbook}:
        assert text.count(f'<a id="{shape.__name__.lower()}">') == 1, shape
    anchors = set(re.findall(r"\]\(#([a-z]+)\)", text))
    assert anchors <= {shape.__name__.lower() for shape in STRUCTS}


def test_its_commands_are_commands() -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", page(), re.DOTALL)
    for line in block.splitlines():
        words = shlex.split(line, comments=True)
        assert words[0] == "crisisroom"
        assert isinstance(command_of(words[1:]), Command), line
    for family, name in re.findall(r"`crisisroom ([a-z]+) ([a-z]+)`", page()):
        assert f"{family} {name}" in SUMMARIES


def as_editors_read(node: Node | None) -> Any:
    """Return the values that an editor makes of a file: those of YAML 1.2's core schema."""
    if isinstance(node, Mapping):
        return {key.value: as_editors_read(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [as_editors_read(item) for item in node.items]
    assert isinstance(node, Scalar)
    if node.style != "plain":
        return node.value
    if node.value.lower() in ("true", "false"):
        return node.value.lower() == "true"
    if _NUMBER.fullmatch(node.value):
        return int(node.value, 0) if node.value[:2] in ("0x", "0o") else int(node.value)
    return float(node.value) if _FLOAT.fullmatch(node.value) else node.value


VALIDATOR = jsonschema.Draft202012Validator(playbook_schema())


def complaints(text: str) -> list[str]:
    """Return what an editor would underline."""
    root, problems = parse(text, "p.yaml")
    assert not problems
    return [
        f"{one.json_path}: {one.message}" for one in VALIDATOR.iter_errors(as_editors_read(root))
    ]


def test_the_schema_is_one() -> None:
    schema = playbook_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert not jsonschema.Draft202012Validator(schema).is_valid({"title": 5})


@pytest.mark.parametrize("name", list_ids([]))
def test_shipped_playbooks_fit_the_schema(name: str) -> None:
    assert complaints(find(name, [])[0]) == []


def test_the_example_fits_the_schema() -> None:
    assert complaints(example()) == []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**64))
def test_what_we_write_fits_the_schema(seed: int) -> None:
    plan = Some(seed).struct(Playbook)
    assume(_each_does_one_thing(plan))
    assert complaints(write(plan)) == []


def _each_does_one_thing(value: Any) -> bool:
    """Tell whether every consequence is one; the generator does not care."""
    if isinstance(value, book.Consequence):
        return bool(value.note) + bool(value.notify) + bool(value.escalate) == 1
    if isinstance(value, msgspec.Struct):
        return all(_each_does_one_thing(below) for below in msgspec.structs.astuple(value))
    return not isinstance(value, tuple) or all(_each_does_one_thing(below) for below in value)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("version: 3", "version: three", "version"),
        ("version: 3", "verison: 3", "verison"),
        ("id: cold-kettles", "id: Cold Kettles", "does not match"),
        ("within: 15m", "within: 15", "15"),
        ("within: 15m", "within: 15 minutes", "15 minutes"),
        ("required: yes", "required: maybe", "maybe"),
        ("{is: {severity: sev1}}", "{is: {sev1}}", "when"),
        ("{is: {severity: sev1}}", "{equals: {severity: sev1}}", "when"),
        ("{is: {severity: sev1}}", '"severity == sev1"', "when"),
        ("reviewed: 2026-10-01", "reviewed: October", "October"),
        ("after: fact.harm", "after: fact:harm", "fact:harm"),
        ("kind: holding", "kind: first", "first"),
        ("within: 72h", "within: 3 days", "3 days"),
        ("timezone: Europe/Berlin", 'timezone: "Berlin time"', "Berlin time"),
        ('title: "Legal"', 'title: " "', "does not match"),
        ("{escalate: call-lead, after: 5m}", "{escalate: a, notify: b}", "on_overdue"),
    ],
)
def test_an_editor_shows_slips(was: str, becomes: str, said: str) -> None:
    assert was in example()
    found = complaints(example().replace(was, becomes, 1))
    assert any(said in one for one in found), found


def test_a_whole_playbook_of_another_hand_fits_the_schema() -> None:
    assert complaints(WHOLE) == []


def test_what_has_no_form_is_not_written() -> None:
    with pytest.raises(Unwritable):
        write(book.KeyMessage("a", "A", "bell\x07"))


def test_the_schema_is_plain_json() -> None:
    assert json.loads(schema_file.as_json(playbook_schema())) == playbook_schema()
