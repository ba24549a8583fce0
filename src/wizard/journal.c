/* The journal: JSON lines that are on the disk before what they announce happens. */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/os/clock.h"
#include "slipway/os/fs.h"

#define JOURNAL_MAX (64UL * 1024 * 1024)
#define ENDED_TO_KEEP 3

struct journal {
	char *id, *dir;
	int fd, lock_fd;
	struct json **records;
	size_t count, cap;
};

static char *
base_dir(const char *common_dir)
{
	return fs_join(common_dir, "slipway");
}

/* -- the lock -- */

/* The process that holds the lock of the descriptor FD, as it wrote itself down; "" when that
 * cannot be read. */
static void
read_holder(int fd, char *pid, size_t size)
{
	ssize_t got = pread(fd, pid, size - 1, 0);

	pid[got > 0 ? got : 0] = '\0';
	pid[strspn(pid, "0123456789")] = '\0';
}

static enum err_code
take_lock(const char *base, int *out, struct err *e)
{
	char *path = fs_join(base, "lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	char pid[32] = "";
	enum err_code rc = ERR_OK;

	if (fd < 0) {
		rc = err_sys(e, ERR_IO, "cannot open %s", path);
	} else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK) {
			rc = err_sys(e, ERR_IO, "cannot lock %s", path);
		} else {
			read_holder(fd, pid, sizeof pid);
			rc = err_set(e, ERR_BUSY,
			    "another slipway (process %s) works on a release of this repository",
			    pid);
			err_hint(e, "finish it there, or end that process and run slipway resume");
		}
		fd_close(&fd);
	} else {
		int len = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());

		/* Only for the message above; the lock itself is the flock. */
		if (ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)len, 0) < 0)
			rc = err_sys(e, ERR_IO, "cannot write %s", path);
	}
	free(path);
	if (rc == ERR_OK)
		*out = fd;
	else
		fd_close(&fd);
	return rc;
}

/* -- reading -- */

static void
keep(struct journal *j, struct json *record)
{
	j->records = mem_grow(j->records, &j->cap, j->count + 1, sizeof j->records[0]);
	j->records[j->count++] = record;
}

static enum err_code
read_records(struct journal *j, const char *path, struct err *e)
{
	struct str text = STR_EMPTY;
	struct bytes rest, line;
	enum err_code rc = fs_read(path, JOURNAL_MAX, &text, e);

	if (rc != ERR_OK)
		goto out;
	rest = (struct bytes) { text.data, text.len };
	while (bytes_line(&rest, &line)) {
		struct json *record;
		char *at;
		bool torn = rest.len == 0 && text.data[text.len - 1] != '\n';

		if (torn)
			break;
		at = mem_printf("%s:%zu", path, j->count + 1);
		rc = json_parse(line, at, NULL, &record, e);
		free(at);
		if (rc != ERR_OK)
			goto out;
		keep(j, record);
	}
out:
	str_fini(&text);
	return rc;
}

static bool
is_release(const char *base, const char *id)
{
	char *dir = fs_join(base, id), *path = fs_join(dir, "journal");
	bool is = fs_is_file(path);

	free(dir);
	free(path);
	return is;
}

static bool
has_ended(const char *base, const char *id)
{
	char *dir = fs_join(base, id), *path = fs_join(dir, "journal");
	struct journal j = { .fd = -1, .lock_fd = -1 };
	bool ended = true;

	if (fs_is_file(path)) {
		ended = false;
		/* One that cannot be read is nobody's to resume, but it is not finished either. */
		if (read_records(&j, path, NULL) == ERR_OK)
			ended = journal_last(&j, "end", NULL, NULL) != NULL;
	}
	for (size_t i = 0; i < j.count; i++)
		json_free(j.records[i]);
	free(j.records);
	free(dir);
	free(path);
	return ended;
}

