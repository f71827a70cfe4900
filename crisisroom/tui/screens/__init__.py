"""The screens: the room, the start of an empty one, and what opens on top of them."""
