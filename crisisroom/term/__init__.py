"""A lean terminal driver for Textual: it sends what changed on the screen, and never waits for it.

See README.md beside this file. This package imports Textual only in `driver`.
"""
