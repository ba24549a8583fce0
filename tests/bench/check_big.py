#!/usr/bin/env python3
"""check of a wheel of 20,000 entries and 35 MB with every rule and all hashes, and the listing of inspect."""
import sys

import check_wheels
import common


def main():
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    with common.scratch() as folder:
        env = common.clean_environment(folder)
        wheel = check_wheels.make(folder, entries, entries * 1750)
        runs = {'check': [], 'unzip -tq': []}
        # Turn by turn, so that what the machine does besides hits all of them.
        for _ in range(9):
            runs['check'].append(common.measure([common.slipway(), 'check', wheel], env))
            runs['unzip -tq'].append(common.measure([common.tool('unzip'), '-tq', wheel], env))
        ours, theirs = (common.median(r[0] for r in runs[name]) for name in ('check', 'unzip -tq'))
        common.report(f'check, {entries} entries, wall', ours, theirs, 's', 'unzip -tq')
        ours, theirs = (common.median(r[1] for r in runs[name]) for name in ('check', 'unzip -tq'))
        common.report('check, processor time', ours, theirs, 's', 'unzip -tq')
        common.report('check, peak memory of its largest process', max(r[2] for r in runs['check']), 64, 'MB', 'allowed')


if __name__ == '__main__':
    main()
