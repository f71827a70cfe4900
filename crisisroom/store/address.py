"""Where a room lies: a file of this machine, or a database on PostgreSQL servers."""

from __future__ import annotations

import hashlib
import os
import re
from ipaddress import IPv6Address
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote

import msgspec

from crisisroom.core.errors import Usage

PORT = 5432
_SCHEMES = ("postgresql", "postgres")
_SERVERS = ("host", "port", "user", "dbname", "database")  # what may stand before the ? as well
_VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "sslnegotiation": ("postgres", "direct"),
    "ssl_min_protocol_version": _VERSIONS,
    "ssl_max_protocol_version": _VERSIONS,
    "gsslib": ("gssapi", "sspi"),
}
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")  # parameters that name a file
_PARAMETERS = frozenset((*_SERVERS, *_CHOICES, *FILES, "service", "krbsrvname"))
_WRITTEN = "postgresql://[USER@]HOST[:PORT][,HOST…]/NAME"
_ENCODED = "@ / : ? # % in a name are written %40 %2F %3A %3F %23 %25"


class FileAddress(msgspec.Struct, frozen=True):
    """A room in a file of this machine."""

    path: Path

    @property
    def label(self) -> str:
        """Return the address as people read it, and as another process opens it."""
        return str(self.path)


class ServerAddress(msgspec.Struct, frozen=True):
    """A room on PostgreSQL: its servers in the order in which they are tried, and its name there.

    No servers are named where the environment says it, as libpq has it: PGHOST, a service.
    """

    hosts: tuple[tuple[str, int], ...]
    name: str
    user: str = ""
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """Return the address as people read it, and as another process opens it; no password."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        hosts = ",".join(_written(*host) for host in self.hosts)
        more = "&".join(f"{key}={quote(value, safe='/:,')}" for key, value in self.parameters)
        return f"postgresql://{user}{hosts}/{quote(self.name, safe='')}{'?' if more else ''}{more}"

    @property
    def mark(self) -> str:
        """Return a short name for what a host keeps of this room: no two rooms share one."""
        known = re.sub(r"[^A-Za-z0-9_-]", "", self.name)[:40] or "room"
        digest = hashlib.sha256(repr((sorted(self.hosts), self.name)).encode()).hexdigest()
        return f"{known}-{digest[:8]}"


Address = FileAddress | ServerAddress


def parse(text: str) -> Address:
    """Return the address that a text means; Usage for what no room can have.

    No refusal repeats what might be a password that somebody wrote into it after all.
    """
    scheme, found, rest = text.partition("://")
    if not found:
        if "\0" in text:
            raise Usage("bad-address", "no file has such a name", "--room names a file")
        # one room, one set of locks, by whatever link
        return FileAddress(Path(text).expanduser().resolve())
    if scheme not in _SCHEMES:
        raise Usage("bad-address", "a room is a file, or postgresql://…", _WRITTEN)
    if not rest.isprintable():
        raise Usage("bad-address", "an address has no control characters in it", _WRITTEN)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    path, _, query = rest[len(authority) :].partition("?")
    user, at, hosts = authority.rpartition("@")
    _refuse_password(user, at, rest)
    if "#" in rest or "/" in path.strip("/"):
        raise Usage("bad-address", "an address has no # and no second / in it", _ENCODED)
    return _server(_named(hosts), _plain(path.strip("/")), _plain(user), _parameters(query))


def _refuse_password(user: str, at: str, rest: str) -> None:
    """Refuse one, also where a / or ? in it, or an @ that is missing, hides it from view."""
    late = not at and ":" in rest.partition("@")[0]
    if ":" in user or ("@" in rest and late) or "@" in rest.partition("?")[0].partition("/")[2]:
        raise _open_password()


def _parameters(query: str) -> dict[str, str]:
    """Return what stands after the question mark; Usage for what is no parameter, or twice."""
    found: dict[str, str] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key in ("password", "sslpassword"):
            raise _open_password()
        if key not in _PARAMETERS:
            known = ", ".join(sorted(_PARAMETERS))
            named = f" {key}" if value and re.fullmatch("[a-z_]{1,30}", key) else " of this name"
            raise Usage("bad-address", f"an address has no parameter{named}", known)
        if key in found or not value or not value.isprintable():
            why = "is there twice" if key in found else "says nothing that can be read"
            raise Usage("bad-address", f"{key} {why}", f"…/NAME?{key}=…")
        if value not in _CHOICES.get(key, (value,)):
            choices = ", ".join(_CHOICES[key])
            raise Usage("bad-address", f"{key} cannot be that", f"{key} is one of {choices}")
        found[key] = value
    return found


def _server(
    hosts: tuple[tuple[str, str], ...], name: str, user: str, parameters: dict[str, str]
) -> ServerAddress:
    names = [name, parameters.pop("dbname", ""), parameters.pop("database", "")]
    users = [user, parameters.pop("user", "")]
    host, port = parameters.pop("host", ""), parameters.pop("port", "")
    if len(set(filter(None, names))) > 1 or len(set(filter(None, users))) > 1 or (hosts and host):
        raise Usage("bad-address", "the address says host, user or database twice", _WRITTEN)
    name, user = max(names), max(users)
    if not name and "service" not in parameters and not os.environ.get("PGDATABASE"):
        raise Usage("bad-address", "the address names no database", _WRITTEN)
    hosts = hosts or tuple((one, "") for one in host.split(",") if host)
    return ServerAddress(_with_ports(hosts, port), name, user, tuple(sorted(parameters.items())))


def _named(authority: str) -> tuple[tuple[str, str], ...]:
    """Return the hosts before the first slash, each with the port it is given."""
    found = []
    for one in authority.split(",") if authority else ():
        parts = re.fullmatch(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?", one)
        if parts is None:
            raise Usage("bad-address", "a host is no name, and no address of one", _WRITTEN)
        host = _plain(parts[1].strip("[]"))
        if parts[1].startswith("[") and ":" not in host:
            raise Usage("bad-address", "only an IPv6 address stands in [ ]", _WRITTEN)
        found.append((host, parts[2] or ""))
    return tuple(found)


def _with_ports(hosts: tuple[tuple[str, str], ...], port: str) -> tuple[tuple[str, int], ...]:
    """Return each host with its port: its own, or those of `port`, one for all or one for each."""
    ports = port.split(",") if port else [""]
    if port and not hosts:
        raise Usage("bad-address", "a port without a host", "…?host=/run/postgresql&port=…")
    if len(ports) not in (1, len(hosts)):
        hint = f"one port for all, or as many as hosts, which are {len(hosts)}"
        raise Usage("bad-address", f"there are {len(ports)} ports", hint)
    ports = ports * len(hosts) if len(ports) == 1 else ports
    return tuple(
        (_host(host), _port(own or usual, host))
        for (host, own), usual in zip(hosts, ports, strict=True)
    )


def _host(host: str) -> str:
    if not host:
        raise Usage("bad-address", "a host of the list has no name", _WRITTEN)
    if host.startswith("/"):
        return host
    try:
        known = IPv6Address(host) if ":" in host else re.fullmatch(r"[\w.-]+", host)
    except ValueError:
        known = None
    if not known:
        raise Usage("bad-address", "a host is no name, and no address of one", _WRITTEN)
    return host


def _port(text: str, host: str) -> int:
    number = int(text or PORT) if re.fullmatch(r"[0-9]{0,5}", text) else 0
    if not 0 < number < 65536:
        message = f"the port of {host[:60]} is no number from 1 to 65535"
        raise Usage("bad-address", message, _WRITTEN)
    return number


def _plain(text: str) -> str:
    """Return a part as it is meant, without its percent signs."""
    plain = unquote(text)
    if not plain.isprintable() or "\ufffd" in plain:
        raise Usage("bad-address", "a part of the address cannot be read", _ENCODED)
    return plain


def _written(host: str, port: int) -> str:
    if host.startswith("/"):
        host = quote(host, safe="")
    elif ":" in host:
        host = f"[{quote(host, safe=':')}]"
    return host if port == PORT else f"{host}:{port}"


def _open_password() -> Usage:
    return Usage(
        "open-password",
        "a password does not stand in an address, where others can read it",
        f"put it into ~/.pgpass, readable by you alone, or use a client certificate; {_ENCODED}",
    )
