"""What answers questions: columns and vectors derived from the store, filters, lists with a bound on what is missed."""
