#!/usr/bin/env python3
"""inspect of a wheel of 20,000 entries and 35 MB: from the start to the screen that lists it, against unzip -l."""
import sys

import check_wheels
import common

RUNS = 9
MORE = 0.010  # what a screen may take beside


def main():
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    with common.scratch() as folder:
        env = common.clean_environment(folder)
        wheel = check_wheels.make(folder, entries, entries * 1750)
        screens, lists = [], []
        for i in range(RUNS + 1):
            screen = common.time_to_text([common.slipway(), 'inspect', wheel], env, folder, f'{entries + 3} files')
            listing = common.measure([common.tool('unzip'), '-l', wheel], env)[0]
            if i > 0:
                screens.append(screen)
                lists.append(listing)
        common.report(f'inspect, {entries} entries, first screen', common.median(screens),
                      common.median(lists) + MORE, 's', 'unzip -l and 10 ms')


if __name__ == '__main__':
    main()
