/* Temporary directories: apart from fs.c because only they ask the environment. */
#include <stdlib.h>

#include "slipway/base/mem.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"

enum err_code
fs_temp_dir(const char *prefix, char **out, struct err *e)
{
	const char *base = env_get("TMPDIR");
	char *path;

	if (base == NULL || base[0] != '/')
		base = "/tmp";
	path = mem_printf("%s/%s-XXXXXX", base, prefix);
	if (mkdtemp(path) == NULL) {
		enum err_code rc = err_sys(
		    e, ERR_IO, "cannot make a temporary directory in %s", base);

		free(path);
		return rc;
	}
	*out = path;
	return ERR_OK;
}
