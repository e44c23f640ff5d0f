"""Where chinwag runs: environment, folders and the config, read and never written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from tui.core.paths import Paths, paths_for
from tui.core.settings import Problem, Settings, parse_settings, with_environment


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command finds when it starts.

    Attributes:
        found: what in the config could not be used; line 0 where it is the file itself.
        has_config: there is a config file.
    """

    environ: Mapping[str, str]
    paths: Paths
    settings: Settings
    found: tuple[Problem, ...]
    has_config: bool

    @property
    def configured(self) -> bool:
        """There is a config file, or a variable that says where models are."""
        names = ("OPENAI_API_KEY", "OPENAI_BASE_URL")
        return self.has_config or any(self.environ.get(name) for name in names)

    @property
    def problems(self) -> tuple[str, ...]:
        """What in the config could not be used, a sentence each, with file and line."""
        return tuple(
            f"{self.paths.config}:{problem.line}: {problem.text}"
            if problem.line
            else f"{self.paths.config}: {problem.text}"
            for problem in self.found
        )


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
    return Surroundings(
        environ, paths, with_environment(settings, environ), tuple(problems), has_config
    )
