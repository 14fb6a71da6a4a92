"""From a question to ranked, explained cases: resolve → encode → rank → explain."""
