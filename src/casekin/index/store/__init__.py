"""The system of record: one SQLite file, its tables, and what reads and writes them."""
