/* The configuration as this release uses it. */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "ask_tag.h"
#include "slipway/base/mem.h"
#include "slipway/index/index.h"
#include "slipway/index/known.h"
#include "slipway/project/config.h"
#include "slipway/project/notes.h"
#include "slipway/wizard/find_index.h"

static const struct strlist no_strings = STRLIST_EMPTY;

static const struct config_release *
release_of(const struct wizard *w)
{
	return &w->rel.config->release;
}

static const struct config_package *
package_of(const struct wizard *w, const char *name)
{
	return config_find_package(w->rel.config, name);
}

const struct strlist *
settings_checks(const struct wizard *w)
{
	return &release_of(w)->checks.items;
}

bool
settings_checks_in_tree(const struct wizard *w)
{
	return release_of(w)->checks_in == CONFIG_CHECKS_IN_TREE;
}

const struct strlist *
settings_carry(const struct wizard *w)
{
	return &release_of(w)->carry.items;
}

const struct strlist *
settings_leave_out(const struct wizard *w)
{
	return &release_of(w)->leave_out.items;
}

const struct strlist *
settings_edit_also(const struct wizard *w)
{
	return &release_of(w)->edit_also.items;
}

enum place_policy
settings_constraints(const struct wizard *w, const char *package)
{
	const struct config_package *c = package_of(w, package);
	enum config_constraints said = c != NULL ? c->constraints : CONFIG_CONSTRAINTS_UNSET;

	if (said == CONFIG_CONSTRAINTS_UNSET)
		said = release_of(w)->constraints;
	switch (said) {
	case CONFIG_CONSTRAINTS_UNSET:
	case CONFIG_CONSTRAINTS_FLOOR:
		break;
	case CONFIG_CONSTRAINTS_PIN:
		return PLACE_POLICY_PIN;
	case CONFIG_CONSTRAINTS_LEAVE:
		return PLACE_POLICY_LEAVE;
	case CONFIG_CONSTRAINTS_ASK:
		return PLACE_POLICY_ASK;
	}
	return PLACE_POLICY_FLOOR;
}

bool
settings_hooks(const struct wizard *w)
{
	return release_of(w)->hooks != CONFIG_SWITCH_OFF;
}

bool
settings_require_review(const struct wizard *w)
{
	return w->rel.config->check.require_review == CONFIG_SWITCH_ON;
}

const struct strlist *
settings_smoke(const struct wizard *w, const struct release_package *p)
{
	const struct config_package *c = package_of(w, p->name);

	return c != NULL ? &c->smoke.items : &no_strings;
}

const struct strlist *
settings_token_env(const struct wizard *w, enum index_role role, const struct release_package *p)
{
	const struct config_package *c = package_of(w, p->name);

	return role == INDEX_PRODUCTION && c != NULL && c->token_env.is_set ? &c->token_env.items
									    : NULL;
}

const struct strlist *
settings_version_files(const struct wizard *w, const char *package)
{
	const struct config_package *c = package_of(w, package);

	return c != NULL ? &c->version_files.items : &no_strings;
}

const char *
settings_branch(const struct wizard *w)
{
	return release_of(w)->branch;
}

const char *
settings_python(const struct wizard *w)
{
	return release_of(w)->python;
}

const char *
settings_tag_configured(const struct wizard *w, const char *package)
{
	const struct config_package *c = package_of(w, package);

	return c != NULL && c->tag != NULL ? c->tag : release_of(w)->tag;
}

const char *
settings_tag_template(const struct wizard *w, const char *package)
{
	const char *answer = ask_tag_find(&w->tag_answers, package);

	return answer != NULL ? answer : settings_tag_configured(w, package);
}

void
settings_package_paths(const struct wizard *w, struct strlist *out)
{
	for (size_t i = 0; i < w->rel.config->package_count; i++)
		if (w->rel.config->packages[i].path != NULL)
			strlist_add(out, w->rel.config->packages[i].path);
}

/* TEXT with each {KEY} replaced. */
static char *
fill_in(const char *text, const char *key, const char *value)
{
	struct str out = STR_EMPTY;
	char *mark = mem_printf("{%s}", key);
	const char *at;

	while ((at = strstr(text, mark)) != NULL) {
		str_append(&out, text, (size_t)(at - text));
		str_puts(&out, value);
		text = at + strlen(mark);
	}
	str_puts(&out, text);
	free(mark);
	return str_take(&out);
}

void
settings_build(const struct wizard *w, const char *outdir, struct strlist *argv)
{
	static const char *const usual[] = { "{python}", "-m", "build", "--outdir", "{outdir}",
		NULL };
	struct strlist words = STRLIST_EMPTY;

	if (release_of(w)->build.is_set)
		strlist_copy(&words, &release_of(w)->build.items);
	else
		strlist_add_all(&words, usual);
	for (size_t i = 0; i < words.count; i++) {
		char *word = fill_in(words.items[i], "python", w->rel.python);

		strlist_take(argv, fill_in(word, "outdir", outdir));
		free(word);
	}
	strlist_fini(&words);
}

char *
settings_commit_message(const struct wizard *w)
{
	const char *text = release_of(w)->commit;

	return fill_in(text != NULL ? text : "Release version {version}", "version",
	    w->rel.version != NULL ? w->rel.version : "");
}

bool
settings_notes(const struct wizard *w)
{
	return release_of(w)->notes != CONFIG_SWITCH_OFF;
}

