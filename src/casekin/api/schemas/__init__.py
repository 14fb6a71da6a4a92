"""The shapes of replies, for the OpenAPI description; a test holds real replies against them."""
