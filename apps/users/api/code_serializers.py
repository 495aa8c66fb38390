"""Shapes of logging in by a code, and of setting a new password."""

from typing import Any

from rest_framework import serializers

from apps.users.api.serializers import PasswordField, PersonSerializer


class PhoneIn(serializers.Serializer[Any]):
    """Where to send a code. `whatsapp_account_id` is sent by a published client and not needed."""

    phone_number = serializers.CharField(max_length=40)
    whatsapp_account_id = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=64)


class PhoneCodeIn(PhoneIn):
    """A code that came back."""

    code = serializers.CharField(max_length=12)


class EmailIn(serializers.Serializer[Any]):
    """Where to send a code."""

    email = serializers.CharField(max_length=254)


class EmailCodeIn(EmailIn):
    """A code that came back."""

    code = serializers.CharField(max_length=12)


class CodeSentOut(serializers.Serializer[Any]):
    """The code is on its way – if the address exists, which nobody is told."""

    success = serializers.BooleanField()
    message = serializers.CharField()
    retry_after = serializers.IntegerField(help_text="Seconds until another code can be asked for.")
    expires_in = serializers.IntegerField(help_text="Seconds the code is good for.")


class CodeCheckedOut(serializers.Serializer[Any]):
    """A right code opens a login; a wrong one is an answer, too."""

    valid = serializers.BooleanField()
    message = serializers.CharField()
    remaining_attempts = serializers.IntegerField(required=False)
    token = serializers.CharField(required=False)
    auth_token = serializers.CharField(required=False)
    user = PersonSerializer(required=False)


class ResetIn(serializers.Serializer[Any]):
    """Whose password: an e-mail address or a phone number (in either key)."""

    email = serializers.CharField(required=False, max_length=254)
    phone = serializers.CharField(required=False, max_length=40)


class ResetConfirmIn(ResetIn):
    """The code and the new password."""

    code = serializers.CharField(max_length=12)
    new_password = PasswordField()
