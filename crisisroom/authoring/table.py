"""Tables from other programs: CSV in whichever encoding and with whichever separator."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from crisisroom.authoring.imported import Refusal, cut
from crisisroom.core.errors import Refused

LARGEST = 4 << 20  # bytes
_LONGEST_HEAD = 8000  # characters of the first row that are looked at for the separator
_SEPARATORS = (",", ";", "\t", "|")
_COUNTED = re.compile(r"[ .:]*[0-9]*[ .:]*(?:value)?$")  # Telefon 2, and Phone 1 - Value
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = "it is not UTF-8; read as Windows-1252 (Latin-1): look at umlauts and accents"


@dataclass(frozen=True, slots=True)
class Row:
    """One row by the names of our columns; several columns of one name keep their order."""

    line: int
    cells: tuple[tuple[str, str], ...]  # (our name, the cell), without empty ones

    def all(self, name: str) -> tuple[str, ...]:
        """Return the cells of all columns of this name."""
        return tuple(cell for known, cell in self.cells if known == name)

    def one(self, name: str) -> str:
        """Return the first cell of this name, empty where there is none."""
        return next(iter(self.all(name)), "")


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table: its rows, what could not be read as one, and remarks."""

    rows: tuple[Row, ...]
    refused: tuple[Refusal, ...]
    remarks: tuple[str, ...]


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return a file's text, and what there is to say about how it was read."""
    if len(data) > LARGEST:
        raise Refused("too-large", f"the file is larger than {LARGEST >> 20} MiB", "split it")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], encoding), ()
    for encoding, zero in (("utf-16-le", data[1:200:2]), ("utf-16-be", data[:200:2])):
        if zero and not any(zero):  # every second byte: text without a byte order mark
            return _strictly(data, encoding), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), (_WESTERN,)
    except UnicodeDecodeError:
        return data.decode("latin-1"), (_WESTERN,)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"the file is not {encoding.upper()} at byte {error.start + 1}, as it says"
        raise Refused("encoding", message, "save it as UTF-8") from error


def read_table(data: bytes, columns: Mapping[str, Collection[str]]) -> Table:
    """Return the rows of a CSV file; `columns` are our names and what people call them.

    Refused where no column is known. Separator, encoding and quoting are found out.
    """
    text, remarks = decoded(data)
    names = {synonym: ours for ours, synonyms in columns.items() for synonym in synonyms}
    body, start, separator = _opening(text, names)
    records, refused = _records(body, start, separator)
    if not records:
        raise Refused("empty", "there is no table in this file", "its first row names the columns")
    (_, head), *rest = records
    ours = [_ours(cell, names) for cell in head]
    if not any(ours):
        known = ", ".join(sorted(next(iter(one)) for one in columns.values()))
        message = f"no column is known: {cut(', '.join(head), 120)}"
        raise Refused("columns", message, f"name them like {known}")
    unread = [cut(cell) for cell, name in zip(head, ours, strict=True) if cell.strip() and not name]
    if unread:
        remarks += (f"columns that are not read: {', '.join(unread)}",)
    rows = []
    for line, cells in rest:
        if len(cells) > len(ours) and any(cell.strip() for cell in cells[len(ours) :]):
            why = f"it has {len(cells)} cells, and the first row names {len(ours)} columns"
            refused.append(Refusal(line, cut(" ".join(cells)), why))
        elif any(cell.strip() for cell in cells):
            rows.append(Row(line, tuple(_named(ours, cells))))
    return Table(tuple(rows), tuple(refused), remarks)


def _opening(text: str, names: Mapping[str, str]) -> tuple[str, int, str]:
    """Return the text, its first line's number, and the separator that makes most sense of it."""
    first, _, rest = text.replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    if first[:4].lower() == "sep=" and len(first) == 5:  # what Excel writes
        return rest, 2, first[4]

    def known(separator: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first[:_LONGEST_HEAD]], delimiter=separator), [])
        except csv.Error:
            return 0, 0
        return sum(bool(_ours(cell, names)) for cell in cells), len(cells)

    return text, 1, max(_SEPARATORS, key=known)


def _ours(cell: str, names: Mapping[str, str]) -> str:
    plain = " ".join(cell[:100].replace("_", " ").replace("-", " ").casefold().split())
    found = names.get(plain) or names.get(_COUNTED.sub("", plain))
    return found or names.get(plain.partition("(")[0].strip(), "")


def _records(
    text: str, start: int, separator: str
) -> tuple[list[tuple[int, list[str]]], list[Refusal]]:
    """Return the records with the lines on which they begin; what is torn ends the table."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[tuple[int, list[str]]] = []
    while True:
        line = start + reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            return records, [Refusal(line, "from here to the end", f"no table: {error}")]
        if cells is None:
            return records, []
        if cells:
            records.append((line, cells))


def _named(ours: list[str], cells: list[str]) -> Iterator[tuple[str, str]]:
    for name, cell in zip(ours, cells, strict=False):
        if name and cell.strip():
            yield name, unspreadsheet(cell.strip())


def unspreadsheet(cell: str) -> str:
    """Return a cell without the marks by which spreadsheets keep a number a text."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1]
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@0123456789" else cell
