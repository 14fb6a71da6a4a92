"""The web page: server-rendered, with a small script for drawing a box; nothing is loaded from elsewhere."""