bool
journal_unfinished(const char *common_dir, char **id)
{
	char *base = base_dir(common_dir);
	struct strlist names = STRLIST_EMPTY;
	bool found = false;

	if (fs_list(base, &names, NULL) == ERR_OK)
		for (size_t i = names.count; i-- > 0 && !found;)
			if (strcmp(names.items[i], "lock") != 0 &&
			    !has_ended(base, names.items[i])) {
				found = true;
				if (id != NULL)
					*id = mem_strdup(names.items[i]);
			}
	strlist_fini(&names);
	free(base);
	return found;
}

/* -- opening and closing -- */

static void
journal_free(struct journal *j)
{
	for (size_t i = 0; i < j->count; i++)
		json_free(j->records[i]);
	free(j->records);
	fd_close(&j->fd);
	fd_close(&j->lock_fd);
	free(j->id);
	free(j->dir);
	free(j);
}

/* Finished releases are kept for their reports, but not without end. */
static void
prune(const char *base)
{
	struct strlist names = STRLIST_EMPTY;
	size_t ended = 0;

	if (fs_list(base, &names, NULL) == ERR_OK)
		for (size_t i = names.count; i-- > 0;)
			if (is_release(base, names.items[i]) && has_ended(base, names.items[i]) &&
			    ++ended > ENDED_TO_KEEP) {
				char *dir = fs_join(base, names.items[i]);

				fs_remove_tree(dir, NULL);
				free(dir);
			}
	strlist_fini(&names);
}

static enum err_code
open_file(struct journal *j, struct err *e)
{
	char *path = fs_join(j->dir, "journal");
	enum err_code rc = ERR_OK;
	int dir_fd;

	j->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->fd < 0)
		rc = err_sys(e, ERR_IO, "cannot open %s", path);
	else
		rc = read_records(j, path, e);
	/* The names must outlive a power loss as the lines do. */
	dir_fd = open(j->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd >= 0)
		fsync(dir_fd);
	fd_close(&dir_fd);
	free(path);
	return rc;
}

/* A torn last line is cut off, so that what is appended begins a line of its own. */
static enum err_code
cut_torn_line(struct journal *j, struct err *e)
{
	off_t size = lseek(j->fd, 0, SEEK_END);
	char c = '\n';

	while (size > 0) {
		if (pread(j->fd, &c, 1, size - 1) != 1)
			return err_sys(e, ERR_IO, "cannot read %s/journal", j->dir);
		if (c == '\n')
			break;
		size--;
	}
	if (size < 0 || ftruncate(j->fd, size) != 0 || lseek(j->fd, 0, SEEK_END) < 0)
		return err_sys(e, ERR_IO, "cannot open %s/journal", j->dir);
	return ERR_OK;
}

static char *
new_id(void)
{
	time_t now = (time_t)clock_now();
	struct tm tm;

	gmtime_r(&now, &tm);
	return mem_printf("%04d%02d%02dT%02d%02d%02d-%ld", tm.tm_year + 1900, tm.tm_mon + 1,
	    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (long)getpid());
}

enum err_code
journal_create(const char *common_dir, struct journal **out, struct err *e)
{
	struct journal *j = mem_zalloc(1, sizeof *j);
	char *base = base_dir(common_dir), *other = NULL;
	enum err_code rc;

	j->fd = j->lock_fd = -1;
	rc = fs_mkdirs(base, 0700, e);
	if (rc != ERR_OK)
		goto out;
	rc = take_lock(base, &j->lock_fd, e);
	if (rc != ERR_OK)
		goto out;
	if (journal_unfinished(common_dir, &other)) {
		rc = err_set(
		    e, ERR_EXISTS, "the release %s of this repository is unfinished", other);
		err_hint(e,
		    "slipway status shows it; slipway resume goes on, slipway abort gives it up");
		goto out;
	}
	prune(base);
	j->id = new_id();
	j->dir = fs_join(base, j->id);
	rc = fs_mkdirs(j->dir, 0700, e);
	if (rc == ERR_OK)
		rc = open_file(j, e);
out:
	if (rc == ERR_OK)
		*out = j;
	else
		journal_free(j);
	free(other);
	free(base);
	return rc;
}

