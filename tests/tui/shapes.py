"""What the parts of a program may serve as, read off its annotations and its syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

# What an expression may serve as: one text, a collection of texts, rows of texts, a tuple that
# begins with a text, a collection of such tuples, texts by key; LITERAL is a text in plain `str`,
# STORE a set or a mapping of anything: no widget.
ONE, MANY, ROWS, PAIR, PAIRS, MAP = "one", "many", "rows", "pair", "pairs", "map"
LITERAL, STORE = "literal", "store"
Shapes = frozenset[str]
NOTHING: Shapes = frozenset()

SAFE_TYPES = {"Content", "Text", "LiteralString"}
OPTION_TYPES = {"Option", "Selection", "Tab", "RadioButton"}  # looked at where they are made
SEQUENCES = {"list", "tuple", "deque", "Sequence", "Iterable", "Iterator", "Generator"}
SETS = {"set", "frozenset", "AbstractSet", "MutableSet", "Collection", "AsyncIterator"}
MAPPINGS = {"dict", "Mapping", "MutableMapping", "defaultdict", "Counter"}


def annotated(annotation: ast.expr | None) -> Shapes:
    """Return what a value with this annotation may serve as."""
    match annotation:
        case ast.Constant(value=str(quoted)):
            return annotated(ast.parse(quoted, mode="eval").body)
        case ast.Name(id=name):
            return _named(name)
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return annotated(left)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return annotated(left) & annotated(right)
        case ast.Subscript(value=ast.Name(id="Literal")):
            return frozenset({ONE, LITERAL})
        case ast.Subscript(value=ast.Name(id=name), slice=inner):
            elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            parts = [annotated(part) for part in elements if not _is_ellipsis(part)]
            if name in MAPPINGS:
                return _named(name) | ({MAP} if ONE in parts[-1] else set())
            if name in SEQUENCES | SETS:
                parts = parts if name == "tuple" else parts[:1]
                return _named(name) | collected(parts, is_tuple=name == "tuple")
            return _named(name)
    return NOTHING


def _named(name: str) -> Shapes:
    if name in SAFE_TYPES:
        return frozenset({ONE})
    if name in SETS | MAPPINGS:
        return frozenset({STORE})
    return frozenset({ONE, PAIR}) if name in OPTION_TYPES else NOTHING


def collected(parts: list[Shapes], *, is_tuple: bool) -> Shapes:
    """Return what a collection of parts with these shapes may serve as."""
    shapes = {
        whole
        for part, whole in ((ONE, MANY), (MANY, ROWS), (PAIR, PAIRS))
        if all(part in shape for shape in parts)
    }
    return frozenset(shapes | ({PAIR} if is_tuple and parts and ONE in parts[0] else set()))


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


Source = tuple[str, ast.expr | None]


def bindings(scope: ast.AST, name: str) -> Iterator[Source]:
    """Yield all that gives a name its value within a function; None where it cannot be followed."""
    for node in ast.walk(scope):
        match node:
            case ast.arg(arg=found, annotation=annotation) if found == name:
                yield "as", annotation
            case ast.AnnAssign(target=ast.Name(id=found), annotation=annotation) if found == name:
                yield "as", annotation
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if tail_name(target) == name and isinstance(target, ast.Name):
                        yield "is", value
                    elif isinstance(target, ast.Tuple | ast.List) and _holds(target, name):
                        yield "is", None
            case ast.AugAssign(target=ast.Name(id=found), value=value) if found == name:
                yield "is", value
            case ast.NamedExpr(target=ast.Name(id=found), value=value) if found == name:
                yield "is", value
            case ast.For(target=target, iter=many) | ast.AsyncFor(target=target, iter=many):
                yield from _each(target, many, name)
            case ast.comprehension(target=target, iter=many):
                yield from _each(target, many, name)
            case ast.withitem(optional_vars=ast.expr() as target) if _holds(target, name):
                yield "is", None
            case ast.ExceptHandler(name=found) | ast.MatchAs(name=found) if found == name:
                yield "is", None
            case ast.MatchStar(name=found) | ast.MatchMapping(rest=found) if found == name:
                yield "is", None


def _each(target: ast.expr, many: ast.expr, name: str) -> Iterator[Source]:
    if isinstance(target, ast.Name) and target.id == name:
        yield "in", many
    elif isinstance(target, ast.Tuple) and _holds(target.elts[0], name):
        yield "first in", many
    elif _holds(target, name):
        yield "in", None


def imports(tree: ast.Module) -> Iterator[tuple[str, tuple[str, str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, (node.module or "", alias.name)


def either(*shapes: Shapes) -> Shapes:
    """Return what a value serves as that is one of several."""
    return frozenset.intersection(*shapes) | (frozenset.union(*shapes) & {LITERAL})


def one_of(shapes: Shapes) -> Shapes:
    """Return what an element of a collection serves as."""
    inside = {MANY: ONE, ROWS: MANY, PAIRS: PAIR}
    return frozenset(inside[shape] for shape in shapes if shape in inside)


def picked(shapes: Shapes, index: ast.expr) -> Shapes:
    if isinstance(index, ast.Slice):
        return shapes - {PAIR, MAP}
    first = (
        {ONE} if PAIR in shapes and isinstance(index, ast.Constant) and index.value == 0 else set()
    )
    return one_of(shapes) | first | ({ONE} if MAP in shapes else set())


def are_plain(values: Iterable[ast.expr]) -> bool:
    """Tell whether values are written out, so that they mean the same in any module."""
    names = [node.id for value in values for node in ast.walk(value) if isinstance(node, ast.Name)]
    return all(name in SAFE_TYPES for name in names)


def _holds(target: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(target))


def tail_name(target: ast.expr) -> str:
    return getattr(target, "attr", "") or getattr(target, "id", "")
