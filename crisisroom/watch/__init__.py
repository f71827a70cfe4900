"""The headless side of a room: `watcher` does the work, `start` lets a screen begin it.

Nothing is imported here: a screen that only starts a watcher must not pay for the network.
"""
