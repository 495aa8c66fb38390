"""What is wrong with a file, and where: every problem is kept with its path, none stops the reading."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from apps.core.problems import Refused


@dataclass(frozen=True, slots=True)
class RowError:
    """One problem. `path` is as in `products[3].price`; empty: the file as a whole."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


@dataclass(slots=True)
class Errors:
    """The problems found so far. `warnings` do not keep a file from being imported."""

    warnings: list[RowError] = field(default_factory=list)
    _rows: dict[RowError, None] = field(default_factory=dict)
    _places: set[str] = field(default_factory=set)

    @property
    def rows(self) -> list[RowError]:
        """All problems, in the order they were found."""
        return list(self._rows)

    def add(self, path: str, message: object) -> None:
        """Keep a problem; the same one twice is one."""
        self._rows[RowError(path, str(message))] = None
        self._places |= {path, *(path[:index] for index, char in enumerate(path) if char in ".[")}

    def is_at_or_below(self, path: str) -> bool:
        """Whether there is a problem at `path` or inside of what it names."""
        return path in self._places

    def warn(self, path: str, message: object) -> None:
        """Keep a remark."""
        self.warnings.append(RowError(path, str(message)))

    def refuse_if_any(self) -> None:
        """Raise `ImportRefused` when there is at least one problem."""
        if self._rows:
            raise ImportRefused(self)


class ImportRefused(Refused):
    """422: the file has problems; nothing was written. `rows` are all of them."""

    def __init__(self, errors: Errors) -> None:
        by_path: dict[str, list[str]] = {}
        for row in errors.rows:
            by_path.setdefault(row.path, []).append(row.message)
        super().__init__("import_refused", _("The file has errors. Nothing was changed."), errors=by_path)
        self.rows = errors.rows
        self.warnings = list(errors.warnings)


def refusal(path: str, message: object) -> ImportRefused:
    """A refusal for a single problem that makes going on pointless."""
    errors = Errors()
    errors.add(path, message)
    return ImportRefused(errors)
