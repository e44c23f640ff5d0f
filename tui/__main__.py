"""`python -m tui` is the same program as `chinwag`."""

import sys

from tui.cli.main import main

sys.exit(main())
