#!/usr/bin/env python
"""Django's command line. With nothing set it uses the embedded servers, starting them when a command needs them."""

import os
import sys


def main() -> None:
    """Run the named command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["test"]:
        os.environ.setdefault("ENVIRONMENT", "test")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed in this Python. Run `make setup`, then use .venv/bin/python."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
