"""Floor 2: payments. Money is believed only when it is true."""
