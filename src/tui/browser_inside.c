/* An archive inside of a file: a browser of its own in front of the one that it was chosen in. What
 * is found in it, the rules say about the file around all; here it is looked at. */
#include <stdlib.h>
#include <string.h>

#include "browser_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/archive.h"

struct inside {
	char *path, *shown;
};

static void
inside_file(void *arg, size_t file, const char **path, const struct findings **findings)
{
	static const struct findings none = FINDINGS_EMPTY;
	const struct inside *in = arg;

	(void)file;
	*path = in->path;
	*findings = &none;
}

static const char *
inside_read_only(void *arg)
{
	(void)arg;
	return "it is reviewed with the archive that it lies in: Esc goes back there";
}

static void
inside_free(void *arg)
{
	struct inside *in = arg;

	free(in->path);
	free(in->shown);
	free(in);
}

bool
browser_enter_archive(struct browser_tab *t)
{
	const struct browser_owner *o = &t->b->o;
	struct shell *s = t->b->page->shell;
	size_t member = browser_member(t);
	struct browser_owner owner = { .loop = o->loop,
		.reader = o->reader,
		.worker = o->worker,
		.files = 1,
		.file = inside_file,
		.read_only = inside_read_only,
		.closed = inside_free,
		.depth = o->depth + 1 };
	struct str shown = STR_EMPTY;
	struct inside *in;

	if (member == FINDING_NO_MEMBER || t->rows.items[member].badges.kind != 'Z' ||
	    archive_member(browser_store_archive(t->store), member)->kind != MEMBER_FILE)
		return false;
	if (o->depth == ARCHIVE_DEPTH_MAX) {
		shell_message(s, ROLE_WARN,
		    "archives are looked into %d deep, and no deeper; Tab shows its bytes",
		    ARCHIVE_DEPTH_MAX);
		return true;
	}
	memcpy(owner.inside, o->inside, sizeof owner.inside);
	owner.inside[o->depth] = member;
	str_printf(&shown, "%s!", t->shown);
	sanitise(t->rows.items[member].name.data, t->rows.items[member].name.len, &shown);
	in = mem_zalloc(1, sizeof *in);
	*in = (struct inside) { .path = mem_strdup(t->path), .shown = str_take(&shown) };
	owner.shown = in->shown;
	owner.arg = in;
	browser_open(s, &owner, 0, true);
	return true;
}
