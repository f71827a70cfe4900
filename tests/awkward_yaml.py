"""Files that break YAML loaders, or that load as something else than was written."""

from __future__ import annotations

from typing import NamedTuple

_DEEP = 1000


class Awkward(NamedTuple):
    """A file that has to be refused: with this code, on this line."""

    name: str
    text: str
    code: str
    line: int = 1


def _laughs() -> str:
    """A billion laughs: nine lists, each nine times the one before."""
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines)


def _merges() -> str:
    """The 700 bytes of merge keys that keep a plain loader busy for half a minute."""
    lines = ["m0: &m0 {k: v}"]
    lines += [f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 9)}]}}" for n in range(1, 10)]
    return "\n".join(lines)


REFUSED = [
    # nothing to read
    Awkward("empty", "", "empty"),
    Awkward("blank", " \n\n  \n", "empty"),
    Awkward("only a comment", "# nothing yet\n", "empty"),
    Awkward("only a mark", "---\n", "empty"),
    Awkward("only an end", "---\n...\n", "empty"),
    # bombs and rings
    Awkward("billion laughs", _laughs(), "yaml"),
    Awkward("merge bomb", _merges(), "yaml"),
    Awkward("ring", "a: &a [*a]\n", "yaml"),
    Awkward("ring of maps", "a: &a\n  b: *a\n", "yaml"),
    Awkward("deep lists", "a: " + "[" * _DEEP + "]" * _DEEP, "size"),
    Awkward("deep maps", "{a: " * _DEEP + "1" + "}" * _DEEP, "size"),
    Awkward("deep blocks", "".join(" " * n + "a:\n" for n in range(300)), "size", 24),
    Awkward("deep dashes", "- " * 500 + "a", "size"),
    Awkward("never closed", "[" * 100_000, "size"),
    Awkward("too many values", "a: [" + "x," * 20_001 + "]", "size"),
    Awkward("too large", "a: " + "x" * (256 * 1024), "size"),
    Awkward("too large in bytes only", "a: " + "€" * (100 * 1024), "size"),
    # what a text does not need
    Awkward("anchor", "a: &x hello\n", "yaml"),
    Awkward("alias to nothing", "a: *x\n", "yaml"),
    Awkward("merge key", "a:\n  <<: {b: c}\n", "yaml", 2),
    Awkward("python object", 'a: !!python/object/apply:os.system ["id"]\n', "yaml"),
    Awkward("python name", "a: !!python/name:os.system\n", "yaml"),
    Awkward("string tag", "a: !!str 12\n", "yaml"),
    Awkward("binary tag", "a: !!binary aGVsbG8=\n", "yaml"),
    Awkward("own tag", "a: !secret token\n", "yaml"),
    Awkward("bare tag", "a: ! 12\n", "yaml"),
    Awkward("tagged list", "a: !!set [x]\n", "yaml"),
    Awkward("tagged key", "!!str a: b\n", "yaml"),
    Awkward("version directive", "%YAML 1.1\n---\na: b\n", "yaml"),
    Awkward("tag directive", "%TAG !e! tag:example.org,2000:\n---\na: b\n", "yaml"),
    Awkward("two documents", "a: b\n---\nc: d\n", "yaml", 2),
    Awkward("document after the end", "a: b\n...\n---\nc: d\n", "yaml", 3),
    Awkward("doubled key", "a: 1\nb: 2\na: 3\n", "duplicate", 3),
    Awkward("doubled key in braces", "x: {a: 1, a: 2}\n", "duplicate"),
    Awkward("doubled key, once quoted", "a: 1\n'a': 2\n", "duplicate", 2),
    Awkward("list as a key", "? [a, b]\n: c\n", "yaml"),
    Awkward("map as a key", "{a: b}: c\n", "yaml"),
    # broken files
    Awkward("tab as indentation", "a:\n\tb: c\n", "syntax", 2),
    Awkward("tab before a list", "a:\n\t- b\n", "syntax", 2),
    Awkward("colon in prose", "a: Note: this is it\n", "syntax"),
    Awkward("starts with at", "a: @ada said so\n", "syntax"),
    Awkward("starts with a backtick", "a: `code`\n", "syntax"),
    Awkward("starts with percent", "a: %50 off\n", "syntax"),
    Awkward("quote never closed", 'a: "hello\nb: c\n', "syntax", 3),
    Awkward("quote inside", "a: 'it's late'\n", "syntax"),
    Awkward("words after a quote", 'a: "Safe" is what we said\n', "syntax"),
    Awkward("bracket never closed", "a: [b, c\n", "syntax", 2),
    Awkward("wrong bracket", "a: [b}\n", "syntax"),
    Awkward("cut by a comment", "a: {b: issue #12 is open}\n", "syntax", 2),
    Awkward("outdented", "a:\n    b: c\n  d: e\n", "syntax", 3),
    Awkward("bad escape", 'a: "C:\\share"\n', "syntax"),
    Awkward("escape that makes a tab", 'a: "C:\\temp"\n', "character"),
    Awkward("escape of half a sign", 'a: "\\ud83d"\n', ""),
    Awkward("escape beyond Unicode", 'a: "\\UFFFFFFFF"\n', "syntax"),
    Awkward("bad block mark", "a: |x\n  b\n", "syntax"),
    Awkward("JSON cut short", '{"a": [1, 2', "syntax"),
    # characters nobody sees
    Awkward("ESC", "a: b\nc: \x1b[31mred\n", "character", 2),
    Awkward("ESC by escape", 'a: b\nc: "\\e[31mred"\n', "character", 2),
    Awkward("ESC by number", 'a: "\\x1b]0;title\\x07"\n', "character"),
    Awkward("NUL", "a: b\0c\n", "character"),
    Awkward("NUL by escape", 'a: "b\\0c"\n', "character"),
    Awkward("bell in a comment", "a: b # \x07\n", "character"),
    Awkward("DEL", "a: b\x7f\n", "character"),
    Awkward("C1", "a: \x9b31m\n", "character"),
    Awkward("NEL", "a: b\x85c\n", "character"),
    Awkward("NEL by escape", 'a: "b\\Nc"\n', "character"),
    Awkward("line separator", "a: b\u2028c\n", "character"),
    Awkward("paragraph separator by escape", 'a: "b\\Pc"\n', "character"),
    Awkward("lone carriage return", "a: b\rc: d\n", "character"),
    Awkward("right to left override", "a: \u202egnp.exe\n", "character"),
    Awkward("override by escape", 'a: "\\u202egnp"\n', "character"),
    Awkward("isolate in a comment", "# \u2066\na: b\n", "character"),
    Awkward("zero width space", "a: pay\u200bpal\n", "character"),
    Awkward("mark of order inside", "a: b\ufeff\n", "character"),
    Awkward("lone surrogate", "a: \ud800\n", "character"),
    Awkward("no character", "a: \uffff\n", "character"),
    Awkward("tag letters", "a: hello\U000e0041\n", "character"),
]
