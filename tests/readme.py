"""Keeps the README's tables what the code says: `python -m tests.readme` writes them anew.

Each stands between `<!-- name -->` and `<!-- /name -->`; a test fails where one has fallen behind.
"""

from __future__ import annotations

from pathlib import Path

from tui.core.settings import commented_config
from tui.ui.actions import default_keys, readme_keys

README = Path(__file__).parent.parent / "README.md"


def blocks() -> dict[str, str]:
    """Name of a block to what stands in it."""
    example = {"new_chat": default_keys()["new_chat"]}  # the table of keys has the others
    return {"keys": readme_keys(), "settings": f"```toml\n{commented_config(example)}```\n"}


def rewritten(readme: str) -> str:
    """The README with its blocks as they should be.

    Raises:
        ValueError: a block's marks are missing.
    """
    for name, content in blocks().items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, found, rest = readme.partition(begin)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"README.md has no block {begin.strip()} … {end}")
        readme = f"{before}{begin}{content}{end}{after}"
    return readme


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text("utf-8")), "utf-8")