/* The newest one; ERR_NOT_FOUND when there is none. */
static enum err_code
find_unfinished(struct journal *j, const char *common_dir, const char *base, struct err *e)
{
	if (!journal_unfinished(common_dir, &j->id)) {
		err_set(e, ERR_NOT_FOUND, "no unfinished release in this repository");
		err_hint(e, "slipway release begins one");
		return ERR_NOT_FOUND;
	}
	j->dir = fs_join(base, j->id);
	return ERR_OK;
}

enum err_code
journal_open(const char *common_dir, struct journal **out, struct err *e)
{
	struct journal *j = mem_zalloc(1, sizeof *j);
	char *base = base_dir(common_dir);
	enum err_code rc;

	j->fd = j->lock_fd = -1;
	rc = find_unfinished(j, common_dir, base, e);
	if (rc != ERR_OK)
		goto out;
	rc = take_lock(base, &j->lock_fd, e);
	if (rc != ERR_OK)
		goto out;
	rc = open_file(j, e);
	if (rc == ERR_OK)
		rc = cut_torn_line(j, e);
out:
	if (rc == ERR_OK)
		*out = j;
	else
		journal_free(j);
	free(base);
	return rc;
}

/* NULL when nobody holds the lock, or it cannot be asked for. */
static char *
lock_holder(const char *base)
{
	char *path = fs_join(base, "lock"), pid[32], *holder = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	/* Given back at once: whoever takes it meanwhile is told of us, and can try again. */
	if (fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		read_holder(fd, pid, sizeof pid);
		holder = mem_strdup(pid);
	}
	fd_close(&fd);
	free(path);
	return holder;
}

enum err_code
journal_look(const char *common_dir, struct journal **out, char **holder, struct err *e)
{
	struct journal *j = mem_zalloc(1, sizeof *j);
	char *base = base_dir(common_dir), *path = NULL;
	enum err_code rc;

	j->fd = j->lock_fd = -1;
	rc = find_unfinished(j, common_dir, base, e);
	if (rc == ERR_OK) {
		path = fs_join(j->dir, "journal");
		rc = read_records(j, path, e);
	}
	if (rc == ERR_OK) {
		*out = j;
		*holder = lock_holder(base);
	} else {
		journal_free(j);
	}
	free(path);
	free(base);
	return rc;
}

void
journal_close(struct journal *j)
{
	if (j != NULL)
		journal_free(j);
}

void
journal_discard(struct journal *j)
{
	if (j == NULL)
		return;
	fs_remove_tree(j->dir, NULL);
	journal_free(j);
}

const char *
journal_id(const struct journal *j)
{
	return j->id;
}

const char *
journal_dir(const struct journal *j)
{
	return j->dir;
}

/* -- writing -- */

enum err_code
journal_write(struct journal *j, const char *kind, struct json *record, struct err *e)
{
	struct str line = STR_EMPTY;
	char when[32];
	enum err_code rc;

	json_set_text(record, "kind", kind);
	json_set_text(record, "time", clock_iso(clock_now(), when, sizeof when));
	json_write(record, JSON_STYLE_LINE, &line);
	str_putc(&line, '\n');
	rc = fd_write_all(j->fd, line.data, line.len, e);
	if (rc == ERR_OK && fsync(j->fd) != 0)
		rc = err_sys(e, ERR_IO, "cannot sync");
	if (rc != ERR_OK) {
		err_wrap(e, "cannot write the journal %s/journal", j->dir);
		/* What is half there must not swallow the next line. */
		cut_torn_line(j, NULL);
		json_free(record);
	} else {
		keep(j, record);
	}
	str_fini(&line);
	return rc;
}

size_t
journal_count(const struct journal *j)
{
	return j->count;
}

const struct json *
journal_record(const struct journal *j, size_t at)
{
	return j->records[at];
}

static bool
text_is(const struct json *record, const char *key, const char *value)
{
	const char *text = json_text(record, key);

	return text != NULL && strcmp(text, value) == 0;
}

const struct json *
journal_last(const struct journal *j, const char *kind, const char *key, const char *value)
{
	for (size_t i = j->count; i-- > 0;)
		if (text_is(j->records[i], "kind", kind) &&
		    (key == NULL || text_is(j->records[i], key, value)))
			return j->records[i];
	return NULL;
}
