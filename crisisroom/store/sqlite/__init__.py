"""A room in a file: SQLite, one file, one machine."""
