"""The panes of the room: each turns what is known into rows of cells."""
