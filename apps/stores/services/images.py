"""Pictures people upload: proved to be pictures, bounded, turned upright, stripped of everything but pixels.

What is stored is always our own re-encoding (JPEG, or PNG where something is transparent), so neither camera data with
the owner's home address nor a script behind an image header ever reaches a customer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models.fields.files import FileField
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from apps.core.problems import Invalid

MAX_BYTES = 8 * 1024 * 1024
# 40 megapixels is more than phones take by default and about 120 MB once decoded; checked before decoding.
MAX_PIXELS = 40_000_000
MAX_SIDE = 2000
FORMATS = ("JPEG", "PNG", "WEBP")


def clean(upload: IO[bytes] | Any) -> ContentFile[bytes]:
    """The upload as a safe picture of at most 2000 px a side. Raises `Invalid` (`invalid_image`, `image_too_large`)."""
    raw = upload.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _refusal("image_too_large", _("The picture is larger than 8 MB."))
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as picture:
            return _encoded(_decoded(picture))
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        raise _refusal("invalid_image", _("This is not a JPEG, PNG or WebP picture.")) from error


def _refusal(code: str, message: Any) -> Invalid:
    return Invalid(code, message, errors={"image": [message]}, codes={"image": [code]})


def _decoded(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _refusal("image_too_large", _("The picture has more than 40 megapixels."))
    if picture.format == "JPEG":
        picture.draft("RGB", (MAX_SIDE, MAX_SIDE))  # decodes at a smaller scale when that is enough
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    return upright


def _encoded(picture: Image.Image) -> ContentFile[bytes]:
    out = BytesIO()
    if picture.has_transparency_data:
        picture.convert("RGBA").save(out, "PNG", optimize=True)
        return ContentFile(out.getvalue(), name="image.png")
    picture.convert("RGB").save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return ContentFile(out.getvalue(), name="image.jpg")


def _file_field(row: models.Model, name: str) -> FileField:
    field = row._meta.get_field(name)
    assert isinstance(field, FileField)
    return field


@contextmanager
def stored(row: models.Model, name: str, content: ContentFile[bytes]) -> Iterator[str]:
    """Put `content` into storage for the column `name` of `row`, before any transaction; taken back if the block fails."""
    field = _file_field(row, name)
    path = field.storage.save(field.generate_filename(row, content.name or "image.jpg"), content)
    try:
        yield path
    except BaseException:
        field.storage.delete(path)
        raise


def discard(row: models.Model, name: str) -> None:
    """Delete the stored file of a column after the commit; a rollback keeps it."""
    field, path = _file_field(row, name), str(getattr(row, name) or "")
    if path:
        transaction.on_commit(lambda: field.storage.delete(path))


def copy(row: models.Model, name: str) -> ContentFile[bytes]:
    """The stored picture of a column again, for another row."""
    with _file_field(row, name).storage.open(str(getattr(row, name))) as file:
        return ContentFile(file.read(), name=str(getattr(row, name)))
