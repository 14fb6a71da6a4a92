"""The parts of evaluate: questions and labels, runs, what is kept of them, and the account of an index."""
