"""Settings for pytest: the one settings module, told that this is a test before it is read."""

import os

os.environ["ENVIRONMENT"] = "test"

from config.settings import *
