"""What a running site keeps beside its cases: audit log, kept image files, jobs, collections, feedback, history.

All of it lies in the *state folder*: one SQLite database, `site.sqlite3`, and the kept files. It is patient data, like
the index that it belongs to.
"""
