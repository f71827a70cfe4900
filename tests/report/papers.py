"""The words of a PDF, for tests; they need typst, and `pdftotext` of poppler."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from crisisroom.report import FORMATS

TEXTS = tuple(form for form in FORMATS if form != "pdf")
"""The formats whose bytes are text."""


def words_of(pdf: bytes, folder: Path) -> str:
    """Return the text of a PDF in the order it stands there; skips where nothing can read it."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("there is no pdftotext")
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    read = subprocess.run([reader, "-raw", path, "-"], capture_output=True, check=True)
    return read.stdout.decode()
