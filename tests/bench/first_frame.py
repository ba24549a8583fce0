#!/usr/bin/env python3
"""From the start to the first whole frame in a repository of 10,000 commits, against tig."""
import sys

import common

RUNS = 9


def main():
    commits = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    tig, ours = common.tool('tig'), common.slipway()
    with common.scratch() as folder:
        common.make_repository(folder / 'repository', commits)
        env = common.clean_environment(folder)
        times = {tig: [], ours: []}
        # Alternating, so that a busy moment of the machine meets both; the first round warms the caches.
        for i in range(RUNS + 1):
            for program, text in ((ours, 'preflight'), (tig, f'change number {commits - 1}')):
                took = common.time_to_text([program], env, folder / 'repository', text)
                if i > 0:
                    times[program].append(took)
        common.report('first frame', common.median(times[ours]), common.median(times[tig]), 's', 'tig')


if __name__ == '__main__':
    main()
