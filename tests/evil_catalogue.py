"""What the server does that must come out as one error: each path, and the error's code."""

from __future__ import annotations

import evil_broken
import evil_much
import evil_redirects
import evil_routes

__all__ = ["HOSTILE", "evil_broken", "evil_much", "evil_redirects", "evil_routes"]

_STATUSES = (400, 401, 402, 403, 404, 406, 407, 410, 418, 429, 451, 500, 502, 504, 511, 700)

BY_CODE = {
    "too_large": """
        bomb endless endless-chunked endless-gzip gzip-endless-name gzip-empty-blocks
        header-heavy cookie-flood tiny-chunks""",
    "encoding": """
        bomb-gzip-gzip bomb-two-headers bomb-members br zstd deflate rot13
        gzip-short gzip-not gzip-flipped""",
    "timeout": """
        silence drip drip-headers drip-error drip-chunks drip-gzip drip-redirect early-hints
        hints-heavy continue-for-ever processing-then-silence half-status stops-in-body no-end
        no-last-chunk escape-status""",
    "status": " ".join(
        ("error-bomb retry-date retry-junk", *(f"status-{code}" for code in _STATUSES)),
    ),
    "protocol": """
        endless-trailers endless-chunk-extension header-flood header-endless-line
        status-endless short chunk-short chunk-negative chunk-huge chunk-words
        chunk-no-end length-negative length-words lengths-differ length-huge length-and-chunks
        length-plus length-hex length-list coding-unknown coding-vague version-2
        bare-words tls-alert nothing-but-lines header-space header-nameless half-head
        status-negative status-words hang-up reset reset-in-body bad-status-line
        bad-status-number bad-header nul-header binary switching""",
    "redirect": """
        to/loop to/file to/data to/ftp to/javascript to/userinfo to/port to/port-zero to/bad-v6
        to/long to/empty to/space to/idna to/nowhere to/bytes""",
    "address": "to/private to/private-name to/decimal to/hex to/mapped to/metadata",
}
HOSTILE = {f"/{name}": code for code, names in BY_CODE.items() for name in names.split()}
NO_FEED = ("/portal", "/empty", "/junk")  # what comes whole, and is no feed
