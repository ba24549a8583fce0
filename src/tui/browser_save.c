/* Written beside its place and moved there when it is whole. */
#include "browser_save.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"
#include "slipway/os/fs.h"

struct saving {
	int fd;
	const atomic_bool *cancelled;
	enum err_code rc;
	struct err err;
};

static bool
take(void *arg, const void *data, size_t len)
{
	struct saving *s = arg;

	if (atomic_load(s->cancelled))
		s->rc = err_set(&s->err, ERR_CANCELLED, "saving was cancelled");
	else
		s->rc = fd_write_all(s->fd, data, len, &s->err);
	return s->rc == ERR_OK;
}

/* A link fails where there is a file already, whoever made it in the meantime. */
static enum err_code
put_in_place(const char *part, const char *path, bool replace, struct err *e)
{
	if (replace ? rename(part, path) != 0 : link(part, path) != 0) {
		if (errno == EEXIST)
			return err_set(e, ERR_CONFLICT, "%s is there already", path);
		return err_sys(e, ERR_IO, "cannot write %s", path);
	}
	return ERR_OK;
}

enum err_code
browser_save(struct archive *a, size_t member, const char *path, bool replace,
    const atomic_bool *cancelled, struct err *e)
{
	char *part = mem_printf("%s.XXXXXX", path);
	struct saving s = { .cancelled = cancelled, .err = ERR_EMPTY };
	enum err_code rc;

	if (!replace && fs_exists(path)) {
		rc = err_set(e, ERR_CONFLICT, "%s is there already", path);
		free(part);
		return rc;
	}
	s.fd = mkstemp(part);
	if (s.fd < 0) {
		rc = err_sys(e, ERR_IO, "cannot write %s", path);
		free(part);
		return rc;
	}
	rc = archive_read(a, member, UINT64_MAX, take, &s, e);
	if (rc == ERR_OK && s.rc != ERR_OK) {
		rc = s.rc;
		if (e != NULL)
			*e = s.err;
	}
	fd_close(&s.fd);
	if (rc == ERR_OK)
		rc = put_in_place(part, path, replace, e);
	/* Renamed it is gone already. */
	unlink(part);
	free(part);
	return rc;
}
