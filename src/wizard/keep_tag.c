/* From answers to lines of slipway.toml, or of [tool.slipway] in pyproject.toml. */
#include "keep_tag.h"

#include <stdlib.h>
#include <string.h>

#include "ask_tag.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/project/config.h"
#include "slipway/project/edit.h"

#define FILE_MAX ((size_t)4 << 20)
#define NEW_FILE "slipway.toml"

/* The answer that the configuration does not hold; NULL when there is none. */
static const char *
to_keep(const struct wizard *w, size_t at)
{
	const struct release_package *p = &w->rel.packages[at];

	return settings_tag_configured(w, p->name) == NULL ? ask_tag_find(&w->tag_answers, p->name)
							   : NULL;
}

/* One template for every package, and nothing that says otherwise: a line of [release]. */
static const char *
shared(const struct wizard *w)
{
	const char *first = to_keep(w, 0);

	for (size_t i = 1; i < w->rel.package_count && first != NULL; i++) {
		const char *one = to_keep(w, i);

		if (one == NULL || strcmp(one, first) != 0)
			first = NULL;
	}
	return first;
}

static enum err_code
add(const struct wizard *w, const char *file, struct str *text, struct err *e)
{
	enum config_kind kind = strcmp(fs_base(file), "pyproject.toml") == 0 ? CONFIG_PYPROJECT
									     : CONFIG_FILE;
	const char *all = shared(w);
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < w->rel.package_count && rc == ERR_OK; i++) {
		const char *one = to_keep(w, i);
		struct str after = STR_EMPTY;

		if (one == NULL || (all != NULL && i > 0))
			continue;
		rc = config_add_tag((struct bytes) { str_text(text), text->len }, file, kind,
		    all != NULL ? NULL : w->rel.packages[i].name, one, &after, e);
		if (rc == ERR_OK) {
			str_fini(text);
			*text = after;
		}
	}
	return rc;
}

const char *
keep_tag_file(const struct wizard *w)
{
	const char *source = w->rel.config->source;
	size_t len = strlen(w->rel.root);

	if (source == NULL)
		return w->config_path == NULL ? NEW_FILE : NULL;
	return strncmp(source, w->rel.root, len) == 0 && source[len] == '/' ? source + len + 1
									    : NULL;
}

static void
hint(struct wizard *w, const char *why)
{
	const char *all = shared(w);
	struct str text = STR_EMPTY;

	for (size_t i = 0; i < w->rel.package_count; i++) {
		const char *one = to_keep(w, i);

		if (one != NULL && (all == NULL || i == 0))
			str_printf(&text, "%s [%s%s] tag = \"%s\"",
			    text.len > 0 ? "," : "To be asked no more, add:",
			    all != NULL ? "release" : "package.",
			    all != NULL ? "" : w->rel.packages[i].normal, one);
	}
	str_printf(&text, " (%s).", why);
	free(w->tag_hint);
	w->tag_hint = str_take(&text);
}

void
keep_tag(struct wizard *w, struct edit_plan *plan)
{
	const char *file = keep_tag_file(w);
	struct edit_file *planned = file != NULL ? edit_plan_find(plan, file) : NULL;
	struct str before = STR_EMPTY, after = STR_EMPTY;
	struct err e = ERR_EMPTY;
	char *path = NULL;
	bool any = false, fresh = false;

	mem_set(&w->tag_hint, NULL);
	for (size_t i = 0; i < w->rel.package_count; i++)
		any |= to_keep(w, i) != NULL;
	if (!any)
		return;
	if (file == NULL || !w->config_in_head) {
		hint(w, file == NULL ? "the configuration is not of this repository"
				     : "the configuration is not committed as it stands");
		return;
	}
	path = fs_join(w->rel.root, file);
	fresh = planned == NULL && !fs_exists(path);
	if (planned != NULL)
		str_append(&after, str_text(&planned->after), planned->after.len);
	else if (!fresh && fs_read(path, FILE_MAX, &before, &e) == ERR_OK)
		str_append(&after, str_text(&before), before.len);
	if (e.code != ERR_OK || add(w, file, &after, &e) != ERR_OK) {
		hint(w, e.message);
	} else if (planned != NULL) {
		str_fini(&planned->after);
		planned->after = after;
		after = (struct str)STR_EMPTY;
	} else if (fresh) {
		edit_plan_add_new(plan, file, (struct bytes) { str_text(&after), after.len });
	} else {
		edit_plan_add(plan, file, (struct bytes) { str_text(&before), before.len },
		    (struct bytes) { str_text(&after), after.len });
	}
	str_fini(&before);
	str_fini(&after);
	free(path);
}
