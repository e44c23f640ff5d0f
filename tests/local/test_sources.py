"""Where a wheel is looked for is what pip's settings say, by pip's own order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.local.wheels import TINY
from tui.provider.local.index import page_links
from tui.provider.local.sources import PYPI, Sources, sources, sources_from

LISTING = """\
:env:.default-timeout='180'
download.index-url='https://download.example/simple'
global.cert='/etc/ssl/ours.pem'
global.extra-index-url='https://a.example/simple/ file:///opt/simple'
global.find-links='/opt/wheels'
global.index-url='https://global.example/simple'
install.index-url='https://install.example/simple'
"""


def test_without_settings_it_is_pypi() -> None:
    assert sources_from("", {}) == Sources(find_links=(), indexes=(PYPI,))


def test_the_section_of_the_command_wins_over_the_global_one() -> None:
    assert sources_from(LISTING, {}) == Sources(
        find_links=("/opt/wheels",),
        indexes=(
            "https://download.example/simple",
            "https://a.example/simple",
            "file:///opt/simple",
        ),
        certificates="/etc/ssl/ours.pem",
    )


def test_the_environment_wins_over_all_files_but_not_when_empty() -> None:
    environ = {
        "PIP_INDEX_URL": "https://env.example/simple/",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "~/wheels https://b.example/links.html",
        "PIP_PROXY": "http://proxy.example:3128",
    }
    found = sources_from(LISTING, environ)
    assert found.indexes[0] == "https://env.example/simple"
    assert found.indexes[1:] == ("https://a.example/simple", "file:///opt/simple")
    assert found.find_links == ("~/wheels", "https://b.example/links.html")
    assert found.proxy == "http://proxy.example:3128"


@pytest.mark.parametrize("yes", ["1", "true", "YES"])
def test_no_index_leaves_the_folders_only(yes: str) -> None:
    found = sources_from(LISTING, {"PIP_NO_INDEX": yes})
    assert found.indexes == ()
    assert found.find_links == ("/opt/wheels",)


@pytest.mark.parametrize("line", ["", "WARNING: something = odd", "global.index-url=unquoted("])
def test_lines_that_are_not_pips_are_left_out(line: str) -> None:
    assert sources_from(line, {}) == Sources()


def test_pip_itself_is_asked_what_its_files_say(tmp_path: Path) -> None:
    pytest.importorskip("pip")
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = https://mirror.example/simple\n")
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_CONFIG_FILE": str(config)}
    assert "https://mirror.example/simple" in sources(environ).indexes


def test_links_of_a_page_are_read_as_browsers_do() -> None:
    page = b"""<html><head><base href="https://files.example/x/"></head><body>
    <a href="a-1.0.whl#sha256=1" data-requires-python="&gt;=3.9">a</a><a>none</a>
    <a href="/b%2B1.whl">b</a> <a href="file:///opt/c.whl">c</a>"""
    assert dict(page_links(page, "https://index.example/simple/a/", "text/html")) == {
        "a-1.0.whl": "https://files.example/x/a-1.0.whl#sha256=1",
        "b+1.whl": "https://files.example/b%2B1.whl",
        "c.whl": Path("/opt/c.whl"),
    }


@pytest.mark.parametrize(
    "page", [b"", b"[]", b"{", b'{"files": 3}', b'{"files": [1, {"filename": 2, "url": "x"}]}']
)
def test_json_that_is_no_listing_lists_nothing(page: bytes) -> None:
    media_type = "application/vnd.pypi.simple.v1+json"
    assert list(page_links(page, f"https://index.example/{TINY.project}/", media_type)) == []
