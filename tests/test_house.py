"""Rules of the house that no single page can keep."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent
APPS = ["jobboard", "profiles", "listings"]


def sources(*patterns):
    return [path for app in APPS for pattern in patterns for path in (ROOT / app).rglob(pattern)]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_imports_point_one_way():
    forbidden = {"jobboard": ("profiles", "listings"), "profiles": ("listings",)}
    for app, others in forbidden.items():
        for path in (ROOT / app).rglob("*.py"):
            if path == ROOT / "jobboard" / "urls.py":
                continue
            for other in others:
                assert not re.search(rf"^\s*(from|import) {other}\b", path.read_text(), re.MULTILINE), path


def test_every_template_is_used():
    text = "\n".join(path.read_text() for path in sources("*.py", "*.html", "*.txt"))
    by_others = re.compile(
        r"^(account|allauth|admin|registration|socialaccount|usersessions|mfa|email)/|^(403|404|429|500|403_csrf)\.html$"
    )
    for path in sources("templates/**/*.html"):
        name = str(path).split("/templates/")[1]
        assert by_others.match(name) or f'"{name}"' in text, name


def test_every_name_of_an_address_is_used_and_exists():
    text = "\n".join(path.read_text() for path in sources("*.py", "*.html", "*.txt"))
    used = set(re.findall(r'(?:url|reverse|redirect)\(?\s*"([a-z_]+:[a-z_]+)"', text))
    known = {
        f"listings:{name}"
        for name in get_resolver().namespace_dict["listings"][1].reverse_dict
        if isinstance(name, str)
    }
    assert {name for name in used if name.startswith("listings:")} <= known
    for name in known:
        assert f'"{name}"' in text, name


def test_every_module_says_what_belongs_in_it():
    for path in sources("*.py"):
        if "migrations" not in path.parts and path.read_text().strip():
            assert path.read_text().startswith('"""'), path


def test_stylesheets_use_tokens_and_no_force():
    for path in (ROOT / "jobboard/static/css").glob("*.css"):
        text = path.read_text()
        assert "!important" not in text, path
        assert "http" not in text, path


def test_what_a_token_says_is_said_by_its_name():
    css = ROOT / "jobboard/static/css"
    tokens = re.findall(r"--(space|text)-\w+: ([\d.]+rem);", (css / "tokens.css").read_text())
    names = {"space": "margin|padding|gap|row-gap|column-gap", "text": "font-size"}
    for path in set(css.glob("*.css")) - {css / "tokens.css"}:
        for kind, value in tokens:
            said = re.findall(
                rf"^\s*(?:{names[kind]})(?:-[a-z-]+)?:[^;(]*\s{value}[\s;].*", path.read_text(), re.MULTILINE
            )
            assert not said, (path.name, said)
