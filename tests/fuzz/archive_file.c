/* What the zip and the tar target share. */
#include "archive_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slipway/dist/archive.h"
#include "slipway/dist/check.h"
#include "slipway/dist/tree.h"

static char folder[4096], path[4200];

static void
remove_all(void)
{
	unlink(path);
	rmdir(folder);
}

const char *
archive_file(const char *name, const uint8_t *data, size_t size)
{
	const char *base = getenv("TMPDIR");
	int fd;

	if (folder[0] == '\0') {
		snprintf(
		    folder, sizeof folder, "%s/slipway-fuzz-XXXXXX", base != NULL ? base : "/tmp");
		if (mkdtemp(folder) == NULL)
			abort();
		snprintf(path, sizeof path, "%s/%s", folder, name);
		atexit(remove_all);
	}
	/* Cut afterwards: some file systems flush a file that was cut to nothing first. */
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size || ftruncate(fd, (off_t)size) != 0 ||
	    close(fd) != 0)
		abort();
	return path;
}

struct total {
	uint64_t bytes;
	size_t begun, ended;
};

static bool
begin(void *arg, const struct member *m)
{
	struct total *t = arg;

	(void)m;
	t->begun++;
	return true;
}

static void
take(void *arg, const void *data, size_t len)
{
	struct total *t = arg;

	/* Touches the first and the last byte, for the sanitizers. */
	if (len > 0 && ((const char *)data)[0] == ((const char *)data)[len - 1])
		t->bytes++;
	t->bytes += len;
}

static void
end(void *arg, const struct member *m, enum err_code rc, const struct err *why)
{
	struct total *t = arg;

	if (rc != ERR_OK && why->message[0] == '\0')
		abort();
	(void)m;
	t->ended++;
}

static void
look(struct archive *a)
{
	struct dist_tree tree = DIST_TREE_EMPTY;
	size_t seen = 0;

	dist_tree_build(a, archive_findings(a), &tree);
	for (size_t n = tree.first; n != DIST_TREE_NONE; n = dist_tree_next(&tree, n, false))
		seen += tree.nodes[n].member != FINDING_NO_MEMBER;
	if (seen != archive_count(a))
		abort();
	dist_tree_fini(&tree);
	for (size_t i = 0; i < archive_count(a) && i < 4; i++) {
		struct str text = STR_EMPTY;

		struct archive *inside = NULL;

		/* Damage is no accident here. */
		archive_read_all(a, i, 4096, &text, NULL);
		if (archive_open_inside(a, i, &inside, NULL) == ERR_OK) {
			if (archive_count(inside) > 0)
				archive_read_all(inside, 0, 4096, &text, NULL);
			archive_close(inside);
		}
		str_fini(&text);
	}
}

void
archive_exercise(const char *file)
{
	static const struct archive_limits limits = {
		.entries = 500,
		.name_bytes = 4096,
		.member_bytes = 1 << 20,
		.total_bytes = 4 << 20,
		.ratio = 200,
		.wall_ms = 10000,
	};
	struct total t = { .bytes = 0 };
	struct archive_visitor v = { begin, take, end, &t };
	struct archive_opts opts = { .limits = &limits };
	struct dist_check_opts check = { .limits = &limits };
	struct findings f = FINDINGS_EMPTY;
	struct archive *a = NULL;
	struct err e = ERR_EMPTY;

	if (archive_open(file, &opts, &a, &e) != ERR_OK) {
		if (e.message[0] == '\0')
			abort();
		return;
	}
	if (archive_each(a, &v, &e) == ERR_OK && t.begun != t.ended)
		abort();
	look(a);
	archive_close(a);
	if (dist_check(file, &check, &f, &e) != ERR_OK)
		abort();
	for (size_t i = 0; i < f.count; i++)
		if (strpbrk(f.items[i].message, "\x1b\n\r") != NULL)
			abort();
	findings_fini(&f);
}
