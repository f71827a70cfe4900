"""Charts of what the room hears, on a screen of their own."""
