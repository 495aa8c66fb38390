"""Floor 6: what the people of a store should look at, read off the log of facts."""
