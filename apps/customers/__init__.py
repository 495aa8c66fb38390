"""Floor 2: customers of a store, and how they can be recognised."""
