/* The files of the rehearsal index. A file counts once the document beside it is there, written
 * last; whatever a crash leaves before that is not listed. Knows no HTTP. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slipway/base/json.h"
#include "slipway/base/log.h"
#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "slipway/index/index.h"
#include "slipway/os/clock.h"
#include "slipway/os/fs.h"

#define DOCUMENT_MAX (32U << 20)

struct store {
	char *files_dir, *incoming_dir;
	int lock_fd;
	struct store_project **projects; /* sorted by name */
	size_t count, cap;
	uint64_t serial;
};

static void
file_free(struct store_file *f)
{
	if (f == NULL)
		return;
	free(f->name);
	free(f->version);
	free(f->uploaded);
	free(f->requires_python);
	free(f->yanked_reason);
	free(f);
}

/* Where NAME is, or would be. */
static size_t
project_place(const struct store *s, const char *name)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(s->projects[mid]->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct store_project *
store_project(const struct store *s, const char *name)
{
	size_t at = project_place(s, name);

	return at < s->count && strcmp(s->projects[at]->name, name) == 0 ? s->projects[at] : NULL;
}

size_t
store_count(const struct store *s)
{
	return s->count;
}

const struct store_project *
store_at(const struct store *s, size_t i)
{
	return s->projects[i];
}

uint64_t
store_serial(const struct store *s)
{
	return s->serial;
}

const struct store_file *
store_find(const struct store_project *p, const char *file_name)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->files[i]->name, file_name) == 0)
			return p->files[i];
	}
	return NULL;
}

char *
store_path(const struct store *s, const struct store_project *p, const struct store_file *f)
{
	return mem_printf("%s/%s/%s", s->files_dir, p->name, f->name);
}

static void
file_insert(struct store *s, const char *normal, const char *display, struct store_file *f)
{
	size_t at = project_place(s, normal);
	struct store_project *p;

	if (at == s->count || strcmp(s->projects[at]->name, normal) != 0) {
		p = mem_zalloc(1, sizeof *p);
		p->name = mem_strdup(normal);
		p->display = mem_strdup(display);
		s->projects = mem_grow(s->projects, &s->cap, s->count + 1, sizeof *s->projects);
		memmove(
		    s->projects + at + 1, s->projects + at, (s->count - at) * sizeof *s->projects);
		s->projects[at] = p;
		s->count++;
	}
	p = s->projects[at];
	p->files = mem_grow(p->files, &p->cap, p->count + 1, sizeof *p->files);
	p->files[p->count++] = f;
	s->serial++;
}

static bool
take_digest(const struct json *digests, const char *name, char *out, size_t size)
{
	const char *hex = json_text(digests, name);

	if (hex == NULL || strlen(hex) + 1 != size || strspn(hex, "0123456789abcdef") + 1 != size)
		return false;
	memcpy(out, hex, size);
	return true;
}

/* From the document beside a file; NULL when it does not hold what one of ours holds. */
static struct store_file *
file_from_json(const struct json *doc, const char *file_name, uint64_t size)
{
	const struct json *digests = json_get_object(doc, "digests");
	const struct json *yanked = json_get(doc, "yanked");
	const char *name = json_text(doc, "filename");
	struct store_file *f;

	if (name == NULL || strcmp(name, file_name) != 0 || json_text(doc, "version") == NULL ||
	    json_text(doc, "uploaded") == NULL || json_int(doc, "size", -1) != (int64_t)size)
		return NULL;
	f = mem_zalloc(1, sizeof *f);
	if (!take_digest(digests, "sha256", f->sha256, sizeof f->sha256) ||
	    !take_digest(digests, "blake2b_256", f->blake2b, sizeof f->blake2b)) {
		free(f);
		return NULL;
	}
	take_digest(digests, "md5", f->md5, sizeof f->md5);
	f->name = mem_strdup(name);
	f->version = mem_strdup(json_text(doc, "version"));
	f->uploaded = mem_strdup(json_text(doc, "uploaded"));
	f->requires_python = mem_strdup(
	    json_text(json_get_object(doc, "fields"), "requires_python"));
	f->yanked_reason = mem_strdup(json_as_text(yanked));
	f->is_yanked = json_as_text(yanked) != NULL || json_bool(doc, "yanked", false);
	f->is_sdist = json_bool(doc, "sdist", false);
	f->size = size;
	return f;
}

static struct json *
read_document(const char *path)
{
	struct str text = STR_EMPTY;
	struct json *doc = NULL;
	struct err e = ERR_EMPTY;

	if (fs_read(path, DOCUMENT_MAX, &text, &e) != ERR_OK ||
	    json_parse((struct bytes) { .data = str_text(&text), .len = text.len }, path, NULL,
		&doc, &e) != ERR_OK)
		log_debug("rehearsal index: %s", e.message);
	str_fini(&text);
	return doc;
}

static int
by_upload(const void *a, const void *b)
{
	const struct store_file *const *x = a, *const *y = b;
	int d = strcmp((*x)->uploaded, (*y)->uploaded);

	return d != 0 ? d : strcmp((*x)->name, (*y)->name);
}

