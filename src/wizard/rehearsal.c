/* The rehearsal index of a release. */
#include "rehearsal.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "slipway/project/config.h"

#define TITLE "rehearsal index on this machine"

bool
rehearsal_is_meant(const struct wizard *w, const char *name)
{
	return name != NULL && strcmp(name, REHEARSAL_NAME) == 0 &&
	       config_find_index(w->rel.config, name) == NULL;
}

enum err_code
rehearsal_start(struct wizard *w, struct index_info *out, struct err *e)
{
	struct index_server_opts opts = { .title = TITLE };
	enum err_code rc = ERR_OK;
	char *dir;

	if (w->rehearsal == NULL && !w->dry_run && w->rel.state_dir != NULL) {
		dir = fs_join(w->rel.state_dir, "rehearsal");
		opts.dir = dir;
		rc = index_server_start(&opts, &w->rehearsal, e);
		free(dir);
		if (rc != ERR_OK)
			return err_wrap(e, "cannot start the " TITLE);
	}
	if (w->rehearsal != NULL)
		index_server_info(w->rehearsal, REHEARSAL_NAME, out);
	else
		out->name = mem_strdup(REHEARSAL_NAME);
	mem_set(&out->title, TITLE);
	return ERR_OK;
}

const struct secret *
rehearsal_token(const struct wizard *w, const struct index_info *info)
{
	if (w->rehearsal == NULL || info->upload_url == NULL ||
	    strcmp(info->upload_url, index_server_upload_url(w->rehearsal)) != 0)
		return NULL;
	return index_server_token(w->rehearsal);
}
