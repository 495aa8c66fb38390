"""Reads of the users room: who a credential belongs to, and who an identifier names."""

from apps.core.bearer import digest
from apps.core.phones import to_e164
from apps.users import tokens
from apps.users.models import Login, Profile, User, normal_email


def login_of(credential: str) -> Login | None:
    """The open login (with its active user) behind a token or an access JWT. At most one query; never raises."""
    if tokens.KEY.fullmatch(credential):
        found = {"token_hash": digest(credential)}
    elif claims := tokens.read_access(credential):
        found = {"pk": str(claims.login_id)}
    else:
        return None
    return Login.objects.select_related("user").filter(user__is_active=True, **found).first()


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
