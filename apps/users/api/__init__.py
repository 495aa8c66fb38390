"""HTTP of the users room: `/api/v1/auth/…`, `/users/profile/`, `/csrf/`."""
