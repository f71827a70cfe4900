"""What people were told, on the screen: what waits for this person, and how to take it."""
