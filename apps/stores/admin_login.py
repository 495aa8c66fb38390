"""The admin's login: whoever works in a store gets in, and sees there what their role may see."""

from typing import Any

from unfold.forms import AuthenticationForm

from apps.stores.queries.access import may_enter_admin


class LoginForm(AuthenticationForm):
    """Unfold's form, for the team of a store as well as for those with the flag "may enter the admin"."""

    def confirm_login_allowed(self, user: Any) -> None:
        """Refuse, in the words of a wrong password, who has no business here."""
        if not may_enter_admin(user):
            raise self.get_invalid_login_error()
