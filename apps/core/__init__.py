"""Floor 0: the small mechanisms every room stands on. Knows nothing about shops."""
