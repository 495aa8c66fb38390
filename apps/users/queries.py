"""Reads of the users room: who a credential belongs to, and who an identifier names."""

from typing import Literal

from django.db import connection

from apps.core.bearer import digest
from apps.core.phones import to_e164
from apps.core.reading import attributes, instance, select_list
from apps.users import tokens
from apps.users.models import Login, Profile, User, normal_email

LOGIN, USER = attributes(Login), attributes(User)


def login_of(credential: str) -> Login | None:
    """The open login (with its active user) behind a token or an access JWT. At most one query; never raises."""
    if tokens.KEY.fullmatch(credential):
        return _read_login("token_hash", digest(credential))
    if claims := tokens.read_access(credential):
        return _read_login("id", str(claims.login_id))
    return None


def _read_login(column: Literal["token_hash", "id"], value: str) -> Login | None:
    """By hand (`core.reading`): every request of every person comes this way."""
    columns = f"{select_list(Login, LOGIN, 'login')}, {select_list(User, USER, 'person')}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM user_logins AS login JOIN users AS person ON person.id = login.user_id"  # noqa: S608  # names of columns
            f" WHERE login.{column} = %s AND person.is_active",
            [value],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    login = instance(Login, LOGIN, row[: len(LOGIN)])
    login.user = instance(User, USER, row[len(LOGIN) :])
    return login


def user_of(credential: str) -> User | None:
    """The active user behind a token or an access JWT, for sockets. At most one query."""
    login = login_of(credential)
    return login.user if login else None


def canonical_identifier(identifier: str) -> str:
    """What somebody typed into the login field as it is stored: a lower-case e-mail address or an E.164 number."""
    text = identifier.strip()
    return (normal_email(text) or "") if "@" in text else to_e164(text)


def user_by_identifier(identifier: str) -> User | None:
    """The user called so – e-mail address in any capitals, or phone number in any spelling; inactive ones included."""
    canonical = canonical_identifier(identifier)
    if not canonical:
        return None
    return User.objects.filter(**{"email" if "@" in canonical else "phone": canonical}).first()


def profile_of(user: User) -> Profile:
    """The profile of a user; an unsaved empty one when nothing was ever kept."""
    return Profile.objects.filter(user=user).first() or Profile(user=user)
