"""Mutated inputs against everything that reads from outside: no death, no hang, one kind of error, bounded memory."""
