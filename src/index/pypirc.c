/* .env and .pypirc: which entry is for an index. The formats themselves are base's. */
#include "pypirc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "slipway/base/dotenv.h"
#include "slipway/base/ini.h"
#include "slipway/base/mem.h"
#include "slipway/index/known.h"
#include "slipway/os/fs.h"
#include "slipway/os/secret.h"

enum err_code
secret_file_read(const char *path, struct secret_file *out, struct err *e)
{
	struct stat st;
	enum err_code rc = ERR_OK;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	*out = (struct secret_file) { .data = NULL };
	if (fd < 0)
		return err_sys(e, errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO,
		    "cannot open %s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		rc = err_set(e, ERR_INVALID, "%s is not a regular file", path);
		goto out;
	}
	out->data = mem_alloc(SECRET_FILE_MAX);
	while ((got = read(fd, out->data + out->len, SECRET_FILE_MAX - out->len)) > 0)
		out->len += (size_t)got;
	if (got < 0)
		rc = err_sys(e, ERR_IO, "cannot read %s", path);
	else if (out->len == SECRET_FILE_MAX)
		rc = err_set(e, ERR_LIMIT, "%s is too large to hold tokens", path);
	if (rc != ERR_OK)
		secret_file_free(out);
out:
	fd_close(&fd);
	return rc;
}

void
secret_file_free(struct secret_file *f)
{
	if (f->data != NULL)
		secret_wipe(f->data, f->len);
	free(f->data);
	*f = (struct secret_file) { .data = NULL };
}

static struct bytes
all_of(const struct secret_file *f)
{
	struct bytes b = { .data = f->data != NULL ? f->data : "", .len = f->len };

	if (b.len >= 3 && memcmp(b.data, "\xef\xbb\xbf", 3) == 0) {
		b.data += 3;
		b.len -= 3;
	}
	return b;
}

struct bytes
dotenv_value(const struct secret_file *f, const char *name)
{
	struct dotenv_entry entry;

	if (dotenv_get(all_of(f), name, &entry))
		return entry.value;
	return (struct bytes) { .data = "", .len = 0 };
}

/* Whether [distutils] index-servers names SECTION; true when there is no such list. */
static bool
is_listed(const struct ini *ini, struct bytes section)
{
	const struct ini_entry *list = ini_get(ini, "distutils", "index-servers");
	struct bytes rest, line;

	if (list == NULL)
		return true;
	rest = list->value;
	while (ini_value_line(&rest, &line)) {
		while (line.len > 0) {
			size_t len = 0;

			while (len < line.len && strchr(" \t,", line.data[len]) == NULL)
				len++;
			if (bytes_equal((struct bytes) { .data = line.data, .len = len }, section))
				return true;
			line.data += len < line.len ? len + 1 : len;
			line.len -= len < line.len ? len + 1 : len;
		}
	}
	return false;
}

static bool
same_url(struct bytes a, const char *url)
{
	size_t len = strlen(url);

	a.len -= a.len > 0 && a.data[a.len - 1] == '/';
	len -= len > 0 && url[len - 1] == '/';
	return a.len == len && memcmp(a.data, url, len) == 0;
}

static struct bytes
value_of(const struct ini *ini, const char *section, const char *key)
{
	const struct ini_entry *entry = ini_get(ini, section, key);

	return entry != NULL ? entry->value : (struct bytes) { .data = "", .len = 0 };
}

/* A section is for the index when its URL is; without a URL when its name is that of a known index.
 */
static bool
is_for(const struct ini *ini, const char *section, const struct index_info *index)
{
	struct index_info known = INDEX_INFO_EMPTY;
	struct bytes url = value_of(ini, section, "repository");
	bool same;

	if (url.len > 0)
		return same_url(url, index->upload_url);
	same = index_known_by_url(index->upload_url, &known) && strcmp(section, known.name) == 0;
	index_info_fini(&known);
	return same;
}

enum err_code
pypirc_find(const struct secret_file *f, const char *path, const struct index_info *index,
    struct pypirc_entry *out, struct err *e)
{
	struct ini ini = INI_EMPTY;
	enum err_code rc = ini_parse(all_of(f), path, &ini, e);

	*out = (struct pypirc_entry) { .section = { .len = 0 } };
	if (rc != ERR_OK) {
		if (e != NULL)
			e->code = ERR_CONFIG;
		err_hint(
		    e, "correct that line; its text is not shown here because it may be a secret");
		return ERR_CONFIG;
	}
	for (size_t i = 0; i < ini.section_count && out->section.len == 0; i++) {
		char *section = mem_strndup(ini.sections[i].data, ini.sections[i].len);

		if (value_of(&ini, section, "password").len > 0 && is_for(&ini, section, index) &&
		    is_listed(&ini, ini.sections[i]))
			*out = (struct pypirc_entry) {
				.section = ini.sections[i],
				.user = value_of(&ini, section, "username"),
				.password = value_of(&ini, section, "password"),
			};
		free(section);
	}
	ini_fini(&ini);
	return ERR_OK;
}
