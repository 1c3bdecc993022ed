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
FORMATS = ["PNG", "JPEG", "WEBP", "GIF"]


class BadLogo(ValueError):
    """The upload is no picture that we take; the text says why, in German."""


def store(file: BinaryIO) -> Logo:
    """Keep the picture in `file` as WebP of at most MAX_BYTES. Raises BadLogo."""
    raw = file.read(MAX_UPLOAD + 1)
    if len(raw) > MAX_UPLOAD:
        raise BadLogo("Die Datei ist größer als 2 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=FORMATS) as upload:
                if upload.width * upload.height > MAX_PIXELS:
                    raise BadLogo("Das Bild hat zu viele Bildpunkte; 2.000 × 2.000 reichen gut aus.")
                picture = ImageOps.exif_transpose(upload).convert("RGBA")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
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
            picture.save(out, "WEBP", quality=quality, method=6)
            if out.tell() <= MAX_BYTES:
                data = out.getvalue()
                logo, _ = Logo.objects.get_or_create(
                    digest=hashlib.sha256(data).hexdigest(),
                    defaults={"data": data, "width": picture.width, "height": picture.height},
                )
                return logo
    raise BadLogo("Dieses Bild lässt sich nicht klein genug speichern.")
