"""Uploads the same wheels with slipway and with twine, each to a fresh rehearsal index."""
import common


def run(folder, wheels):
    """{name: (wall, cpu, peak of the client, cpu, peak of the server)}"""
    results = {}
    for name in ('slipway', 'twine'):
        env = common.clean_environment(folder)
        with common.rehearsal_index(folder / f'index-{name}', env) as (url, token, server):
            env.update(TWINE_USERNAME='__token__', TWINE_PASSWORD=token, PYPI_API_TOKEN=token)
            if name == 'slipway':
                argv = [common.slipway(), 'upload', *wheels, '--index', url]
            else:
                argv = [common.tool('twine'), 'upload', '--non-interactive', '--disable-progress-bar',
                        '--repository-url', url, *wheels]
            client = common.measure(argv, env, folder)
            results[name] = client + common.proc_usage(server.pid)
    return results
