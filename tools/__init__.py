"""Small programs the Makefile calls: locking, budgets, generated docs. Nothing in `apps/` imports this package."""
