"""Floor 1: the log of facts. Every change to a store's world is appended here; everything else reads it."""
