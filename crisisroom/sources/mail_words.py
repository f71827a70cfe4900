"""The new words of a mail: without the history quoted below them and without the signature.

What is quoted is another mail, which is in the room or in the mailbox already. What somebody
forwards is kept whole, as are quotes that are answered one by one.
"""

from __future__ import annotations

import re

_QUOTE = re.compile(r"\s*>")
_FORWARDED = re.compile(
    r"\s*(-{2,}\s*)?(begin )?(forwarded message|weitergeleitete nachricht|message transféré|"
    r"mensaje reenviado|messaggio inoltrato|mensagem encaminhada)",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"\s*-{3,}\s*(original message|ursprüngliche nachricht|originalnachricht|message d'origine|"
    r"mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht)\s*-*\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"\*?(from|von|de|da|van|sent|gesendet|envoyé|enviado|inviato|verzonden|date|datum|fecha|data|"
    r"to|an|à|para|a|aan|subject|betreff|objet|asunto|oggetto|assunto|onderwerp|cc)\s?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{10,}\s*$")
_HEADERS = 3  # lines of headers in a row that make a quoted mail
_LONGEST_SIGNATURE = 20  # lines
_LONGEST_SAYING = 3  # lines of `On … somebody wrote:`


def new_words(text: str) -> str:
    """Return the new words of a mail's text; of a text of nothing but quotes, all of it."""
    lines = text.replace("\r\n", "\n").split("\n")
    kept = _without_start(_without_end(_without_signature(lines)))
    return "\n".join(kept).strip() or text.strip()


def _without_signature(lines: list[str]) -> list[str]:
    for at in range(len(lines) - 1, max(-1, len(lines) - _LONGEST_SIGNATURE - 2), -1):
        if lines[at] in ("-- ", "--") and not any(_FORWARDED.match(one) for one in lines[at:]):
            return lines[:at]
    return lines


def _without_end(lines: list[str]) -> list[str]:
    """Leave out the mail quoted at the end: behind a header, or with > before each line."""
    for at, line in enumerate(lines):
        if _FORWARDED.match(line):
            return lines
        if _ORIGINAL.match(line) or _quoted_header(lines, at):
            return lines[:at]
    at = len(lines)
    while at and (not lines[at - 1].strip() or _QUOTE.match(lines[at - 1])):
        at -= 1
    return lines[: _before_saying(lines, at)] if any(map(_QUOTE.match, lines[at:])) else lines


def _quoted_header(lines: list[str], at: int) -> bool:
    """Tell whether the headers of a mail begin at this line, as some programs quote them."""
    if not _RULE.match(lines[at]) and not _HEADER.match(lines[at]):
        return False
    start = at + 1 if _RULE.match(lines[at]) else at
    block = [one for one in lines[start : start + _HEADERS + 2] if one.strip()][:_HEADERS]
    return len(block) == _HEADERS and all(map(_HEADER.match, block))


def _before_saying(lines: list[str], at: int) -> int:
    """Return where `On Sunday, Pat wrote:` begins, which may be broken over lines."""
    end = at
    while end and not lines[end - 1].strip():
        end -= 1
    if not end or not lines[end - 1].rstrip().endswith(":"):
        return at
    start = end - 1
    while start and lines[start - 1].strip() and end - start < _LONGEST_SAYING:
        start -= 1
    if start and lines[start - 1].strip():
        start = end - 1  # a paragraph goes on there: only its last line says who is quoted
    return start


def _without_start(lines: list[str]) -> list[str]:
    """Leave out the quote above the words, for those who write below it."""
    at = 0
    while at < len(lines) and not lines[at].strip():
        at += 1
    start = at
    if at + 1 < len(lines) and lines[at].rstrip().endswith(":") and _QUOTE.match(lines[at + 1]):
        at += 1
    quoted = at
    while at < len(lines) and (not lines[at].strip() or _QUOTE.match(lines[at])):
        at += 1
    rest = lines[at:]
    answered = any(map(_QUOTE.match, rest)) or not any(one.strip() for one in rest)
    return lines if at in (quoted, start) or answered else rest
