"""The record as files: what is wanted in them, for whom, and where they are afterwards."""
