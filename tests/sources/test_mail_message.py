"""What a mail says, and that none breaks its reader."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.mails import HOSTILE, mail, multipart, part

from crisisroom.core.mention import Media
from crisisroom.sources.mail_message import read_mail
from crisisroom.sources.mail_words import new_words

PLAIN, HTML = b"Content-Type: text/plain; charset=utf-8", b"Content-Type: text/html; charset=utf-8"


def test_plain_words_before_html_and_files_named_only() -> None:
    found = read_mail(
        multipart(
            part(b"<p>the <b>same</b></p>", HTML),
            part("grüße".encode(), PLAIN),
            part(b"\x89PNG", b"Content-Type: image/png; name=shot.png"),
            part(b"notes", PLAIN, b'Content-Disposition: attachment; filename="a.txt"'),
        )
    )
    assert found.text == "grüße"
    assert found.media == (Media("image", alt="shot.png"), Media("file", alt="a.txt"))
    assert (found.name, found.address, found.id, found.subject) == (
        "Pat", "pat@fans.test", "a@x", "s",
    )  # fmt: skip


def test_html_where_there_are_no_plain_words() -> None:
    found = read_mail(mail(b"<p>one</p><p>two</p>", HTML))
    assert found.text.split() == ["one", "two"]


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        (b64encode("crème".encode()), (b"Content-Transfer-Encoding: base64", PLAIN), "crème"),
        (b"cr=C3=A8me", (b"Content-Transfer-Encoding: quoted-printable", PLAIN), "crème"),
        ("crème".encode("latin-1"), (b"Content-Type: text/plain; charset=iso-8859-1",), "crème"),
        ("crème".encode("latin-1"), (PLAIN,), "crème"),
        ("crème".encode(), (b"Content-Type: text/plain; charset=klingon",), "crème"),
        ("crème".encode(), (), "crème"),
        (b"cr\xc3\xa8m\xc3", (PLAIN,), "crèm\ufffd"),  # cut in the middle of a character
    ],
)
def test_codings(body: bytes, headers: tuple[bytes, ...], text: str) -> None:
    assert read_mail(mail(body, *headers)).text == text


def test_encoded_headers() -> None:
    found = read_mail(
        b"From: =?utf-8?b?UMOpdGVy?= <peter@fans.test>\n"
        b"Subject: =?iso-8859-1?q?caf=E9?=\n =?x?q?y?="
        b"\nMessage-Id: <id1@x>\nIn-Reply-To: <ours@acme.test>\n"
        b"References: <first@fans.test>\n <ours@acme.test>\n\nx"
    )
    assert (found.name, found.subject) == ("Péter", "caféy")
    assert found.thread == ("first@fans.test", "ours@acme.test")


def test_a_mail_without_an_id_is_known_by_its_bytes() -> None:
    one, two = read_mail(b"Subject: a\n\nx"), read_mail(b"Subject: a\n\ny")
    assert one.id.startswith("sha256:")
    assert one.id != two.id
    assert one.id == read_mail(b"Subject: a\n\nx").id


@pytest.mark.parametrize(
    ("header", "automatic", "bulk"),
    [
        (b"X: y", False, False),
        (b"Auto-Submitted: no", False, False),
        (b"Auto-Submitted: auto-replied (vacation)", True, True),
        (b"Auto-Submitted: auto-generated", False, True),
        (b"Precedence: bulk", False, True),
        (b"Precedence: auto_reply", True, False),
        (b"List-Id: <list.example>", False, True),
        (b"Return-Path: <>", True, False),
        (b"Content-Type: multipart/report; boundary=b", True, False),
        (b"X-Autoreply: yes", True, False),
    ],
)
def test_machines(header: bytes, automatic: bool, bulk: bool) -> None:
    found = read_mail(mail(b"x", header))
    assert (found.automatic, found.bulk) == (automatic, bulk)


@pytest.mark.timeout(10)  # each takes a third of a second at most
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name: str) -> None:
    found = read_mail(HOSTILE[name])
    assert len(new_words(found.text)) <= len(HOSTILE[name])
    assert found.id
    assert len(found.media) <= 16


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    assert read_mail(data).id


_LINE = st.sampled_from(
    ["--b", "--b--", "Content-Type: multipart/mixed; boundary=b", "", "words", "Content-Type: x"]
)


@given(st.lists(_LINE, max_size=30))
def test_any_parts(lines: list[str]) -> None:
    head = "Content-Type: multipart/mixed; boundary=b\n\n"
    found = read_mail((head + "\n".join(lines)).encode())
    assert found.text in ("", *lines) or "\n" in found.text


# --- the new words --------------------------------------------------------------------------------

SAYING = "On Sun, 22 Nov 2026 at 03:00, Acme Help <help@acme.test> wrote:"
FORWARD = "---------- Forwarded message ---------\nFrom: A\nDate: B\nSubject: C\n\nthe app is down"
OUTLOOK = "From: Acme\nSent: Sunday\nTo: Pat\nSubject: Re: charged\n\nDear Pat"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("new\n\n" + SAYING + "\n> old\n>\n> older\n", "new"),
        ("new\n\nAm So., 22. Nov. 2026 um 03:00 Uhr schrieb\nAcme <help@acme.test>:\n\n> a", "new"),
        ("new\n\n-----Original Message-----\nwhatever", "new"),
        ("neu\n-----Ursprüngliche Nachricht-----\nalt", "neu"),
        ("new\n\n" + OUTLOOK, "new"),
        ("new\n________________________________\n" + OUTLOOK, "new"),
        ("new\n-- \nPat Doe\nFans Ltd", "new"),
        (SAYING + "\n> old\n> older\n\nnew below", "new below"),
        ("> only\n> quotes", "> only\n> quotes"),
        ("look:\n" + FORWARD, "look:\n" + FORWARD),
        (FORWARD, FORWARD),
        ("> first?\n\nyes\n\n> second?\n\nno", "> first?\n\nyes\n\n> second?\n\nno"),
        ("a list:\n\n- one\n- two", "a list:\n\n- one\n- two"),
        ("From: here to there\nit is far", "From: here to there\nit is far"),
        ("dashes -- in a text\nstay", "dashes -- in a text\nstay"),
        ("", ""),
    ],
)
def test_new_words(text: str, words: str) -> None:
    assert new_words(text) == words


@given(st.lists(st.sampled_from(["new", "> old", "", SAYING, "-- ", "From: a", "To: b"])))
def test_nothing_becomes_nothing_and_what_is_kept_was_said(lines: list[str]) -> None:
    text = "\n".join(lines)
    words = new_words(text)
    assert bool(words) == bool(text.strip())
    assert words in text
    assert new_words(words) in words