const char *
settings_changelog(const struct wizard *w, const char *package)
{
	const struct config_package *c = package_of(w, package);

	return c != NULL && c->changelog != NULL ? c->changelog : release_of(w)->changelog;
}

enum changelog_fresh
settings_new_changelog(const struct wizard *w)
{
	if (w->new_changelog_chosen)
		return w->new_changelog;
	switch (release_of(w)->new_changelog) {
	case CONFIG_FRESH_UNSET:
	case CONFIG_FRESH_NONE:
		break;
	case CONFIG_FRESH_BRACKETS:
		return CHANGELOG_FRESH_BRACKETS;
	case CONFIG_FRESH_DASH:
		return CHANGELOG_FRESH_DASH;
	}
	return CHANGELOG_FRESH_NONE;
}

bool
settings_date_candidates(const struct wizard *w)
{
	if (w->date_candidates_chosen)
		return w->date_candidates;
	return release_of(w)->date_candidates == CONFIG_SWITCH_ON;
}

const struct strlist *
settings_categories(const struct wizard *w)
{
	return &release_of(w)->categories.items;
}

char *
settings_notes_command(const struct wizard *w)
{
	const char *line = release_of(w)->notes_command;

	return line != NULL && w->rel.version != NULL ? fill_in(line, "version", w->rel.version)
						       : NULL;
}

const char *
settings_notes_file(const struct wizard *w)
{
	return release_of(w)->notes_file;
}

bool
settings_lockstep(const struct wizard *w, bool *lockstep)
{
	*lockstep = release_of(w)->mode == CONFIG_MODE_LOCKSTEP;
	return release_of(w)->mode != CONFIG_MODE_UNSET;
}

bool
settings_mixed(const struct wizard *w)
{
	return release_of(w)->mode == CONFIG_MODE_MIXED;
}

enum zero_policy
settings_zero_policy(const struct wizard *w)
{
	switch (release_of(w)->zero) {
	case CONFIG_ZERO_UNSET:
	case CONFIG_ZERO_MINOR:
		break;
	case CONFIG_ZERO_PATCH:
		return ZERO_SHIFT;
	case CONFIG_ZERO_MAJOR:
		return ZERO_AS_ONE;
	}
	return ZERO_MINOR;
}

const char *
settings_index_name(const struct wizard *w, enum index_role role)
{
	const char *name = role == INDEX_TEST ? release_of(w)->test_index : release_of(w)->index;

	if (name != NULL)
		return name;
	return role == INDEX_TEST ? "testpypi" : "pypi";
}

bool
settings_test_index_named(const struct wizard *w)
{
	return w->test_index != NULL || release_of(w)->test_index != NULL;
}

/* What a rehearsal sends cannot be taken back: never to where production is, and never to PyPI. */
static enum err_code
check_apart(const struct wizard *w, const struct index_info *test, struct err *e)
{
	struct index_info other = INDEX_INFO_EMPTY;
	bool none, same = false;

	if (index_known_by_url(test->upload_url, &other))
		same = other.is_production;
	index_info_fini(&other);
	if (!same && settings_index(w, INDEX_PRODUCTION, NULL, &other, &none, NULL) == ERR_OK)
		same = strcmp(other.upload_url, test->upload_url) == 0;
	index_info_fini(&other);
	if (!same)
		return ERR_OK;
	err_set(e, ERR_USAGE, "%s cannot be the test index: what is sent there is published",
	    test->title);
	return err_hint(e, "name another one with --test-index, \"rehearsal\", or none");
}

enum err_code
settings_index(const struct wizard *w, enum index_role role, const char *name,
    struct index_info *out, bool *none, struct err *e)
{
	struct index_info info = INDEX_INFO_EMPTY;
	enum err_code rc;

	if (name == NULL)
		name = settings_index_name(w, role);
	*none = role == INDEX_TEST && strcmp(name, "none") == 0;
	if (*none)
		return ERR_OK;
	rc = find_index(w->rel.config, name, &info, e);
	if (rc == ERR_OK && role == INDEX_TEST)
		rc = check_apart(w, &info, e);
	if (rc == ERR_OK) {
		info.is_production = role == INDEX_PRODUCTION;
		info.is_test = role == INDEX_TEST;
		*out = info;
	} else {
		index_info_fini(&info);
	}
	return rc;
}

void
settings_token_names(const struct wizard *w, struct strlist *out)
{
	const struct config *c = w->rel.config;

	for (size_t i = 0; i < c->package_count; i++)
		strlist_copy(out, &c->packages[i].token_env.items);
	for (size_t i = 0; i < c->index_count; i++)
		strlist_copy(out, &c->indexes[i].token_env.items);
}

enum err_code
settings_check(const struct wizard *w, struct err *e)
{
	if (notes_check_categories(settings_categories(w), e) != ERR_OK)
		return e->code;
	if (release_of(w)->publish == CONFIG_PUBLISH_CI) {
		err_set(e, ERR_UNSUPPORTED,
		    "publish = \"ci\" is not there yet: this version uploads itself");
		return err_hint(e, "take publish out of %s, or release by your workflow",
		    w->rel.config->source);
	}
	if (w->rel.config->production.has_approvals || w->rel.config->production.has_wait) {
		err_set(e, ERR_UNSUPPORTED,
		    "[gate.production] is not there yet, and a gate must not be passed by");
		return err_hint(
		    e, "take the table out of %s, or release by hand", w->rel.config->source);
	}
	return ERR_OK;
}
