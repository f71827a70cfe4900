"""The early warning: pure rules over counts and crowds, with injected time."""
