"""What a browser sends and shows on the employers' side; shared by its tests."""

import re
from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate
from PIL import Image

NEW = "/arbeitgeber/stellen/neu/"
FIRM = "/arbeitgeber/firma/"
LIST = "/arbeitgeber/stellen/"


def text_of(response) -> str:
    html = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\xa0", " ").split())


def error_of(response, field) -> str:
    """What stands beside the field, as the page shows it."""
    found = re.search(rf'id="id_{field}_error">(.*?)</div>', response.content.decode(), re.DOTALL)
    return found.group(1) if found else ""


def ad(**fields) -> dict:
    """A complete ad as a browser would send it."""
    today = localdate()
    return {
        "title": "IT-Projektkoordination (m/w/d)",
        "level": "erfahren",
        "employer_kind": "direkt",
        "tasks": "Termine halten.",
        "profile": "Ein Projekt begleitet.",
        "offer": "",
        "working_time": "full",
        "full_time_hours": "38,5",
        "hours_low": "",
        "hours_high": "",
        "contract": "permanent",
        "workplace": "on_site",
        "place_name": "Osnabrück",
        "postal_code": "49074",
        "pay_low": "3.500",
        "pay_high": "4.100,50",
        "pay_unit": "month",
        "apply_email": "bewerbung@hasewerk.example",
        "first_day": today.isoformat(),
        "last_day": (today + timedelta(days=30)).isoformat(),
        **fields,
    }


def png(name="logo.png"):
    out = BytesIO()
    Image.new("RGB", (300, 100), "navy").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def firm(**fields) -> dict:
    return {"name": "Hasewerk GmbH", "kind": "direkt", "place_name": "Osnabrück", "terms": "on", **fields}


def url(vacancy, *, end=""):
    return f"/arbeitgeber/stellen/{vacancy.pk}/{end}"
