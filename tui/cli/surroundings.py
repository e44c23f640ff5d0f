"""Where chinwag runs: environment, folders and the config, read and never written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from tui.cli.output import complain
from tui.core.paths import Paths, paths_for
from tui.core.settings import Problem, Settings, parse_settings, with_environment

_MISSET = "OPENAI_BASE_URL: expected an address such as http://localhost:11434/v1"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command finds when it starts.

    Attributes:
        found: what in the config could not be used; line 0 where it is the file itself.
        has_config: there is a config file.
        misset: which variables could not be used, a sentence each.
    """

    environ: Mapping[str, str]
    paths: Paths
    settings: Settings
    found: tuple[Problem, ...]
    has_config: bool
    misset: tuple[str, ...] = ()

    @property
    def configured(self) -> bool:
        """There is a config file, or a variable that says where models are."""
        names = ("OPENAI_API_KEY", "OPENAI_BASE_URL")
        return self.has_config or any(self.environ.get(name) for name in names)

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be used, a sentence each; in the config with file and line."""
        in_config = (
            f"{self.paths.config}:{problem.line}: {problem.text}"
            if problem.line
            else f"{self.paths.config}: {problem.text}"
            for problem in self.found
        )
        return (*in_config, *self.misset)


def checked_surroundings() -> Surroundings:
    """`surroundings`; what of them could not be used is said on standard error.

    For commands that go by the config: what they do otherwise than it says must not be a riddle.
    """
    place = surroundings()
    for problem in place.problems:
        complain(problem)
    return place


def surroundings(environ: Mapping[str, str] = os.environ) -> Surroundings:
    """Read environment and config. A config that can't be used leaves the defaults."""
    paths = paths_for(environ)
    settings, problems = Settings(), list[Problem]()
    has_config = True
    try:
        source = paths.config.read_text("utf-8")
    except FileNotFoundError:
        has_config = False
    except OSError as error:
        problems.append(Problem(0, f"could not be read: {error.strerror}"))
    except UnicodeDecodeError:
        problems.append(Problem(0, "is not UTF-8: save it as that"))
    else:
        settings, problems = parse_settings(source)
    used = with_environment(settings, environ)
    misset = () if used.endpoints[0].base_url or not settings.endpoints[0].base_url else (_MISSET,)
    return Surroundings(environ, paths, used, tuple(problems), has_config, misset)
