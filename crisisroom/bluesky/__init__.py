"""Bluesky's API, shared by the sources that read it and a channel that writes to it."""
