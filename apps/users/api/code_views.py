"""Logging in by a one-time code, and a new password for who forgot theirs (clients/storefront.md 2.9).

No answer says whether an account exists: the same status, the same words, the same work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.problems import Invalid, TooMany
from apps.users.api import code_serializers as shapes
from apps.users.api.serializers import PersonSerializer
from apps.users.api.views import login_answer, read
from apps.users.authentication import LenientAuthentication
from apps.users.models import User
from apps.users.senders import EMAIL, WHATSAPP
from apps.users.services import codes, logins, passwords, proved
from apps.users.services.attempts import client_address


class CodeView(APIView):
    """For people who are not logged in; who is, may prove an address of theirs."""

    authentication_classes = [LenientAuthentication]
    permission_classes = [AllowAny]
    channel = WHATSAPP

    def send(self, request: Request, address: str, purpose: str = codes.LOGIN) -> Response:
        """Send a code and say when another may be asked for."""
        channel, who = self.channel, client_address(request.META)
        with spoken():
            seconds = codes.send(channel=channel, address=address, purpose=purpose, caller=who)
        told = _("If this address exists, a code is on its way.")
        life = int(codes.LIFE.total_seconds())
        return Response({"success": True, "message": told, "retry_after": seconds, "expires_in": life})

    def check(self, request: Request, address: str, code: str) -> Response:
        """Open a login for a right code; 200 with `valid: false` for a wrong one, as the client reads it."""
        with spoken():
            found, left = codes.use(
                channel=self.channel,
                address=address,
                purpose=codes.LOGIN,
                code=code,
                caller=client_address(request.META),
            )
        caller = request.user if isinstance(request.user, User) else None
        user = proved.person_with(address=found, caller=caller) if found else None
        if user is None:
            return Response({"valid": False, "message": str(proved.code_wrong().detail), "remaining_attempts": left})
        token = logins.open_with_token(user=user)
        shown = PersonSerializer(user).data
        person = {**shown, "name": user.get_full_name()}
        return Response({"valid": True, "message": _("Welcome!"), "token": token, "auth_token": token, "user": person})


@contextmanager
def spoken() -> Iterator[None]:
    """The published client shows `message`, also of a refusal."""
    try:
        yield
    except TooMany as problem:
        problem.extra.update(success=False, valid=False, message=str(problem.detail))
        raise


@extend_schema(tags=["auth"])
class WhatsAppSendView(CodeView):
    """A code by WhatsApp."""

    @extend_schema(request=shapes.PhoneIn, responses=shapes.CodeSentOut)
    def post(self, request: Request) -> Response:
        """Send one. 429 with `Retry-After` when one was sent a moment ago, or too many."""
        return self.send(request, read(shapes.PhoneIn, request)["phone_number"])


class WhatsAppResendView(WhatsAppSendView):
    """Another one: it replaces the first, and brings no new tries."""


@extend_schema(tags=["auth"])
class WhatsAppVerifyView(CodeView):
    """The code that came by WhatsApp."""

    @extend_schema(request=shapes.PhoneCodeIn, responses=shapes.CodeCheckedOut)
    def post(self, request: Request) -> Response:
        """Log in with it."""
        given = read(shapes.PhoneCodeIn, request)
        return self.check(request, given["phone_number"], given["code"])


@extend_schema(tags=["auth"])
class EmailSendView(CodeView):
    """A code by e-mail."""

    channel = EMAIL

    @extend_schema(request=shapes.EmailIn, responses=shapes.CodeSentOut)
    def post(self, request: Request) -> Response:
        """Send one. 429 with `Retry-After` when one was sent a moment ago, or too many."""
        return self.send(request, read(shapes.EmailIn, request)["email"])


class EmailResendView(EmailSendView):
    """Another one: it replaces the first, and brings no new tries."""


@extend_schema(tags=["auth"])
class EmailVerifyView(CodeView):
    """The code that came by e-mail."""

    channel = EMAIL

    @extend_schema(request=shapes.EmailCodeIn, responses=shapes.CodeCheckedOut)
    def post(self, request: Request) -> Response:
        """Log in with it."""
        given = read(shapes.EmailCodeIn, request)
        return self.check(request, given["email"], given["code"])


def _whose(given: dict[str, Any]) -> tuple[str, str]:
    """(channel, address): an address with an @ is a mailbox, whatever the key is called."""
    address = given.get("email") or given.get("phone") or ""
    if not address:
        text = _("Give an e-mail address or a phone number.")
        raise Invalid("invalid", text, errors={"email": [text]})
    return (EMAIL if "@" in address else WHATSAPP), address


@extend_schema(tags=["auth"])
class PasswordResetView(CodeView):
    """A code for a new password."""

    @extend_schema(request=shapes.ResetIn, responses=shapes.CodeSentOut)
    def post(self, request: Request) -> Response:
        """Send one; the answer is the same whether there is an account or not."""
        self.channel, address = _whose(read(shapes.ResetIn, request))
        return self.send(request, address, codes.RESET)


@extend_schema(tags=["auth"])
class PasswordResetConfirmView(CodeView):
    """The new password."""

    @extend_schema(request=shapes.ResetConfirmIn, responses=shapes.CodeCheckedOut)
    def post(self, request: Request) -> Response:
        """Set it: every login of the account ends and a new one opens. 400 `code_invalid` for a wrong or used code."""
        given = read(shapes.ResetConfirmIn, request)
        channel, address = _whose(given)
        passwords.check_new(given["new_password"], user=User(), field="new_password")  # a weak one costs no code
        with spoken():
            found, _left = codes.use(
                channel=channel, address=address, purpose=codes.RESET, code=given["code"],
                caller=client_address(request.META),
            )  # fmt: skip
        user = proved.reset_password(address=found, new=given["new_password"]) if found else None
        if user is None:
            raise proved.code_wrong()
        return Response(login_answer(user, logins.open_with_token(user=user)))
