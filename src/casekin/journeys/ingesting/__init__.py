"""The parts of ingest: a plan of cases, one case encoded, many machines, and what is stored."""
