"""A real Chromium against a live server; every page is watched while a journey goes on."""

import os
import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.skip("no Chromium found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, board, live_server):
    """visit(**options): a page in a fresh profile that fails the test on console errors and foreign requests."""
    contexts, complaints = [], []

    def make(**options):
        home = options.setdefault("base_url", live_server.url)
        context = chromium.new_context(locale="de-DE", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        # 422 is the answer to a form with mistakes, 409 to one that comes too late; Chromium calls that an error.
        page.on(
            "console",
            lambda m: (
                m.type == "error"
                and not re.search("(status of|Error Code) (409|422)", m.text)
                and complaints.append(m.text)
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: request.url.startswith((home, "data:")) or complaints.append(request.url),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
