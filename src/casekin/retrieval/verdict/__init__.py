"""Whether an answer can be trusted: what the pixels say, how far from the archive a picture lies, what is promised."""
