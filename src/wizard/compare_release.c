/* The release before: which of an index's files it is, and the cache of those that were fetched. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compare_parts.h"
#include "files.h"
#include "slipway/base/mem.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/reading.h"
#include "slipway/index/query.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/project/version.h"

/* -- the choice -- */

/* How well FILE stands for NAME, 0 when not at all: the same tags, then the same platform. */
static int
likeness(const struct dist_name *name, const struct dist_name *file)
{
	if (name->kind != file->kind)
		return 0;
	if (name->kind == DIST_SDIST || name->platform == NULL)
		return 1;
	if (strcmp(name->platform, file->platform) != 0)
		return 1;
	if (strcmp(name->python, file->python) != 0 || strcmp(name->abi, file->abi) != 0)
		return 2;
	return 3;
}

struct candidate {
	const struct index_file *file;
	struct version version;
	int likeness;
};

/* Final releases before pre-releases, unless the file is one itself; then the newest; then the most
 * alike. */
static bool
is_better(const struct candidate *a, const struct candidate *b, bool pre_is_fine)
{
	bool a_pre = version_is_pre(&a->version), b_pre = version_is_pre(&b->version);
	int order;

	if (b->file == NULL)
		return true;
	if (!pre_is_fine && a_pre != b_pre)
		return b_pre;
	order = version_compare(&a->version, &b->version);
	return order != 0 ? order > 0 : a->likeness > b->likeness;
}

/* Whether F may be compared with; its version in C then. */
static bool
is_candidate(const struct index_file *f, const struct dist_name *name, const struct version *now,
    const struct version *wanted, struct candidate *c)
{
	struct dist_name parts = DIST_NAME_EMPTY;
	bool fits = false;

	*c = (struct candidate) { .file = f, .version = VERSION_EMPTY };
	if (dist_name_parse(f->name, &parts, NULL) == ERR_OK &&
	    version_parse(parts.version, &c->version, NULL) == ERR_OK) {
		c->likeness = likeness(name, &parts);
		fits = c->likeness > 0 &&
		       (wanted != NULL ? version_compare(&c->version, wanted) == 0
				       : !f->is_yanked && version_compare(&c->version, now) < 0);
	}
	dist_name_fini(&parts);
	return fits;
}

const struct index_file *
compare_choose(const struct index_listing *l, const struct dist_name *name, const char *version,
    struct err *e)
{
	struct version now = VERSION_EMPTY, wanted = VERSION_EMPTY;
	struct candidate best = { .file = NULL, .version = VERSION_EMPTY };
	const char *kind = name->kind == DIST_WHEEL ? "wheel" : "sdist";

	if (version_parse(name->version, &now, e) != ERR_OK ||
	    (version != NULL && version_parse(version, &wanted, e) != ERR_OK))
		goto out;
	for (size_t i = 0; i < l->count; i++) {
		struct candidate c;

		if (is_candidate(&l->files[i], name, &now, version != NULL ? &wanted : NULL, &c) &&
		    is_better(&c, &best, version_is_pre(&now))) {
			version_fini(&best.version);
			best = c;
		} else {
			version_fini(&c.version);
		}
	}
	if (best.file == NULL && version != NULL)
		err_set(
		    e, ERR_NOT_FOUND, "the index has no %s of %s %s", kind, name->name, version);
	else if (best.file == NULL)
		err_set(e, ERR_NOT_FOUND, "the index has no %s of %s older than %s", kind,
		    name->name, name->version);
out:
	version_fini(&now);
	version_fini(&wanted);
	version_fini(&best.version);
	return best.file;
}

/* -- the comparison -- */

enum err_code
compare_read(const char *reader, const char *path, const atomic_bool *cancelled,
    struct reading **keep, struct compare_table *out, struct err *e)
{
	const struct reader_opts how = {
		.path = path, .program = reader, .no_check = true, .facts = true
	};
	struct reading *r = NULL;
	enum err_code rc = reading_open(&how, cancelled, &r, e);

	if (rc != ERR_OK)
		return rc;
	compare_table_make(reading_archive(r), reading_facts(r), path, out);
	if (keep != NULL)
		*keep = r;
	else
		reading_close(r);
	return ERR_OK;
}

enum err_code
compare_with_file(
    struct compared *c, const char *path, const atomic_bool *cancelled, struct err *e)
{
	struct comparison *out = &c->with[COMPARE_RELEASE];
	struct err why = ERR_EMPTY;
	enum err_code rc = compare_read(c->reader, path, cancelled, NULL, &c->before, &why);

	if (rc == ERR_CANCELLED) {
		if (e != NULL)
			*e = why;
		return rc;
	}
	if (rc != ERR_OK) {
		comparison_not_done(out, COMPARE_RELEASE, "%s", why.message);
		return ERR_OK;
	}
	c->before_path = mem_strdup(path);
	compare_release(&c->table, &c->before,
	    c->before.version != NULL ? c->before.version : c->before.file, out);
	return ERR_OK;
}

/* -- the cache -- */

char *
compare_cache_path(const char *sha256, const char *name)
{
	char *base = env_cache_dir();
	char *path = name != NULL ? mem_printf("%s/released/%s/%s", base, sha256, name)
				  : mem_printf("%s/released/%s", base, sha256);

	free(base);
	return path;
}

bool
compare_cache_has(const char *path, const char *sha256, const atomic_bool *cancelled)
{
	char hex[65];

	return fs_is_file(path) && files_sha256(path, cancelled, hex, NULL) == ERR_OK &&
	       strcmp(hex, sha256) == 0;
}

struct kept {
	char *dir;
	uint64_t size;
	int64_t when;
};

static int
by_age(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	return x->when != y->when ? (x->when < y->when ? -1 : 1) : strcmp(x->dir, y->dir);
}

/* What one folder of the cache holds. */
static struct kept
measure(char *dir)
{
	struct kept k = { .dir = dir };
	struct strlist names = STRLIST_EMPTY;
	struct stat st;

	if (stat(dir, &st) == 0)
		k.when = (int64_t)st.st_mtime;
	fs_list(dir, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		char *path = fs_join(dir, names.items[i]);

		k.size += fs_size(path);
		free(path);
	}
	strlist_fini(&names);
	return k;
}

void
compare_cache_prune(uint64_t max, const char *keep)
{
	char *base = compare_cache_path(".", NULL);
	struct strlist names = STRLIST_EMPTY;
	struct kept *all;
	uint64_t total = 0;

	fs_list(base, &names, NULL);
	all = mem_zalloc(names.count + 1, sizeof all[0]);
	for (size_t i = 0; i < names.count; i++) {
		all[i] = measure(fs_join(base, names.items[i]));
		total += all[i].size;
	}
	if (names.count > 1)
		qsort(all, names.count, sizeof all[0], by_age);
	for (size_t i = 0; i < names.count; i++) {
		if (total > max && strcmp(fs_base(all[i].dir), keep) != 0 &&
		    fs_remove_tree(all[i].dir, NULL) == ERR_OK)
			total -= all[i].size;
		free(all[i].dir);
	}
	free(all);
	free(base);
	strlist_fini(&names);
}
