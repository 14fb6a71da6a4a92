"""The types of replies, by group of routes. Made by tools/build_client.py: change the service instead."""
