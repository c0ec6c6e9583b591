"""`python3 -m launcher COMMAND`. Python 3.6 understands this file too, so that an old one is told what is missing."""

import sys

if sys.version_info < (3, 9):  # noqa: UP036 - this check is what the file is for
    sys.exit(
        f"relevo: `python3` is Python {sys.version.split()[0]} here; starting Relevo needs 3.9 or newer.\n"
        "With another one: make run PYTHON=/path/to/python3"
    )
if sys.platform == "win32":
    sys.exit("relevo: on Windows, run it inside WSL; its parts need a POSIX system.")

from launcher.commands import main

sys.exit(main(sys.argv[1:]))
