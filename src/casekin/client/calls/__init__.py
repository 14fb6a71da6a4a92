"""The routes as methods, by group. Made by tools/build_client.py: change the service instead."""
