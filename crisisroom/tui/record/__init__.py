"""The record on the screen: entries read whole, corrected, marked; evidence; the hold."""
