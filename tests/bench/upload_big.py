#!/usr/bin/env python3
"""One wheel of 500 MB: time, CPU time and peak memory, against twine; and what the rehearsal index needed."""
import sys

import common
import upload


def main():
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with common.scratch() as folder:
        results = upload.run(folder, [common.make_wheel(folder, 'big', '1.0', megabytes * 1000000)])
    ours, theirs = results['slipway'], results['twine']
    common.report(f'upload of {megabytes} MB, time', ours[0], theirs[0], 's', 'twine')
    common.report(f'upload of {megabytes} MB, CPU', ours[1], theirs[1], 's', 'twine')
    common.report(f'upload of {megabytes} MB, peak memory', ours[2], theirs[2], 'MB', 'twine')
    print(f'the rehearsal index: CPU {ours[3]:.3f} s, peak memory {ours[4]:.1f} MB')


if __name__ == '__main__':
    main()
