"""The evidence sheet: worked out once as words and pictures, drawn as a page and as a PNG."""
