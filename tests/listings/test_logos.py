"""Logos: only pictures get in, and only small ones come out."""

from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from listings import logos
from listings.models import Logo

pytestmark = pytest.mark.django_db


def picture(size=(800, 300), mode="RGB", colour=(159, 53, 27), kind="PNG", **options) -> BytesIO:
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    out.seek(0)
    return out


def stored(logo) -> Image.Image:
    return Image.open(BytesIO(bytes(logo.data)))


def noise(size=(900, 900)) -> BytesIO:
    """What compresses worst."""
    out = BytesIO()
    Image.effect_noise(size, 200).convert("RGB").save(out, "PNG")
    out.seek(0)
    return out


def gif() -> BytesIO:
    out = BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "upload",
    [
        picture,
        lambda: picture(kind="JPEG", mode="CMYK", colour=(0, 200, 200, 20)),
        lambda: picture(kind="WEBP"),
        lambda: picture(mode="L", colour=90),
        lambda: picture(mode="1", colour=1),
        lambda: picture(mode="I;16", colour=900),
        lambda: picture(mode="P", colour=3, kind="GIF"),
        gif,
        noise,
        lambda: picture(size=(1, 1)),
        lambda: picture(size=(4000, 3)),
    ],
    ids=[
        "png",
        "cmyk jpeg",
        "webp",
        "grey",
        "one bit",
        "sixteen bit",
        "palette",
        "animated gif",
        "noise",
        "one pixel",
        "line",
    ],
)
def test_every_picture_becomes_a_small_still_webp(upload):
    logo = logos.store(upload())
    assert len(bytes(logo.data)) <= logos.MAX_BYTES
    result = stored(logo)
    assert (result.format, result.n_frames) == ("WEBP", 1)
    assert result.size == (logo.width, logo.height)
    assert max(result.size) <= logos.MAX_SIDE


def test_transparency_stays():
    logo = logos.store(picture(size=(90, 60), mode="RGBA", colour=(0, 0, 0, 0)))
    assert stored(logo).convert("RGBA").getpixel((40, 30))[3] == 0


def test_the_place_where_a_photo_was_taken_is_forgotten_and_its_turn_is_kept():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "Hasestraße 1, Osnabrück"
    logo = logos.store(picture(size=(200, 100), kind="JPEG", exif=exif))
    assert (logo.width, logo.height) == (100, 200)
    assert not stored(logo).getexif()
    assert b"Hasestra" not in bytes(logo.data)


def test_the_same_picture_is_kept_once():
    assert logos.store(picture()) == logos.store(picture())
    assert Logo.objects.count() == 1


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
PNG = picture().getvalue()


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (SVG, "kein Bild"),
        (b"Guten Tag, ich bin ein Text.", "kein Bild"),
        (b"", "kein Bild"),
        (b"\x00" * 500, "kein Bild"),
        (b"GIF89a", "kein Bild"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 60, "kein Bild"),
        (PNG[: len(PNG) // 2], "kein Bild"),
        (picture(kind="BMP").getvalue(), "kein Bild"),
        (picture(kind="TIFF").getvalue(), "kein Bild"),
        (picture(kind="ICO").getvalue(), "kein Bild"),
        (picture(size=(20_000, 20_000), mode="1", colour=1).getvalue(), "zu viele Bildpunkte"),
        (picture(size=(5_000, 5_000), mode="1", colour=1).getvalue(), "zu viele Bildpunkte"),
        (PNG + b"\x00" * logos.MAX_UPLOAD, "größer als 2 MB"),
    ],
    ids=[
        "svg",
        "text",
        "empty",
        "zeros",
        "head of a gif",
        "broken png",
        "half a png",
        "bmp",
        "tiff",
        "ico",
        "bomb",
        "large",
        "heavy",
    ],
)
def test_what_is_no_usable_picture_is_refused_in_words(upload, reason):
    with pytest.raises(logos.BadLogo, match=reason):
        logos.store(BytesIO(upload))
    assert not Logo.objects.exists()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_damaged_pictures_are_refused_or_taken_but_never_crash(kind):
    good = bytearray(picture(size=(64, 48), kind=kind).getvalue())
    for position in range(0, len(good), max(1, len(good) // 60)):
        damaged = bytearray(good)
        damaged[position] ^= 0xFF
        for upload in (damaged, damaged[: position + 1]):
            with suppress(logos.BadLogo):
                logos.store(BytesIO(bytes(upload)))
