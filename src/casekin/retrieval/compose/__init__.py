"""Drafts of reports: what similar cases support at each place becomes sentences that cite them."""
