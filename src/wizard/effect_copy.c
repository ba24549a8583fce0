/* The effect behind a release: its files are copied to the packages' own dist/ folders, where their
 * maintainers look for them. Replaces files of that same package alone, and names them before. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "effect.h"
#include "files.h"
#include "slipway/base/mem.h"
#include "slipway/dist/filename.h"
#include "slipway/os/fs.h"
#include "slipway/os/worker.h"

/* One package's copies, as the worker sees them: nothing of the wizard's. */
struct copies {
	struct effect_call *c; /* NULL once it is stopped */
	struct worker_job *job;
	char *dir, *normal;
	struct strlist names, from, sha256; /* of the package's files, in step */
	struct err err;
	bool done; /* probe: all is there */
};

static char *
dist_dir(const struct wizard *w, size_t package)
{
	char *dir = fs_join(w->rel.root, w->rel.packages[package].dir),
	     *dist = fs_join(dir, "dist");

	free(dir);
	return dist;
}

/* What lies in DIR of the package NORMAL, whichever version. */
static void
find_package_files(const char *dir, const char *normal, struct strlist *out)
{
	struct strlist names = STRLIST_EMPTY;

	if (fs_list(dir, &names, NULL) == ERR_OK)
		for (size_t i = 0; i < names.count; i++) {
			struct dist_name parts = DIST_NAME_EMPTY;
			char *name;

			if (dist_name_parse(names.items[i], &parts, NULL) != ERR_OK)
				continue;
			name = dist_normalise(parts.name, '-');
			if (strcmp(name, normal) == 0)
				strlist_add(out, names.items[i]);
			free(name);
			dist_name_fini(&parts);
		}
	strlist_fini(&names);
}

static void
describe(const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	const struct release_package *p = &w->rel.packages[fx->item];
	struct strlist old = STRLIST_EMPTY;
	char *dir = dist_dir(w, fx->item);

	str_printf(does, "copy the files to %s%sdist/", p->dir, p->dir[0] != '\0' ? "/" : "");
	/* Once it is done, what lies there is what was copied. */
	if (fx->status != EFFECT_DONE)
		find_package_files(dir, p->normal, &old);
	if (old.count > 0) {
		str_puts(does, ", replacing ");
		strlist_join(&old, ", ", does);
	}
	str_puts(undo,
	    old.count > 0 ? "delete them there; what they replace is gone" : "delete them there");
	strlist_fini(&old);
	free(dir);
}

static struct copies *
copies_new(struct effect_call *c)
{
	const struct wizard *w = c->w;
	struct copies *k = mem_zalloc(1, sizeof *k);

	k->c = c;
	k->dir = dist_dir(w, c->fx->item);
	k->normal = mem_strdup(w->rel.packages[c->fx->item].normal);
	for (size_t i = 0; i < w->rel.file_count; i++) {
		const struct release_file *f = &w->rel.files[i];

		if (f->package != c->fx->item)
			continue;
		strlist_add(&k->names, f->name);
		strlist_add(&k->from, f->path);
		strlist_add(&k->sha256, f->sha256);
	}
	return k;
}

static void
copies_free(struct copies *k)
{
	strlist_fini(&k->names);
	strlist_fini(&k->from);
	strlist_fini(&k->sha256);
	free(k->dir);
	free(k->normal);
	free(k);
}

/* Older builds: what lies there of this package and is none of the release's files. */
static void
find_old(const struct copies *k, struct strlist *out)
{
	struct strlist there = STRLIST_EMPTY;

	find_package_files(k->dir, k->normal, &there);
	for (size_t i = 0; i < there.count; i++)
		if (!strlist_has(&k->names, there.items[i]))
			strlist_add(out, there.items[i]);
	strlist_fini(&there);
}

static void
probe_run(void *arg, const atomic_bool *cancelled)
{
	struct copies *k = arg;
	struct strlist old = STRLIST_EMPTY;

	k->done = true;
	for (size_t i = 0; i < k->names.count && k->done; i++) {
		char *path = fs_join(k->dir, k->names.items[i]), hex[65];

		k->done = files_sha256(path, cancelled, hex, NULL) == ERR_OK &&
		    strcmp(hex, k->sha256.items[i]) == 0;
		free(path);
	}
	/* Cut off between copying and clearing away: what is older still lies beside it. */
	find_old(k, &old);
	k->done = k->done && old.count == 0;
	strlist_fini(&old);
}

static void
probe_done(void *arg, bool cancelled)
{
	struct copies *k = arg;

	if (!cancelled && k->c != NULL) {
		k->c->priv = NULL;
		effect_probed(k->c, k->done ? WORLD_DONE : WORLD_ABSENT, NULL);
	}
	copies_free(k);
}

static void
apply_run(void *arg, const atomic_bool *cancelled)
{
	struct copies *k = arg;
	struct strlist old = STRLIST_EMPTY;
	struct err *e = &k->err;

	find_old(k, &old);
	fs_mkdirs(k->dir, 0777, e);
	for (size_t i = 0; i < k->names.count && e->code == ERR_OK; i++) {
		char *path = fs_join(k->dir, k->names.items[i]);

		/* The release's lock is held: a draft beside it is of a process that is gone. */
		if (atomic_load(cancelled))
			err_set(e, ERR_CANCELLED, "copying to %s was cancelled", k->dir);
		else if (fs_clear_drafts(path, e) == ERR_OK)
			fs_copy(k->from.items[i], path, e);
		free(path);
	}
	for (size_t i = 0; i < old.count && e->code == ERR_OK; i++) {
		char *path = fs_join(k->dir, old.items[i]);

		if (unlink(path) != 0)
			err_sys(e, ERR_IO, "cannot remove %s", path);
		free(path);
	}
	strlist_fini(&old);
}

static void
apply_done(void *arg, bool cancelled)
{
	struct copies *k = arg;

	if (!cancelled && k->c != NULL) {
		k->c->priv = NULL;
		effect_ended(k->c, k->err.code != ERR_OK ? &k->err : NULL);
	}
	copies_free(k);
}

static void
probe(struct effect_call *c)
{
	struct copies *k = c->priv = copies_new(c);

	k->job = worker_submit(c->w->worker, probe_run, probe_done, k);
}

static void
apply(struct effect_call *c)
{
	struct copies *k = c->priv = copies_new(c);

	k->job = worker_submit(c->w->worker, apply_run, apply_done, k);
}

static void
stop(struct effect_call *c)
{
	struct copies *k = c->priv;

	if (k == NULL)
		return;
	k->c = NULL;
	worker_cancel(c->w->worker, k->job);
}

const struct effect_ops effect_copy_dist = {
	.name = "copy",
	.reversible = true,
	.describe = describe,
	.probe = probe,
	.apply = apply,
	.stop = stop,
};
