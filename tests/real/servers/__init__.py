"""Real servers on loopback, for tests: a module a server, over `base` and `install`."""
