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

static char *
dist_dir(const struct wizard *w, size_t package)
{
	char *dir = fs_join(w->rel.root, w->rel.packages[package].dir),
	     *dist = fs_join(dir, "dist");

	free(dir);
	return dist;
}

/* What lies there of this package and will not be written anew: older builds. */
static void
find_old(const struct wizard *w, size_t package, struct strlist *out)
{
	char *dir = dist_dir(w, package);
	struct strlist names = STRLIST_EMPTY;

	if (fs_list(dir, &names, NULL) == ERR_OK)
		for (size_t i = 0; i < names.count; i++) {
			struct dist_name parts = DIST_NAME_EMPTY;
			char *normal;

			if (dist_name_parse(names.items[i], &parts, NULL) != ERR_OK)
				continue;
			normal = dist_normalise(parts.name, '-');
			if (strcmp(normal, w->rel.packages[package].normal) == 0)
				strlist_add(out, names.items[i]);
			free(normal);
			dist_name_fini(&parts);
		}
	strlist_fini(&names);
	free(dir);
}

static void
describe(const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo)
{
	const struct release_package *p = &w->rel.packages[fx->item];
	struct strlist old = STRLIST_EMPTY;

	str_printf(does, "copy the files to %s%sdist/", p->dir, p->dir[0] != '\0' ? "/" : "");
	/* Once it is done, what lies there is what was copied. */
	if (fx->status != EFFECT_DONE)
		find_old(w, fx->item, &old);
	if (old.count > 0) {
		str_puts(does, ", replacing ");
		strlist_join(&old, ", ", does);
	}
	str_puts(undo,
	    old.count > 0 ? "delete them there; what they replace is gone" : "delete them there");
	strlist_fini(&old);
}

static bool
is_ours(const struct wizard *w, size_t package, const char *name)
{
	for (size_t i = 0; i < w->rel.file_count; i++)
		if (w->rel.files[i].package == package && strcmp(w->rel.files[i].name, name) == 0)
			return true;
	return false;
}

static void
probe(struct effect_call *c)
{
	struct wizard *w = c->w;
	char *dir = dist_dir(w, c->fx->item);
	struct strlist old = STRLIST_EMPTY;
	bool done = true;

	for (size_t i = 0; i < w->rel.file_count && done; i++) {
		const struct release_file *f = &w->rel.files[i];
		char *path, hex[65];

		if (f->package != c->fx->item)
			continue;
		path = fs_join(dir, f->name);
		done = files_sha256(path, NULL, hex, NULL) == ERR_OK && strcmp(hex, f->sha256) == 0;
		free(path);
	}
	free(dir);
	/* Cut off between copying and clearing away: what is older still lies beside it. */
	find_old(w, c->fx->item, &old);
	for (size_t i = 0; i < old.count && done; i++)
		done = is_ours(w, c->fx->item, old.items[i]);
	strlist_fini(&old);
	effect_probed(c, done ? WORLD_DONE : WORLD_ABSENT, NULL);
}

static void
apply(struct effect_call *c)
{
	struct wizard *w = c->w;
	char *dir = dist_dir(w, c->fx->item);
	struct strlist old = STRLIST_EMPTY;
	struct err e = ERR_EMPTY;

	find_old(w, c->fx->item, &old);
	fs_mkdirs(dir, 0777, &e);
	for (size_t i = 0; i < w->rel.file_count && e.code == ERR_OK; i++) {
		const struct release_file *f = &w->rel.files[i];
		char *path = fs_join(dir, f->name);

		if (f->package == c->fx->item)
			fs_copy(f->path, path, &e);
		free(path);
	}
	for (size_t i = 0; i < old.count && e.code == ERR_OK; i++) {
		char *path = fs_join(dir, old.items[i]);

		if (!is_ours(w, c->fx->item, old.items[i]) && unlink(path) != 0)
			err_sys(&e, ERR_IO, "cannot remove %s", path);
		free(path);
	}
	strlist_fini(&old);
	free(dir);
	effect_ended(c, e.code != ERR_OK ? &e : NULL);
}

const struct effect_ops effect_copy_dist = {
	.name = "copy",
	.reversible = true,
	.describe = describe,
	.probe = probe,
	.apply = apply,
};
