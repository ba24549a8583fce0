/* Rules over the shape of an sdist: one top folder with PKG-INFO in it. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "slipway/base/mem.h"

/* The top folder of a member; a file at the root is its own. */
static struct bytes
top_of(struct bytes name)
{
	const char *slash = name.len > 0 ? memchr(name.data, '/', name.len) : NULL;

	return (struct bytes) { .data = name.data,
		.len = slash != NULL ? (size_t)(slash - name.data) : name.len };
}

static void
check_top(struct check *c)
{
	struct bytes top = { .data = NULL, .len = 0 };
	bool told = false;

	for (size_t i = 0; i < archive_count(c->a); i++) {
		const struct member *m = archive_member(c->a, i);
		struct bytes here = top_of(m->name);

		if (m->hidden)
			continue;
		if (top.data == NULL)
			top = here;
		if (bytes_equal(top, here) && (here.len < m->name.len || m->kind == MEMBER_DIR))
			continue;
		if (!told)
			findings_add(c->f, RULE_SDIST_TOP, check_at(c, i, 0),
			    "it is not in the top folder %.*s", (int)top.len, top.data);
		told = true;
	}
	if (top.data != NULL)
		c->root = mem_strndup(top.data, top.len);
}

void
check_sdist(struct check *c)
{
	size_t info;

	check_top(c);
	if (c->root == NULL)
		return;
	if (c->name.stem != NULL && strcmp(c->root, c->name.stem) != 0)
		findings_add(c->f, RULE_SDIST_TOP_NAME, FINDING_WHOLE_FILE,
		    "the top folder is %s, the file name says %s", c->root, c->name.stem);
	info = check_find(c, "%s/PKG-INFO", c->root);
	if (info == FINDING_NO_MEMBER)
		findings_add(
		    c->f, RULE_SDIST_PKG_INFO, FINDING_WHOLE_FILE, "no file %s/PKG-INFO", c->root);
	c->pyproject = check_find(c, "%s/pyproject.toml", c->root) != FINDING_NO_MEMBER;
	if (!c->pyproject)
		findings_add(c->f, RULE_SDIST_PYPROJECT, FINDING_WHOLE_FILE,
		    "no file %s/pyproject.toml", c->root);
}
