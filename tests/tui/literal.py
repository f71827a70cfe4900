"""Finds words that reach a widget as a `str` of unknown making: Textual reads those as markup.

Allowed are literals, `Content`, rich's `Text`, and whatever is annotated or made as such. What the
detector cannot follow is a finding, so that a new way of showing words is looked at by a person.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.known import Known, base_names, learn
from tui.shapes import (
    LITERAL,
    MANY,
    MAP,
    NOTHING,
    ONE,
    PAIR,
    PAIRS,
    ROWS,
    SAFE_TYPES,
    STORE,
    Shapes,
    Source,
    annotated,
    are_plain,
    bindings,
    collected,
    either,
    imports,
    one_of,
    picked,
    tail_name,
)
from tui.slots import ATTRIBUTES, KEEPERS, KEYWORDS, MAKERS, METHODS, WIDGETS, Slot


@dataclass(frozen=True)
class Finding:
    """A place where words of unknown making may be read as markup."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def find(sources: Mapping[str, str]) -> list[Finding]:
    """Return the findings of a tree of modules, given as dotted names and their source."""
    trees = {module: ast.parse(source) for module, source in sources.items()}
    known = learn(trees)
    return [one for module, tree in trees.items() for one in Judge(module, tree, known).findings()]


def read_tree(root: Path, package: str) -> dict[str, str]:
    """Return the modules under a folder as dotted names and their source."""
    paths = {path.relative_to(root).with_suffix("").parts: path for path in root.rglob("*.py")}
    return {
        ".".join((package, *parts)).removesuffix(".__init__"): path.read_text("utf-8")
        for parts, path in sorted(paths.items())
    }


