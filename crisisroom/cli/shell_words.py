"""From the one line that comes over SSH to words: quotes as a shell has them, and nothing more.

What a shell would act on is refused where it stands unquoted: there is no shell here, and who
counts on one should not think that there is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from crisisroom.core.errors import Refused, Usage

MOST = 64 << 10  # bytes of a command
FORCED = ("--room", "--config", "--as")  # what the key says, and nobody else
_ACTED_ON = frozenset(";|&<>()$`*?[]{}~")
_EXPANDED = frozenset("$`")  # inside "double quotes"
_ESCAPED = frozenset('"\\$`')  # what a backslash stands before there
_QUOTE = "put words in 'quotes', all of it in \"more\"; or send them on stdin: note -"


def split(line: str) -> list[str]:
    """Return the words of a command; Usage for what is none, or would have been a shell's."""
    _check(line)
    words = [*_words(line)]
    if not any(words):
        raise _off("the command is empty", "ssh … help lists what there is")
    return words


def _check(line: str) -> None:
    try:
        size = len(line.encode())
    except UnicodeEncodeError:
        raise _off("the command is not UTF-8", "say it in UTF-8") from None
    if size > MOST:
        raise _off(f"a command has at most {MOST >> 10} kB", "send long words on stdin: note -")
    signs = (char for char in line if unicodedata.category(char) in ("Cc", "Zl", "Zp"))
    if flaw := next(signs, ""):
        what = "a line end" if flaw in "\r\n\u2028\u2029" else f"a control sign ({ord(flaw):#x})"
        raise _off(f"there is {what} in the command", "send lines on stdin: note -")


def _words(line: str) -> Iterator[str]:
    word: str | None = None  # None between words, so that '' is one
    chars = iter(line)
    for char in chars:
        if char == " ":
            if word is not None:
                yield word
            word = None
        elif char in "'\"":
            word = (word or "") + _quoted(chars, char)
        elif char == "\\":
            word = (word or "") + _next(chars, "a backslash ends the command")
        elif char in _ACTED_ON:
            raise _off(f"{char} stands unquoted, and no shell is here to act on it", _QUOTE)
        else:
            word = (word or "") + char
    if word is not None:
        yield word


def _quoted(chars: Iterator[str], quote: str) -> str:
    """Return what stands up to the closing quote."""
    text = ""
    while (char := _next(chars, f"a {quote} is open and never closed")) != quote:
        if quote == '"' and char in _EXPANDED:
            raise _off(f"{char} stands in double quotes, and no shell is here to act on it", _QUOTE)
        if quote == '"' and char == "\\":
            after = _next(chars, f"a {quote} is open and never closed")
            char = after if after in _ESCAPED else char + after
        text += char
    return text


def _next(chars: Iterator[str], otherwise: str) -> str:
    for char in chars:
        return char
    raise _off(otherwise, _QUOTE)


def refuse_forced(words: Sequence[str]) -> None:
    """Refuse options that would name another room, configuration or person, wherever they stand.

    However short they are cut, behind `--` too, and with a dash that only looks like one.
    """
    for word in words:
        name = word.partition("=")[0].casefold()
        if len(name) > 2 and any(option.startswith(name) for option in FORCED):
            message = f"{word[:20]} is not for this login: the key says who you are, and which room"
            raise Refused("forced", message, "leave it out")
        if _like_an_option(word):
            message = f"{word[:20]} begins with a dash that only looks like one"
            raise Usage("dash", message, "options begin with -; quoted words with a space may not")


def _like_an_option(word: str) -> bool:
    """Tell a typeset dash before a letter: what a word processor makes of an option."""
    rest = word.lstrip("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d-")
    dashes = word[: len(word) - len(rest)]
    return bool(dashes.strip("-")) and rest[:1].isalpha() and " " not in word


def refuse_lookalike(words: Sequence[str]) -> None:
    """Refuse a verb with a letter that only looks like one, or is not to be seen at all."""
    odd = next((char for char in words[0] if not char.isascii()), "")
    if odd:
        message = f"{words[0][:40]!a} is no verb: it has U+{ord(odd):04X} in it"
        raise Usage("unknown-verb", message, "verbs are written with a to z; help lists them")


def _off(message: str, hint: str) -> Usage:
    return Usage("command", message, hint)


__all__ = ["FORCED", "MOST", "refuse_forced", "refuse_lookalike", "split"]
