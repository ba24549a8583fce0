/* Reading a file through a window. */
#include "input.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"

/* Small reads fetch this much, so that headers lying close together cost one system call. */
#define READ_AHEAD ((size_t)16 * 1024)

enum err_code
input_open(struct input *in, const char *path, struct err *e)
{
	struct stat st;

	*in = (struct input)INPUT_EMPTY;
	if (stat(path, &st) != 0)
		return err_sys(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_INVALID, "%s is not a regular file", path);
	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (in->fd < 0)
		return err_sys(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s", path);
	if (fstat(in->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		input_fini(in);
		return err_set(e, ERR_INVALID, "%s is not a regular file", path);
	}
	in->size = (uint64_t)st.st_size;
	in->mtime = st.st_mtim;
	in->window = mem_alloc(INPUT_WINDOW);
	return ERR_OK;
}

void
input_open_memory(struct input *in, const void *data, size_t len)
{
	*in = (struct input)INPUT_EMPTY;
	in->memory = data;
	in->size = len;
}

bool
input_is_open(const struct input *in)
{
	return in->fd >= 0 || in->memory != NULL;
}

void
input_fini(struct input *in)
{
	fd_close(&in->fd);
	free(in->window);
	*in = (struct input)INPUT_EMPTY;
}

void
input_again(struct input *copy)
{
	if (copy->memory != NULL)
		return;
	copy->window = mem_alloc(INPUT_WINDOW);
	copy->at = 0;
	copy->len = 0;
}

static size_t
read_at(struct input *in, uint64_t pos, size_t want)
{
	size_t got = 0;

	while (got < want) {
		ssize_t n = pread(in->fd, in->window + got, want - got, (off_t)(pos + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && in->failed == 0)
			in->failed = errno;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

const unsigned char *
input_at(struct input *in, uint64_t pos, size_t len)
{
	size_t want = len < READ_AHEAD ? READ_AHEAD : len;

	assert(len <= INPUT_WINDOW);
	if (pos > in->size || len > in->size - pos)
		return NULL;
	if (in->memory != NULL)
		return in->memory + pos;
	if (pos >= in->at && pos - in->at <= in->len && len <= in->len - (size_t)(pos - in->at))
		return in->window + (pos - in->at);
	if (want > in->size - pos)
		want = (size_t)(in->size - pos);
	in->at = pos;
	in->len = read_at(in, pos, want);
	return in->len >= len ? in->window : NULL;
}

const unsigned char *
input_some(struct input *in, uint64_t pos, size_t max, size_t *len)
{
	const unsigned char *p;

	/* What is in the window already serves, however little it is. */
	if (in->memory == NULL && pos >= in->at && pos - in->at < in->len) {
		size_t have = in->len - (size_t)(pos - in->at);

		*len = have < max ? have : max;
		return in->window + (pos - in->at);
	}
	if (max > INPUT_WINDOW)
		max = INPUT_WINDOW;
	if (pos >= in->size)
		max = 0;
	else if (max > in->size - pos)
		max = (size_t)(in->size - pos);
	p = max > 0 ? input_at(in, pos, max) : NULL;
	*len = p != NULL ? max : 0;
	return p;
}

enum err_code
input_verify_unchanged(const struct input *in, const char *path, struct err *e)
{
	struct stat st;

	if (in->failed != 0) {
		errno = in->failed;
		return err_sys(e, ERR_IO, "cannot read %s", path);
	}
	if (in->memory != NULL)
		return ERR_OK;
	if (fstat(in->fd, &st) != 0)
		return err_sys(e, ERR_IO, "cannot look at %s", path);
	if ((uint64_t)st.st_size != in->size || st.st_mtim.tv_sec != in->mtime.tv_sec ||
	    st.st_mtim.tv_nsec != in->mtime.tv_nsec)
		return err_set(e, ERR_CONFLICT, "%s changed while it was read", path);
	return ERR_OK;
}
