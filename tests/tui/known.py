"""What the annotations of a whole tree of modules say."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tui.shapes import Shapes, annotated, tail_name
from tui.slots import WIDGETS, Slot


@dataclass
class Known:
    """What the annotations of a whole tree say: functions by module, the rest by name."""

    functions: dict[tuple[str, str], Shapes] = field(default_factory=dict)
    constants: dict[tuple[str, str], list[ast.expr]] = field(default_factory=dict)
    attributes: dict[str, list[Shapes]] = field(default_factory=dict)
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    widgets: dict[str, Slot] = field(default_factory=lambda: dict(WIDGETS))
    own_init: set[str] = field(default_factory=set)


def learn(trees: Mapping[str, ast.Module]) -> Known:
    """Collect what the modules of a tree annotate."""
    known = Known()
    for module, tree in trees.items():
        for statement in tree.body:
            _learn_top(known, module, statement)
    classes = [
        node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]
    for own in classes:
        _learn_members(known, own)
    for own in classes * 4:  # more than once, as a class may stand before its base
        _learn_base(known, own)
    return known


def _learn_top(known: Known, module: str, node: ast.stmt) -> None:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            known.functions[module, node.name] = annotated(node.returns)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            known.constants.setdefault((module, name), []).append(value)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            known.constants.setdefault((module, name), []).append(value)


def _learn_members(known: Known, own: ast.ClassDef) -> None:
    for node in ast.walk(own):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                known.attributes.setdefault(node.name, []).append(annotated(node.returns))
            case ast.AnnAssign(target=target) if _is_member(own, node, target):
                known.attributes.setdefault(tail_name(target), []).append(
                    annotated(node.annotation)
                )
            case ast.Assign(targets=[target], value=value) if _is_member(own, node, target):
                known.values.setdefault(tail_name(target), []).append(value)


def _is_member(own: ast.ClassDef, statement: ast.stmt, target: ast.expr) -> bool:
    """Tell an attribute from a variable of a method."""
    return isinstance(target, ast.Attribute) or statement in own.body


def _learn_base(known: Known, own: ast.ClassDef) -> None:
    has_init = any(
        isinstance(part, ast.FunctionDef) and part.name == "__init__" for part in own.body
    )
    for base in base_names(own):
        if base in known.widgets:
            known.widgets.setdefault(own.name, known.widgets[base])
            if has_init or base in known.own_init:
                known.own_init.add(own.name)


def base_names(node: ast.ClassDef) -> Iterator[str]:
    """Yield the plain names of a class's bases: `Select` for `Select[str]`."""
    for base in node.bases:
        plain = base.value if isinstance(base, ast.Subscript) else base
        if isinstance(plain, ast.Name | ast.Attribute):
            yield plain.id if isinstance(plain, ast.Name) else plain.attr
