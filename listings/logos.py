"""Logos: checked by content, shrunk, encoded again as WebP."""

import hashlib
import warnings
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from listings.models import Logo

MAX_UPLOAD = 2 * 1024 * 1024  # bytes
MAX_PIXELS = 20_000_000
MAX_SIDE = 480
MAX_BYTES = 30_000
TOO_LARGE = "Das Bild hat zu viele Bildpunkte; 2.000 × 2.000 reichen gut aus."
FORMATS = ["PNG", "JPEG", "WEBP", "GIF"]


class BadLogo(ValueError):
    """The upload is no picture that we take; the text says why, in German."""


def store(file: BinaryIO) -> Logo:
    """Keep the picture in `file`. Raises BadLogo."""
    logo = encode(file)
    logo.save()
    return logo


def forget(digest: str | None) -> None:
    """Take a logo off the net that no firm shows any more."""
    Logo.objects.filter(pk=digest, employers=None).delete()


def encode(file: BinaryIO) -> Logo:
    """The picture in `file` as WebP of at most MAX_BYTES, not stored yet. Raises BadLogo."""
    raw = file.read(MAX_UPLOAD + 1)
    if len(raw) > MAX_UPLOAD:
        raise BadLogo("Die Datei ist größer als 2 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=FORMATS) as upload:
                if upload.width * upload.height > MAX_PIXELS:
                    raise BadLogo(TOO_LARGE)
                picture = ImageOps.exif_transpose(upload).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadLogo(TOO_LARGE) from error
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        if isinstance(error, BadLogo):
            raise
        raise BadLogo("Das ist kein Bild im Format PNG, JPEG, WebP oder GIF.") from error
    for side in (MAX_SIDE, 320, 240, 160, 96, 48):
        picture.thumbnail((side, side))
        for quality in (90, 75, 50):
            out = BytesIO()
            picture.save(out, "WEBP", quality=quality)
            if out.tell() <= MAX_BYTES:
                data = out.getvalue()
                digest = hashlib.sha256(data).hexdigest()
                return Logo(digest=digest, data=data, width=picture.width, height=picture.height)
    raise BadLogo("Dieses Bild lässt sich nicht klein genug speichern.")
