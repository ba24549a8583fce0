#!/usr/bin/env python3
"""Twenty small wheels: how long slipway takes, against twine."""
import common
import upload

RUNS = 3


def main():
    ours, theirs = [], []
    for _ in range(RUNS):
        with common.scratch() as folder:
            wheels = [common.make_wheel(folder, f'bench{i}', '1.0', 20000) for i in range(20)]
            results = upload.run(folder, wheels)
            ours.append(results['slipway'][0])
            theirs.append(results['twine'][0])
    common.report('upload of 20 wheels', common.median(ours), common.median(theirs), 's', 'twine')


if __name__ == '__main__':
    main()
