"""Who asks, and what they may: every route stands in one table, and what the table doesn't allow is refused."""
