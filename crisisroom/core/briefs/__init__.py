"""What the brief says, part by part, and what each audience reads of it."""
