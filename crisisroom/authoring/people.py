"""Contacts from a table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from crisisroom.authoring.imported import (
    Imported,
    Refusal,
    cut,
    few_enough,
    known_place,
    why_not,
)
from crisisroom.authoring.table import Row, read_table
from crisisroom.core.kinds import id_flaw
from crisisroom.core.naming import new_id
from crisisroom.core.playbook import Contact, Org, Reach

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "full name", "display name", "contact", "ansprechpartner", "kontakt", "person",
    ),
    "first": ("first name", "firstname", "given name", "vorname"),
    "last": ("last name", "lastname", "surname", "family name", "nachname", "familienname"),
    "phone": (
        "phone", "telephone", "tel", "mobile", "cell", "cellphone", "mobile phone", "phone number",
        "telefon", "telefonnummer", "rufnummer", "handy", "handynummer", "mobil", "mobilnummer",
        "mobiltelefon", "festnetz", "durchwahl", "work phone", "home phone", "business phone",
        "telefon dienstlich", "telefon privat", "telefon geschäftlich",
    ),
    "email": (
        "email", "e mail", "mail", "email address", "e mail address", "e mail adresse",
        "emailadresse", "mailadresse", "work email",
    ),
    "signal": ("signal",),
    "threema": ("threema", "threema id"),
    "whatsapp": ("whatsapp",),
    "sms": ("sms",),
    "fax": ("fax", "telefax"),
    "id": ("id", "short name", "kürzel", "kurzname"),
    "org": ("org", "type", "kind", "category", "art", "typ", "kategorie"),
    "company": (
        "company", "organisation", "organization", "organization name", "firma", "unternehmen",
        "institution",
    ),
    "roles": ("roles", "role", "rolle", "rollen"),
    "job": (
        "job title", "job", "title", "position", "funktion", "function", "department", "abteilung",
    ),
    "hours": ("hours", "availability", "erreichbar", "erreichbarkeit", "zeiten", "sprechzeiten"),
    "timezone": ("timezone", "time zone", "zone", "zeitzone"),
    "language": ("language", "lang", "sprache"),
    "checked": ("checked", "last checked", "verified", "stand", "geprüft", "geprüft am"),
    "note": ("note", "notes", "comment", "remarks", "notiz", "notizen", "bemerkung", "kommentar"),
}  # fmt: skip
_WAYS = ("phone", "email", "signal", "threema", "whatsapp", "sms", "fax")
_ORGS: dict[str, Org] = {
    "internal": "internal", "intern": "internal", "staff": "internal", "mitarbeiter": "internal",
    "agency": "agency", "agentur": "agency",
    "authority": "authority", "behörde": "authority", "amt": "authority", "government": "authority",
    "media": "media", "medien": "media", "presse": "media", "press": "media",
    "partner": "partner", "supplier": "partner", "lieferant": "partner",
}  # fmt: skip
_LANGUAGES = {
    "english": "en", "englisch": "en", "german": "de", "deutsch": "de", "french": "fr",
    "französisch": "fr", "spanish": "es", "spanisch": "es", "italian": "it", "italienisch": "it",
}  # fmt: skip
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_ROUNDED = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_BETWEEN = re.compile(r"[\n;]+|,(?=\s*[+0][0-9])")


def contacts_from_table(data: bytes) -> Imported:
    """Return the contacts of a CSV file; Refused where it is no table of contacts."""
    table = read_table(data, COLUMNS)
    return gathered(
        [(row.line, _label(row), _contact(row)) for row in table.rows], table.refused, table.remarks
    )


Candidate = tuple[int, str, "Contact | str"]
"""A line, what stands there, and the contact or why it is none."""


def gathered(
    candidates: list[Candidate], refused: tuple[Refusal, ...], remarks: tuple[str, ...]
) -> Imported:
    """Return the sound ones with ids of their own, and the others with the reason."""
    few_enough(candidates)
    taken: list[tuple[int, Contact]] = []
    bad = list(refused)
    ids: set[str] = set()
    for line, label, found in candidates:
        why = found if isinstance(found, str) else why_not("contacts", _with_id(found, set()))
        if isinstance(found, Contact) and not why:
            if (before := known_place(taken, found)) is not None:
                why = f"the same stands on line {before}"
            else:
                taken.append((line, found))
                continue
        bad.append(Refusal(line, label, why))
    contacts = []
    for _, one in taken:
        contacts.append(_with_id(one, ids))
        ids.add(contacts[-1].id)
    return Imported({"contacts": tuple(contacts)}, tuple(sorted(bad, key=_by_line)), remarks)


def _by_line(refusal: Refusal) -> int:
    return refusal.line


def _with_id(contact: Contact, taken: set[str]) -> Contact:
    proposed = contact.id if contact.id and contact.id not in taken else ""
    id_ = proposed or new_id(contact.id or contact.name, "contact", taken)
    return msgspec.structs.replace(contact, id=id_)


def _label(row: Row) -> str:
    return cut(_name(row) or " ".join(cell for _, cell in row.cells))


def _name(row: Row) -> str:
    parts = (row.one("first"), row.one("last"))
    name = row.one("name") or " ".join(part for part in parts if part)
    return " ".join((name or row.one("company")).split())


def _contact(row: Row) -> Contact | str:
    """Return the contact of a row, or why it is none."""
    if not _name(row):
        return "it has no name"
    ways = tuple(_ways(row))
    if not ways:
        return "it has no way to reach them"
    if rounded := next((way.to for way in ways if _ROUNDED.fullmatch(way.to)), ""):
        return f"a spreadsheet rounded {rounded}: format the column as text and type it again"
    org = row.one("org")
    if org and org.casefold() not in _ORGS:
        return f"{cut(org)} is not known: internal, agency, authority, media or partner"
    roles, aside = _roles(row)
    language = row.one("language")
    return Contact(
        id=row.one("id") if row.one("id") and not id_flaw(row.one("id")) else "",
        name=_name(row),
        reach=ways,
        org=_ORGS.get(org.casefold(), "internal"),
        roles=roles,
        hours=row.one("hours"),
        timezone=row.one("timezone"),
        language=_LANGUAGES.get(language.casefold(), language or "en"),
        checked=_day(row.one("checked")),
        note="\n".join((*_about(row), *aside)),
    )


def _ways(row: Row) -> Iterator[Reach]:
    """Yield the ways to reach somebody in the order of the columns, each once."""
    seen: set[tuple[str, str]] = set()
    for name, cell in row.cells:
        if name in _WAYS:
            for part in _BETWEEN.split(cell):
                way = (name, part.strip())
                if way[1] and way not in seen:
                    seen.add(way)
                    yield Reach(*way)


def _roles(row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the roles that are ids, and what else stands there for the note."""
    parts = [part.strip() for cell in row.all("roles") for part in re.split(r"[,;\n]", cell)]
    roles = dict.fromkeys(part for part in parts if part and not id_flaw(part))
    others = [part for part in parts if part and id_flaw(part)]
    return tuple(roles), tuple(f"role: {part}" for part in others)


def _about(row: Row) -> Iterator[str]:
    yield from row.all("job")
    company = row.one("company")
    if company and company != _name(row):
        yield company
    if row.one("id") and id_flaw(row.one("id")):
        yield f"id: {row.one('id')}"
    yield from row.all("note")


def _day(text: str) -> str:
    match = _GERMAN_DAY.fullmatch(text)
    return f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}" if match else text
