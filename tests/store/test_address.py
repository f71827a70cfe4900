"""Addresses of rooms: files and servers, and no password in either."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.errors import Usage
from crisisroom.store.address import FileAddress, ServerAddress, parse


def _server(text: str) -> ServerAddress:
    address = parse(text)
    assert isinstance(address, ServerAddress)
    return address


def test_a_file_is_found_by_any_way_to_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    assert parse(str(tmp_path / "link" / "room.db")) == FileAddress(tmp_path / "room.db")
    assert parse("~/room.db").label == str(Path.home().resolve() / "room.db")


def test_servers_are_tried_in_the_order_of_the_address() -> None:
    address = _server("postgresql://ada@a.example:5433,b.example,[2001:db8::1]:6432/room")
    assert address.hosts == (("a.example", 5433), ("b.example", 5432), ("2001:db8::1", 6432))
    assert (address.user, address.name) == ("ada", "room")
    assert address.label == "postgresql://ada@a.example:5433,b.example,[2001:db8::1]:6432/room"


def test_what_libpq_takes_is_taken() -> None:
    address = _server("postgres:///room?host=a,b&port=6000&sslmode=verify-full&sslrootcert=/etc/ca")
    assert address.hosts == (("a", 6000), ("b", 6000))
    assert dict(address.parameters) == {"sslmode": "verify-full", "sslrootcert": "/etc/ca"}
    assert _server("postgresql:///room").hosts == ()
    assert _server("postgresql://%2Frun%2Fpostgresql/room").hosts == (("/run/postgresql", 5432),)
    assert _server("postgresql://?service=room").name == ""
    assert _server("postgresql://ada@a/room?dbname=room&user=ada").label == (
        "postgresql://ada@a/room"
    )


def test_each_host_has_its_own_port() -> None:
    address = _server("postgresql:///room?host=a,/run/pg,::1&port=6000,6001,6002")
    assert address.hosts == (("a", 6000), ("/run/pg", 6001), ("::1", 6002))
    assert _server("postgresql://a:1,b/room?port=7").hosts == (("a", 1), ("b", 7))
    assert _server("postgresql://a:,b/room").hosts == (("a", 5432), ("b", 5432))
    near = _server("postgresql://[fe80::1%25eth0]:7/room")
    assert near.hosts == (("fe80::1%eth0", 7),)
    assert parse(near.label) == near
    assert _server("postgresql:///room?host=%2Frun%2F100%25").hosts == (("/run/100%", 5432),)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ada:secret@a/room",
        "postgresql://a/room?password=secret",
        "postgresql://ada:@a/room",
        "postgresql://a/room?sslpassword=secret",
        "postgresql://ada:se/cret@a/room",
        "postgresql://ada:se?cret@a/room",
        "postgresql://ada:se#cret@a/room",
        "postgresql://ada:s@e/c@ret@a/room",
        "postgresql://ada:%73ecret@a/room",
    ],
)
def test_a_password_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(Usage, match="password") as refused:
        parse(text)
    assert "cret" not in f"{refused.value.message}{refused.value.hint}"


_SECRET = "Sq7".join  # no word of ours has that in it


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=6), min_size=2, max_size=4))
def test_no_refusal_repeats_a_password_however_it_is_written(parts: list[str]) -> None:
    secret = _SECRET(parts)
    for text in (
        f"postgresql://ada:{secret}@a/room",
        f"postgresql://ada:{quote(secret, safe='')}@a:5433/room?sslmode=require",
        f"postgresql://ada:{secret}/room",
        f"postgresql://a/room?password={secret}",
        f"postgresql://a/room?{secret}",
    ):
        with pytest.raises(Usage) as refused:
            parse(text)
        assert "Sq7" not in f"{refused.value.message}{refused.value.hint}", text


@pytest.mark.parametrize(
    "text",
    [
        "mysql://a/room",
        "postgresql://a",
        "postgresql://a/",
        "postgresql://a/x/room",
        "postgresql://a:x/room",
        "postgresql://a:70000/room",
        "postgresql://[::1/room",
        "postgresql://a/room?options=-csearch_path%3Dother",
        "postgresql://a/room?sslmod=require",
        "postgresql://a/room?sslmode=bogus",
        "postgresql://a/room?sslmode=",
        "postgresql://a/room?sslmode=require&sslmode=disable",
        "postgresql://a/room?ssl_min_protocol_version=TLSv9",
        "postgresql://a/room?sslnegotiation=later",
        "postgresql://a/room?servicefile=/etc/services.conf",
        "postgresql:///room?port=6000",
        "postgresql://a:-1/room",
        "postgresql://a:0/room",
        "postgresql://,/room",
        "postgresql://a,,b/room",
        "postgresql://a,/room",
        "postgresql:///room?host=,",
        "postgresql:///room?host=a,b,c&port=1,2",
        "postgresql://a/room?host=b",
        "postgresql://a/room?dbname=other",
        "postgresql://ada@a/room?user=bo",
        "postgresql://a b/room",
        "postgresql://a/room%00",
        "postgresql://%ff/room",
        "postgresql://[a]/room",
        "postgresql://[::g]/room",
        "postgresql://::1/room",
        "postgresql://a/room#part",
    ],
)
def test_what_no_room_can_have_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGDATABASE", raising=False)
    with pytest.raises(Usage) as refused:
        parse(text)
    assert refused.value.hint


def test_rooms_of_one_name_on_other_servers_are_kept_apart() -> None:
    marks = {
        _server(f"postgresql://{hosts}/{name}").mark
        for hosts in ("a", "b", "a:5433")
        for name in ("room", "rooms", "..%2Froom")
    }
    assert len(marks) == 9
    assert all("/" not in mark and not mark.startswith(".") for mark in marks)
    assert _server("postgresql://a,b/room").mark == _server("postgresql://ada@b,a/room").mark


_LETTERS = st.characters(min_codepoint=33, max_codepoint=0x2FF).filter(str.isprintable)
_NAMES = st.text(_LETTERS, min_size=1, max_size=12)
_HOSTS = st.lists(
    st.tuples(
        st.from_regex(r"[a-z0-9][a-z0-9.-]{0,8}", fullmatch=True)
        | st.sampled_from(["::1", "fe80::1%eth0", "/run/pg", "/run/a,b:7", "bücher.example"]),
        st.integers(1, 65535),
    ),
    max_size=3,
)


@given(_HOSTS, _NAMES, st.just("") | _NAMES, st.dictionaries(st.just("sslrootcert"), _NAMES))
def test_an_address_is_what_its_label_means(
    hosts: list[tuple[str, int]], name: str, user: str, parameters: dict[str, str]
) -> None:
    address = ServerAddress(tuple(hosts), name, user, tuple(parameters.items()))
    if "/" not in name.strip("/"):
        address = ServerAddress(address.hosts, name.strip("/") or "room", user, address.parameters)
    assert parse(address.label) == address


_PIECES = ["a", "b1", ":", "@", "/", "?", "#", ",", "%", "%40", "=", "&", "[", "]", "::1", "5432"]
_WILD = st.text(max_size=60) | st.lists(
    st.sampled_from([*_PIECES, "sslmode", "require", "host", "port", "user", "room"]), max_size=14
).map("".join)


@given(_WILD)
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse(f"postgresql://{text}")
    except Usage:
        return
    assert parse(address.label) == address