static enum err_code
load_project(struct store *s, const char *name, struct err *e)
{
	char *dir = fs_join(s->files_dir, name), *normal = index_normal_name(name);
	struct strlist names = STRLIST_EMPTY;
	enum err_code rc = ERR_OK;
	size_t at;

	if (strcmp(normal, name) != 0 || !fs_is_dir(dir))
		goto out;
	rc = fs_list(dir, &names, e);
	for (size_t i = 0; i < names.count && rc == ERR_OK; i++) {
		char *path = fs_join(dir, names.items[i]), *document;
		struct json *doc;
		struct store_file *f = NULL;

		document = mem_printf("%s.json", path);
		if (!text_ends(path, ".json") && fs_is_file(path) && fs_is_file(document)) {
			doc = read_document(document);
			f = file_from_json(doc, names.items[i], fs_size(path));
			if (f != NULL)
				file_insert(s, name,
				    json_text(doc, "name") != NULL ? json_text(doc, "name") : name,
				    f);
			else
				log_debug(
				    "rehearsal index: %s is left out: its document does not fit",
				    path);
			json_free(doc);
		}
		free(path);
		free(document);
	}
	at = project_place(s, name);
	if (store_project(s, name) != NULL)
		qsort(s->projects[at]->files, s->projects[at]->count, sizeof(struct store_file *),
		    by_upload);
out:
	strlist_fini(&names);
	free(normal);
	free(dir);
	return rc;
}

static enum err_code
clear_incoming(struct store *s, struct err *e)
{
	struct strlist names = STRLIST_EMPTY;
	enum err_code rc = fs_list(s->incoming_dir, &names, e);

	for (size_t i = 0; i < names.count && rc == ERR_OK; i++) {
		char *path = fs_join(s->incoming_dir, names.items[i]);

		if (text_starts(names.items[i], "upload-"))
			unlink(path);
		free(path);
	}
	strlist_fini(&names);
	return rc;
}

static enum err_code
lock_dir(struct store *s, const char *dir, struct err *e)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char *path = fs_join(dir, ".lock");
	enum err_code rc = ERR_OK;

	s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock_fd < 0) {
		rc = err_sys(e, ERR_IO, "cannot open %s", path);
	} else if (fcntl(s->lock_fd, F_SETLK, &whole) != 0) {
		rc = errno == EACCES || errno == EAGAIN
			 ? err_set(e, ERR_BUSY, "another rehearsal index is serving %s", dir)
			 : err_sys(e, ERR_IO, "cannot lock %s", path);
	}
	free(path);
	return rc;
}

enum err_code
store_open(const char *dir, struct store **out, struct err *e)
{
	struct store *s = mem_zalloc(1, sizeof *s);
	struct strlist names = STRLIST_EMPTY;
	enum err_code rc;

	s->lock_fd = -1;
	s->files_dir = fs_join(dir, "files");
	s->incoming_dir = fs_join(dir, "incoming");
	rc = fs_mkdirs(s->files_dir, 0755, e);
	if (rc == ERR_OK)
		rc = fs_mkdirs(s->incoming_dir, 0700, e);
	if (rc == ERR_OK)
		rc = lock_dir(s, dir, e);
	if (rc == ERR_OK)
		rc = clear_incoming(s, e);
	if (rc == ERR_OK)
		rc = fs_list(s->files_dir, &names, e);
	for (size_t i = 0; i < names.count && rc == ERR_OK; i++)
		rc = load_project(s, names.items[i], e);
	strlist_fini(&names);
	if (rc != ERR_OK)
		store_close(s);
	else
		*out = s;
	return rc;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++) {
		for (size_t n = 0; n < s->projects[i]->count; n++)
			file_free(s->projects[i]->files[n]);
		free(s->projects[i]->files);
		free(s->projects[i]->name);
		free(s->projects[i]->display);
		free(s->projects[i]);
	}
	free(s->projects);
	fd_close(&s->lock_fd);
	free(s->files_dir);
	free(s->incoming_dir);
	free(s);
}

struct json *
store_fields(const struct store *s, const struct store_project *p, const struct store_file *f)
{
	char *path = mem_printf("%s/%s/%s.json", s->files_dir, p->name, f->name);
	struct json *doc = read_document(path);
	struct json *fields = json_clone(json_get_object(doc, "fields"));

	json_free(doc);
	free(path);
	return fields;
}

enum err_code
store_incoming(struct store *s, char **path, int *fd, struct err *e)
{
	char *template = fs_join(s->incoming_dir, "upload-XXXXXX");

	*fd = mkstemp(template);
	if (*fd < 0) {
		err_sys(e, ERR_IO, "cannot make %s", template);
		free(template);
		return ERR_IO;
	}
	fcntl(*fd, F_SETFD, FD_CLOEXEC);
	*path = template;
	return ERR_OK;
}