class Judge:
    """Looks at one module with what is known of all."""

    def __init__(self, module: str, tree: ast.Module, known: Known) -> None:
        self._module, self._tree, self._known = module, tree, known
        self._parents = {c: p for p in ast.walk(tree) for c in ast.iter_child_nodes(p)}
        self._imports = dict(imports(tree))
        self._open: set[tuple[ast.AST, str]] = set()

    def findings(self) -> list[Finding]:
        """Return what is wrong in this module, in the order of its lines."""
        found: list[Finding] = []
        for node in ast.walk(self._tree):
            for expression, wanted, place in self._slots(node):
                if wanted not in self.shape(expression):
                    words = " ".join(ast.unparse(expression).split())[:60]
                    what = f"{place} gets `{words}`: no literal, Content or Text of known making"
                    found.append(Finding(self._module, expression.lineno, what))
        return sorted(found, key=lambda one: one.line)

    def _slots(self, node: ast.AST) -> Iterator[tuple[ast.expr, str, str]]:
        """Yield each expression that becomes words on the screen, what it must be, and where."""
        match node:
            case ast.Call():
                yield from self._call_slots(node)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if tail_name(target) in ATTRIBUTES and self._is_member(target):
                        yield value, ONE, ast.unparse(target)
            case ast.AugAssign(target=target, value=value):
                if tail_name(target) in ATTRIBUTES and self._is_member(target):
                    yield value, ONE, ast.unparse(target)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                if tail_name(target) in ATTRIBUTES and self._is_member(target):
                    yield value, ONE, ast.unparse(target)
            case ast.FunctionDef(name="render") if ONE not in annotated(node.returns):
                for part in ast.walk(node):
                    if isinstance(part, ast.Return) and part.value is not None:
                        yield part.value, ONE, "what render() returns"

    def _is_member(self, target: ast.expr) -> bool:
        """Tell an attribute, also one written in a class's body, from a variable of that name."""
        return isinstance(target, ast.Attribute) or (
            tail_name(target).isupper()
            and isinstance(self._parents.get(self._parents[target]), ast.ClassDef)
        )

    def _call_slots(self, call: ast.Call) -> Iterator[tuple[ast.expr, str, str]]:
        place = f"{ast.unparse(call.func)}()"
        for keyword in call.keywords:
            if keyword.arg in KEYWORDS:
                yield keyword.value, ONE, f"{keyword.arg}= of {place}"
        slot = self._slot(call)
        if slot is None or _is_unmarked(call) or self._is_store(call.func):
            return
        for index, argument in enumerate(call.args):
            if isinstance(argument, ast.Starred):
                yield argument.value, {PAIR: PAIRS}.get(slot.wants, MANY), place
            elif slot.rest or index in slot.places:
                yield argument, slot.wants, place
        for keyword in call.keywords:
            if keyword.arg in slot.keywords and keyword.arg not in KEYWORDS:
                yield keyword.value, slot.wants, place

    def _slot(self, call: ast.Call) -> Slot | None:
        match call.func:
            case ast.Name(id=name):
                own = name in self._known.own_init and name not in WIDGETS
                return self._known.widgets.get(name) if self._is_screens(name) and not own else None
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
                around = (node for node in self._around(call) if isinstance(node, ast.ClassDef))
                slots = map(self._known.widgets.get, base_names(next(around)))
                return next(filter(None, slots), None)
            case ast.Attribute(attr=name):
                return METHODS.get(name) or WIDGETS.get(name)
        return None

    def _is_store(self, function: ast.expr) -> bool:
        """Tell whether a method is a set's or a mapping's, as `update` may be."""
        return isinstance(function, ast.Attribute) and STORE in self.shape(function.value)

    def _is_screens(self, name: str) -> bool:
        """Tell whether a name is Textual's or the screen's own, not some other package's."""
        origin = self._imports.get(name, (self._module, name))[0]
        return origin.partition(".")[0] in ("textual", "rich") or origin.startswith(self._package)

    @property
    def _package(self) -> str:
        return ".".join(self._module.split(".")[:2])

    def _around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node stands in, from the inside out."""
        while (around := self._parents.get(node)) is not None:
            yield around
            node = around

    def shape(self, node: ast.expr) -> Shapes:
        """Return what an expression may serve as; empty where its making is unknown."""
        match node:
            case ast.Constant():
                return frozenset({ONE, LITERAL})
            case ast.JoinedStr(values=values):
                plain = all(isinstance(value, ast.Constant) for value in values)
                return frozenset({ONE, LITERAL}) if plain else NOTHING
            case ast.IfExp(body=one, orelse=other):
                return either(self.shape(one), self.shape(other))
            case ast.BoolOp(values=values):
                return either(*map(self.shape, values))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _added(self.shape(left), self.shape(right))
            case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mult()):
                return frozenset({ONE, LITERAL})
            case ast.NamedExpr(value=value) | ast.Await(value=value):
                return self.shape(value)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                elements = [self._element(part) for part in parts]
                return collected(elements, is_tuple=isinstance(node, ast.Tuple))
            case ast.Dict(values=values):
                is_map = all(ONE in self.shape(value) for value in values)
                return frozenset({STORE, MAP} if is_map else {STORE})
            case ast.ListComp(elt=part) | ast.GeneratorExp(elt=part):
                return collected([self.shape(part)], is_tuple=False)
            case ast.Subscript(value=value, slice=index):
                return picked(self.shape(value), index)
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._made(node)
        return NOTHING

    def _element(self, node: ast.expr) -> Shapes:
        return one_of(self.shape(node.value)) if isinstance(node, ast.Starred) else self.shape(node)

    def _name(self, node: ast.AST, name: str) -> Shapes:
        """Follow a name to all that gives it a value, from the inside out."""
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        for scope in self._around(node):
            if isinstance(scope, functions) and (sources := list(bindings(scope, name))):
                return self._bound(scope, name, sources)
        origin = self._imports.get(name, (self._module, name))
        values = self._known.constants.get(origin, [])
        return either(*map(self.shape, values)) if values and are_plain(values) else NOTHING

    def _bound(self, scope: ast.AST, name: str, sources: list[Source]) -> Shapes:
        if (scope, name) in self._open:  # `x = x + y`: what else is given to it decides
            return frozenset({ONE, MANY, ROWS, PAIR, PAIRS, MAP, STORE})
        self._open.add((scope, name))
        stated = [annotated(made) for how, made in sources if how == "as" and made is not None]
        shapes = stated or [self._source(how, made) for how, made in sources]
        self._open.discard((scope, name))
        return either(*shapes)

    def _source(self, how: str, made: ast.expr | None) -> Shapes:
        if made is None:
            return NOTHING
        shapes = self.shape(made)
        if how == "in":
            return one_of(shapes)
        return frozenset({ONE} & one_of(one_of(shapes))) if how == "first in" else shapes

    def _attribute(self, node: ast.Attribute) -> Shapes:
        if isinstance(node.value, ast.Name) and node.value.id in self._imports:
            module = ".".join(self._imports[node.value.id])
            values = self._known.constants.get((module, node.attr), [])
            return either(*map(self.shape, values)) if values and are_plain(values) else NOTHING
        if stated := self._known.attributes.get(node.attr):
            return either(*stated)
        values = self._known.values.get(node.attr, [])
        return either(*map(self.shape, values)) if values and are_plain(values) else NOTHING

    def _made(self, call: ast.Call) -> Shapes:
        """Return what a call makes: a Content, an option, whatever our helpers are annotated to."""
        match call.func:
            case ast.Name(id=name) if name in SAFE_TYPES or name in self._known.widgets:
                return frozenset({ONE, PAIR}) if self._is_screens(name) else NOTHING
            case ast.Name(id="set" | "dict" | "defaultdict" | "Counter" | "frozenset"):
                return frozenset({STORE})
            case ast.Name(id="list" | "tuple" | "reversed" | "sorted") if call.args:
                return self.shape(call.args[0]) & {MANY, ROWS, PAIRS}
            case ast.Name(id="map") if call.args and isinstance(call.args[0], ast.Name):
                made = self._made(ast.Call(call.args[0], [], []))
                return collected([made], is_tuple=False)
            case ast.Name(id=name):
                return self._known.functions.get(
                    self._imports.get(name, (self._module, name)), NOTHING
                )
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in SAFE_TYPES:
                return frozenset({ONE}) if attr in MAKERS or attr in METHODS else NOTHING
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in self._imports:
                module = ".".join(self._imports[name])
                return self._known.functions.get((module, attr), NOTHING)
            case ast.Attribute(value=value, attr=attr):
                return self._method(self.shape(value), attr, call)
        return NOTHING

    def _method(self, owner: Shapes, attr: str, call: ast.Call) -> Shapes:
        if attr in KEEPERS and ONE in owner and LITERAL not in owner:
            return frozenset({ONE})
        if MAP in owner and attr in ("values", "get"):
            default = [self.shape(argument) for argument in call.args[1:]]
            return frozenset({MANY}) if attr == "values" else either(frozenset({ONE}), *default)
        stated = self._known.attributes.get(attr)
        return either(*stated) if stated else NOTHING


def _added(left: Shapes, right: Shapes) -> Shapes:
    """Return what a sum serves as; whatever is added to a Content stays literal in it."""
    if any(ONE in side and LITERAL not in side for side in (left, right)):
        return frozenset({ONE})
    return either(left, right) - {PAIR}


def _is_unmarked(call: ast.Call) -> bool:
    """Tell whether a call says that its text is no markup."""
    return any(
        keyword.arg == "markup"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is False
        for keyword in call.keywords
    )
