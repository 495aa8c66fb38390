"""ViaCEP: what a CEP stands for. An unknown one is a 200 that says `erro`, as a text or, on older servers, as a bool."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings

from apps.geo.providers.base import Kind, Provider, text
from apps.geo.values import Budget, PostalCode


class ViaCep(Provider):
    """Without a key; heavy use is slowed down, so answers are kept."""

    name: ClassVar[str] = "viacep"
    can: ClassVar[frozenset[Kind]] = frozenset({Kind.POSTAL_CODE})

    def postal_code(self, code: str, budget: Budget) -> PostalCode | None:
        """By eight digits."""
        row = self.mapping(self.get(f"{settings.VIACEP_URL}/ws/{code}/json/", {}, budget))
        if str(row.get("erro", "")).lower() == "true":
            return None
        if not text(row, "localidade"):
            raise self.garbage()
        return PostalCode(
            code=code, street=text(row, "logradouro"), neighbourhood=text(row, "bairro"), city=text(row, "localidade"),
            state=text(row, "uf"), provider=self.name,
        )  # fmt: skip
