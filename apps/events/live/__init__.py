"""Mechanism 10, live: one socket per screen, fed from the log, exact after any absence."""
