"""Mail over IMAP and SMTP, shared by the source that reads it and the channel that writes it."""
