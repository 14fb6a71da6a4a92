"""casekin: retrieval of similar patient cases, the same finding in the same place."""
