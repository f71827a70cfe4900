"""The room as it was last known, on the terminal before anything slow is imported.

Nothing in this package may import more than `os`, `sys`, `time`, `pwd`, `termios`, `unicodedata`
and `sqlite3`: typing, dataclasses, re, json and enum cost more than the whole picture.
"""
