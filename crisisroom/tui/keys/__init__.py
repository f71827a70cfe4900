"""Every key of every screen, once: bindings, help, palette, `crisisroom keys` come from here."""
