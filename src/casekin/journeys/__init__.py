"""One public function a verb, each readable as its own table of contents."""
