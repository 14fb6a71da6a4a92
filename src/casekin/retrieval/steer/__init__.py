"""Steering a search: conditions, wider places, recipes, and what is told beside the hits. One idea a file."""
