#!/usr/bin/env python3
"""Peak memory of slipway itself, without the tools that it starts, during a whole demo."""
import os
import subprocess
import sys
import time
from pathlib import Path

import common


def main():
    with common.scratch() as folder:
        env = common.clean_environment(folder, TMPDIR=str(folder))
        log = (folder / 'log').open('w')
        child = subprocess.Popen([common.slipway(), 'demo', str(folder / 'demo'), '--yes'], env=env, cwd=folder,
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        peak = 0
        start = time.monotonic()
        # The kernel keeps the peak, so looking often is only for the time after which it is gone.
        while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            try:
                peak = max(peak, common.proc_usage(child.pid)[1])
            except (OSError, AttributeError):
                pass
            time.sleep(0.02)
        took = time.monotonic() - start
        if child.wait() != 0:
            sys.exit(f'the demo ended with {child.returncode}:\n{Path(log.name).read_text()[-3000:]}')
        baseline = common.measure(['/usr/bin/python3', '-c', 'import build, twine'], env)[2]
        common.report(f'whole demo ({took:.1f} s), peak memory', peak, baseline, 'MB',
                      'a Python that imports build and twine')


if __name__ == '__main__':
    main()
