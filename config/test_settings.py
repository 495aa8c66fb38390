"""Settings for pytest: the one settings module, told that this is a test before it is read."""

import os

os.environ["ENVIRONMENT"] = "test"
# Tests order all day from one address; those about the limits set their own.
os.environ |= {"CHECKOUTS_PER_ADDRESS": "0", "CHECKOUTS_PER_PHONE": "0", "UNPAID_ORDERS_PER_PHONE": "0"}

from config.settings import *
