"""What keeps an index whole: checks, backups, snapshots, erasure, and the way to another engine."""
