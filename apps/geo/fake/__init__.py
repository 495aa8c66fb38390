"""The providers, played by a server on this machine: for tests, and for `make run` without a network."""
