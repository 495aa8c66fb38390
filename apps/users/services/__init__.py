"""The writers of the users room: accounts, passwords, logins, profiles, counted attempts."""
