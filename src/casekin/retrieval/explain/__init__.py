"""Evidence of a hit: what its report says, which parts of the pictures match, and how far such a map can be trusted."""