static struct json *
document_of(const struct store_new *n, const char *uploaded)
{
	struct json *doc = json_object_new(), *digests;

	json_set_text(doc, "name", n->project);
	json_set_text(doc, "version", n->version);
	json_set_text(doc, "filename", n->file_name);
	json_set_bool(doc, "sdist", n->is_sdist);
	json_set_int(doc, "size", (int64_t)n->digests->size);
	json_set_text(doc, "uploaded", uploaded);
	json_set_bool(doc, "yanked", false);
	digests = json_set_object(doc, "digests");
	json_set_text(digests, "sha256", n->digests->sha256);
	json_set_text(digests, "blake2b_256", n->digests->blake2b);
	if (n->digests->md5[0] != '\0')
		json_set_text(digests, "md5", n->digests->md5);
	json_set(doc, "fields", json_clone(n->fields));
	return doc;
}

/* What stands against the new file. */
static enum store_added
look_for_clash(const struct store *s, const struct store_new *n, const char *normal)
{
	const struct store_project *p = store_project(s, normal);
	const struct store_file *there = p != NULL ? store_find(p, n->file_name) : NULL;

	if (there != NULL)
		return strcmp(there->sha256, n->digests->sha256) == 0 ? STORE_SAME : STORE_TAKEN;
	for (size_t i = 0; i < s->count; i++) {
		for (size_t k = 0; k < s->projects[i]->count; k++) {
			if (strcmp(s->projects[i]->files[k]->blake2b, n->digests->blake2b) == 0)
				return STORE_TAKEN;
		}
	}
	for (size_t k = 0; p != NULL && n->is_sdist && k < p->count; k++) {
		if (p->files[k]->is_sdist && strcmp(p->files[k]->version, n->version) == 0)
			return STORE_OTHER_SDIST;
	}
	return STORE_ADDED;
}

enum store_added
store_add(struct store *s, const struct store_new *n, struct err *e)
{
	char *normal = index_normal_name(n->project), *dir = fs_join(s->files_dir, normal);
	char *path = fs_join(dir, n->file_name), *document = mem_printf("%s.json", path);
	char stamp[32];
	struct json *doc = NULL;
	struct str text = STR_EMPTY;
	struct store_file *f;
	enum store_added added;

	added = look_for_clash(s, n, normal);
	if (added != STORE_ADDED)
		goto out;
	added = STORE_BROKEN;
	doc = document_of(n, clock_iso(clock_now(), stamp, sizeof stamp));
	json_write(doc, JSON_STYLE_INDENT, &text);
	if (fs_mkdirs(dir, 0755, e) != ERR_OK)
		goto out;
	if (rename(n->incoming, path) != 0) {
		err_sys(e, ERR_IO, "cannot move the upload to %s", path);
		goto out;
	}
	/* A rehearsal that loses its last files with the power is uploaded again: no fsync, which
	 * takes longer than all else here. What is not whole then does not fit its document. */
	if (fs_write_loose(document, text.data, text.len, 0644, e) != ERR_OK)
		goto out;
	f = file_from_json(doc, n->file_name, n->digests->size);
	if (f == NULL)
		die("store: a document of our own does not read back");
	file_insert(s, normal, n->project, f);
	added = STORE_ADDED;
out:
	str_fini(&text);
	json_free(doc);
	free(document);
	free(path);
	free(dir);
	free(normal);
	return added;
}

/* The letters of a version part as PEP 440 spells them; "" drops them. */
static const char *
part_spelling(const char *letters)
{
	static const struct {
		const char *from, *to;
	} spelling[] = {
		{ "alpha", "a" },
		{ "beta", "b" },
		{ "c", "rc" },
		{ "pre", "rc" },
		{ "preview", "rc" },
		{ "r", ".post" },
		{ "rev", ".post" },
		{ "post", ".post" },
		{ "dev", ".dev" },
		{ "v", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(spelling); i++) {
		if (strcmp(letters, spelling[i].from) == 0)
			return spelling[i].to;
	}
	return letters;
}

char *
store_fold_version(const char *version)
{
	struct str out = STR_EMPTY;
	const char *p = version + strspn(version, " \t\r\n");

	while (*p != '\0') {
		char letters[16] = "";
		size_t n = 0;

		while (((*p | 32) >= 'a' && (*p | 32) <= 'z') && n + 1 < sizeof letters)
			letters[n++] = (char)(*p++ | 32);
		if (n > 0) {
			letters[n] = '\0';
			while (out.len > 0 && strchr(".-_", out.data[out.len - 1]) != NULL)
				str_splice(&out, out.len - 1, 1, NULL, 0);
			str_puts(&out, part_spelling(letters));
			if (*p != '\0' && strchr(".-_", *p) != NULL)
				p++;
		} else if (*p >= '0' && *p <= '9') {
			for (; *p == '0' && p[1] >= '0' && p[1] <= '9'; p++)
				;
			while (*p >= '0' && *p <= '9')
				str_putc(&out, *p++);
		} else {
			str_putc(&out, *p++);
		}
	}
	while (out.len > 0 && strchr(" \t\r\n", out.data[out.len - 1]) != NULL)
		str_splice(&out, out.len - 1, 1, NULL, 0);
	return str_take(&out);
}
