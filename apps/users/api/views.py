"""Logging in and out, tokens, registration, and a person's own data.

None of these views looks at cookies, so none of them needs CSRF protection; those that open a login also ignore an old
token in the header, or a client could not get a new one.
"""

from typing import Any

from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.problems import Invalid, Unauthenticated
from apps.users import queries
from apps.users.api import serializers as shapes
from apps.users.models import Login, User
from apps.users.services import accounts, attempts, logins, passwords
from apps.users.tokens import Pair


def login_answer(user: User, token: str) -> dict[str, Any]:
    """The body of every answer that opens a token login."""
    person = shapes.PersonSerializer(user).data
    flat = {key: person[key] for key in ("email", "first_name", "last_name")}
    return {"token": token, "user_id": user.pk, **flat, "user": person}


def read(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The validated body of a request."""
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def caller(request: Request) -> User:
    """The logged-in user; the permission classes have seen to it that there is one."""
    assert isinstance(request.user, User)
    return request.user


class OpenView(APIView):
    """A view for people who are not logged in."""

    authentication_classes = []
    permission_classes = [AllowAny]


class CsrfView(OpenView):
    """The cookie that form-posting clients read."""

    @extend_schema(
        tags=["auth"],
        responses=inline_serializer("Csrf", {"csrfToken": serializers.CharField()}),
    )
    def get(self, request: Request) -> Response:
        """Set the `csrftoken` cookie and show its value."""
        return Response({"csrfToken": get_token(request._request)})


class LoginView(OpenView):
    """E-mail address or phone number, and password."""

    @extend_schema(tags=["auth"], request=shapes.CredentialsSerializer, responses=shapes.LoginAnswerSerializer)
    def post(self, request: Request) -> Response:
        """Open a login and get its token. Wrong credentials are a 400, too many a 429."""
        user = _authenticated(request)
        return Response(login_answer(user, logins.open_with_token(user=user)))


class LogoutView(APIView):
    """Ends the login the request came with."""

    @extend_schema(tags=["auth"], request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """End this login; the person's other devices stay logged in."""
        if isinstance(request.auth, Login):
            logins.close(login=request.auth)
        return Response(status=204)


class MeView(APIView):
    """The caller's own account."""

    @extend_schema(tags=["auth"], responses=shapes.MeSerializer)
    def get(self, request: Request) -> Response:
        """Who is logged in."""
        return Response(shapes.MeSerializer(caller(request)).data)

    @extend_schema(tags=["auth"], request=shapes.MeChangeSerializer, responses=shapes.MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change names, e-mail, phone or language."""
        user = accounts.update(user=caller(request), changes=read(shapes.MeChangeSerializer, request))
        return Response(shapes.MeSerializer(user).data)


class ChangePasswordView(APIView):
    """A new password."""

    @extend_schema(tags=["auth"], request=shapes.ChangePasswordSerializer, responses=shapes.NewTokenSerializer)
    def post(self, request: Request) -> Response:
        """Change the password. Every login of the person ends; the answer holds the token of a new one."""
        given = read(shapes.ChangePasswordSerializer, request)
        token = passwords.change(user=caller(request), old=given["old_password"], new=given["new_password"])
        return Response({"message": _("Your password was changed."), "token": token})


class RegisterView(OpenView):
    """A new account."""

    @extend_schema(tags=["auth"], request=shapes.RegisterSerializer, responses={201: shapes.LoginAnswerSerializer})
    def post(self, request: Request) -> Response:
        """Create an account and log in. Errors are lists per field."""
        given = read(shapes.RegisterSerializer, request)
        attempts.spend(attempts.REGISTER_PER_ADDRESS, attempts.client_address(request.META))
        user = accounts.register(**given)
        return Response(login_answer(user, logins.open_with_token(user=user)), status=201)


class TokenView(OpenView):
    """The JWT way to log in."""

    @extend_schema(tags=["auth"], request=shapes.CredentialsSerializer, responses=shapes.PairSerializer)
    def post(self, request: Request) -> Response:
        """Open a login and get an access and a refresh token. Wrong credentials are a 401, as JWT clients expect."""
        try:
            user = _authenticated(request)
        except Invalid as wrong:
            if wrong.code != "invalid_credentials":
                raise
            raise Unauthenticated(wrong.code, wrong.detail, errors=wrong.errors) from wrong
        return _pair(logins.open_with_pair(user=user))


class TokenRefreshView(OpenView):
    """Exchange of a refresh token."""

    @extend_schema(tags=["auth"], request=shapes.RefreshSerializer, responses=shapes.PairSerializer)
    def post(self, request: Request) -> Response:
        """Get new tokens for a refresh token, which is then used up. Using it again ends the login."""
        return _pair(logins.rotate(refresh=read(shapes.RefreshSerializer, request)["refresh"]))


class ProfileView(APIView):
    """What a person lets the storefronts remember."""

    @extend_schema(tags=["profile"], responses=shapes.ProfileSerializer)
    def get(self, request: Request) -> Response:
        """The whole profile."""
        return Response(shapes.ProfileSerializer(queries.profile_of(caller(request))).data)

    @extend_schema(tags=["profile"], request=shapes.ProfileChangeSerializer, responses=shapes.ProfileSerializer)
    def patch(self, request: Request) -> Response:
        """Change any part; the answer is the whole profile."""
        profile = accounts.update_profile(user=caller(request), changes=read(shapes.ProfileChangeSerializer, request))
        return Response(shapes.ProfileSerializer(profile).data)


def _authenticated(request: Request) -> User:
    given = read(shapes.CredentialsSerializer, request)
    return passwords.authenticate(**given, address=attempts.client_address(request.META))


def _pair(pair: Pair) -> Response:
    return Response({"access": pair.access, "refresh": pair.refresh})
