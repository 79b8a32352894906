"""Programs for whom the permissions of files count, also where the tests run as root."""

from __future__ import annotations

import os
import shutil

from tests.control_plane.left_out import leave_out

# What lets root read any file and enter any folder (capabilities(7)).
_RIGHTS = "-dac_override,-dac_read_search"


def unprivileged() -> list[str]:
    """The words to put before a command. Skips the test where root cannot be made to respect permissions."""
    if os.geteuid():
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        leave_out("root may read every file, and without setpriv (util-linux) nobody can take that from it", os.environ)
    return [setpriv, f"--bounding-set={_RIGHTS}"]
