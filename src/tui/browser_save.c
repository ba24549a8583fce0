/* Written beside its place and moved there when it is whole. */
#include "browser_save.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"

struct browser_save {
	char *path, *part;
	int fd;
	bool replace;
	struct err err;
};

enum err_code
browser_save_begin(const char *path, bool replace, struct browser_save **out, struct err *e)
{
	struct browser_save *s;
	enum err_code rc;

	if (!replace && fs_exists(path))
		return err_set(e, ERR_CONFLICT, "%s is there already", path);
	s = mem_zalloc(1, sizeof *s);
	s->path = mem_strdup(path);
	s->part = mem_printf("%s.XXXXXX", path);
	s->replace = replace;
	s->fd = mkstemp(s->part);
	if (s->fd >= 0) {
		*out = s;
		return ERR_OK;
	}
	rc = err_sys(e, ERR_IO, "cannot write %s", path);
	free(s->part);
	free(s->path);
	free(s);
	return rc;
}

void
browser_save_take(struct browser_save *s, const void *data, size_t len)
{
	if (s->err.code == ERR_OK)
		fd_write_all(s->fd, data, len, &s->err);
}

/* A link fails where there is a file already, whoever made it in the meantime. */
static enum err_code
put_in_place(const struct browser_save *s, struct err *e)
{
	if (s->replace ? rename(s->part, s->path) == 0 : link(s->part, s->path) == 0)
		return ERR_OK;
	if (errno == EEXIST)
		return err_set(e, ERR_CONFLICT, "%s is there already", s->path);
	return err_sys(e, ERR_IO, "cannot write %s", s->path);
}

enum err_code
browser_save_end(struct browser_save *s, const struct err *why, struct err *e)
{
	enum err_code rc;

	fd_close(&s->fd);
	if (why == NULL)
		why = &s->err;
	rc = why->code;
	if (rc == ERR_OK)
		rc = put_in_place(s, e);
	else if (e != NULL)
		*e = *why;
	/* Renamed it is gone already. */
	unlink(s->part);
	free(s->part);
	free(s->path);
	free(s);
	return rc;
}

const char *
browser_save_path(const struct browser_save *s)
{
	return s->path;
}
