#!/usr/bin/env python3
"""check of wheels from 1,000 to 190,000 entries: time and memory should grow as they do."""
import check_wheels
import common


def main():
    before = None
    with common.scratch() as folder:
        env = common.clean_environment(folder)
        for entries in (1000, 10000, 50000, 190000):
            wheel = check_wheels.make(folder, entries, entries * 500)
            runs = [common.measure([common.slipway(), 'check', wheel], env) for _ in range(3)]
            cpu, memory = common.median(r[1] for r in runs), max(r[2] for r in runs)
            print(f'check, {entries:6} entries: {cpu:.3f} s of processor time, {memory:.1f} MB, '
                  f'{cpu / entries * 1e6:.1f} us an entry')
            if before:
                print(f'    {entries / before[0]:.1f} times the entries, {cpu / before[1]:.1f} times the time')
            before = entries, cpu


if __name__ == '__main__':
    main()
