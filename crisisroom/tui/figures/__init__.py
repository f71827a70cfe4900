"""The screen of figures: how fast we were, and by which entries."""
