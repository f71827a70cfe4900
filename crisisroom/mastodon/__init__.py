"""Mastodon's API, shared by the source that reads it and the channel that writes to it."""
