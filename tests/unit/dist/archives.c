/* Archives for tests. */
#include "archives.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "temp.h"

void
archives_python(const char *dir, const char *script, const char *arg)
{
	const char *file[] = { "/usr/bin/python3", script, arg, NULL };
	const char *text[] = { "/usr/bin/python3", "-c", script, arg, NULL };

	cr_assert_eq(
	    temp_run(dir, text_ends(script, ".py") ? file : text), 0, "python failed: %s", script);
}

char *
archives_make(void)
{
	char *dir = temp_dir();

	archives_python(dir, MAKE_ARCHIVES, dir);
	return dir;
}

struct archive *
archives_open(const char *dir, const char *name, const struct archive_opts *opts)
{
	char *path = mem_printf("%s/%s", dir, name);
	struct archive *a = NULL;
	struct err e = ERR_EMPTY;
	enum err_code rc = archive_open(path, opts, &a, &e);

	free(path);
	cr_assert_eq(rc, ERR_OK, "%s: %s", name, e.message);
	return a;
}

void
archives_rules(const struct findings *f, struct str *out)
{
	struct strlist ids = STRLIST_EMPTY;

	for (size_t i = 0; i < f->count; i++)
		if (!strlist_has(&ids, dist_rule(f->items[i].rule)->id))
			strlist_add(&ids, dist_rule(f->items[i].rule)->id);
	strlist_sort(&ids);
	strlist_join(&ids, " ", out);
	strlist_fini(&ids);
}
