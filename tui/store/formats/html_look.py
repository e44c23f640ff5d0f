"""How an HTML export looks: light and dark as the reader's system has it, and on paper.

One style for all pages, so that its hash can stand in their content security policy. It names no
font, picture or page of another place.
"""

from __future__ import annotations

from functools import lru_cache

LIGHT, DARK = "xcode", "github-dark"  # Pygments' styles, with contrast enough on our backgrounds

_PAGE = """
:root {
  color-scheme: light dark;
  --back: #ffffff; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --code: #f6f8fa;
  --own: #eef4fb; --accent: #0a5bb5; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171c; --text: #e6e9ee; --quiet: #9aa4b1; --line: #323a45; --code: #1c2128;
    --own: #1b2838; --accent: #7ab7ff; --bad: #ff8f86;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 50rem;
  background: var(--back); color: var(--text);
  font: 16px/1.6 system-ui, sans-serif; overflow-wrap: break-word;
}
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h3, h4, h5, h6 { line-height: 1.3; margin: 1.2em 0 .5em; font-size: 1.05rem; }
.chat + .chat { margin-top: 4rem; border-top: 3px solid var(--line); padding-top: 2rem; }
.about, .numbers, .place { color: var(--quiet); font-size: .85rem; }
.about { margin: 0 0 1.5rem; }
.message { border-top: 1px solid var(--line); padding: .9rem 0 .4rem; }
.message > h2 { font-size: .95rem; margin: 0 0 .35rem; color: var(--accent); }
.user, .system {
  background: var(--own); border: 0; border-radius: .6rem; padding: .7rem 1rem; margin: 1rem 0;
}
.user + .message { border-top: 0; }
.plain { white-space: pre-wrap; margin: 0; }
.ending { color: var(--bad); font-size: .9rem; }
.files { margin: 0 0 .5rem; padding: 0; list-style: none; color: var(--quiet); font-size: .9rem; }
details { margin: 0 0 .75rem; color: var(--quiet); font-size: .95rem; }
summary { cursor: pointer; }
a { color: var(--accent); }
pre, code { font: .88em/1.5 ui-monospace, Menlo, Consolas, monospace; }
code { background: var(--code); border-radius: .25rem; padding: .1em .3em; }
pre {
  background: var(--code); border: 1px solid var(--line); border-radius: .5rem;
  padding: .75rem 1rem; overflow-x: auto;
}
pre code { background: none; padding: 0; font-size: 1em; }
blockquote {
  margin: 1em 0; padding: 0 1em; border-left: .25rem solid var(--line); color: var(--quiet);
}
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1em 0; }
th, td { border: 1px solid var(--line); padding: .3rem .7rem; text-align: left; }
.center { text-align: center; }
.right { text-align: right; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.5em 0; }
@media print {
  :root {
    color-scheme: light;
    --back: #fff; --text: #000; --quiet: #444; --line: #bbb; --code: #fff; --own: #fff;
    --accent: #000; --bad: #000;
  }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  pre { white-space: pre-wrap; }
  h2, h3 { break-after: avoid; }
  .user, .system { border: 1px solid var(--line); }
  .chat + .chat { break-before: page; border: 0; margin: 0; padding: 0; }
}
"""


@lru_cache(maxsize=1)
def style() -> str:
    """The whole style sheet."""
    from pygments.formatters.html import HtmlFormatter

    light, dark = (HtmlFormatter(style=name).get_style_defs("pre") for name in (LIGHT, DARK))
    # The formatter's own backgrounds and line numbers are not ours.
    light, dark = _colours(light), _colours(dark)
    return (
        f"{_PAGE}@media not (prefers-color-scheme: dark) {{\n{light}\n}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    )


def _colours(rules: str) -> str:
    """The rules for kinds of tokens (`pre .k { ... }`), without those for whole blocks."""
    return "\n".join(line for line in rules.splitlines() if line.startswith("pre ."))
