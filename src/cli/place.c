/* Finds the root by its .git alone: opening the repository would cost more than an upload. */
#include "place.h"

#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/wizard/find_index.h"

enum err_code
place_find(const struct options *o, struct place *out, struct err *e)
{
	char *here = fs_real("."), *dir = mem_strdup(here);
	bool found = false;

	if (here == NULL)
		return err_set(e, ERR_IO, "the current directory is not there");
	for (;;) {
		char *git = fs_join(dir, ".git"), *up;

		found = fs_exists(git);
		free(git);
		if (found || strcmp(dir, "/") == 0)
			break;
		up = fs_dir(dir);
		free(dir);
		dir = up;
	}
	out->root = found ? mem_strdup(dir) : mem_strdup(here);
	free(dir);
	free(here);
	return config_load(out->root, o->config, &out->config, e);
}

void
place_fini(struct place *p)
{
	config_fini(&p->config);
	free(p->root);
	*p = (struct place)PLACE_EMPTY;
}

enum err_code
place_index(const struct place *p, const struct options *o, struct index_info *out, struct err *e)
{
	if (o->index != NULL)
		return find_index_or_url(&p->config, o->index, o->simple, out, e);
	err_set(e, ERR_USAGE, "slipway %s needs --index NAME or URL", o->command->name);
	return err_hint(e, "names are pypi, testpypi, and tables [index.NAME] of slipway.toml");
}
