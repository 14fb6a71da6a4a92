"""The parts of mine: a source looked at, read in chunks, counted, and written down."""
