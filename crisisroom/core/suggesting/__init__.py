"""What suggestions are made of: features of a text, what answered posts teach, cues, reasons."""
