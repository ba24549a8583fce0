/* The configuration as this release uses it: what the file says, else what was found. The only
 * reader of struct config in the wizard. */
#ifndef SLIPWAY_WIZARD_SETTINGS_H
#define SLIPWAY_WIZARD_SETTINGS_H

#include "engine.h"
#include "slipway/project/changelog.h"
#include "slipway/project/commits.h"
#include "slipway/project/places.h"

struct index_info;

/* Borrowed; empty when there are none. */
const struct strlist *settings_checks(const struct wizard *w);
bool settings_checks_in_tree(const struct wizard *w); /* else in the worktree */
const struct strlist *settings_carry(const struct wizard *w);
bool settings_hooks(const struct wizard *w);
bool settings_notes(const struct wizard *w);
/* NULL: the shared one of [release]; NULL from both: to be found. */
const char *settings_changelog(const struct wizard *w, const char *package);
/* What begins a changelog where there is none; the answer of a person comes first. */
enum changelog_fresh settings_new_changelog(const struct wizard *w);
bool settings_date_candidates(const struct wizard *w); /* likewise */
const struct strlist *settings_categories(const struct wizard *w);
/* With {version} filled in; NULL when there is none. The caller owns it. */
char *settings_notes_command(const struct wizard *w);
const char *settings_notes_file(const struct wizard *w); /* NULL: none */
bool settings_require_review(const struct wizard *w);
const struct strlist *settings_smoke(const struct wizard *w, const struct release_package *p);
/* Of the package's own table; NULL when it has none, and for the test index, which must not see a
 * token that was made for production. */
const struct strlist *settings_token_env(
    const struct wizard *w, enum index_role role, const struct release_package *p);
const struct strlist *settings_version_files(const struct wizard *w, const char *package);
const char *settings_branch(const struct wizard *w); /* NULL: not configured */
const char *settings_python(const struct wizard *w); /* NULL: look for one */
/* Of the package's own table, else of [release]; NULL: to be found from the tags. The second one
 * knows what was answered, too: that comes first. */
const char *settings_tag_configured(const struct wizard *w, const char *package);
const char *settings_tag_template(const struct wizard *w, const char *package);
/* Configured paths of packages: looked at as well as what is found. */
void settings_package_paths(const struct wizard *w, struct strlist *out);

/* The argument vector that builds into OUTDIR, appended to ARGV. */
void settings_build(const struct wizard *w, const char *outdir, struct strlist *argv);
/* The release commit's message; the caller owns it. */
char *settings_commit_message(const struct wizard *w);
/* Lock step or independent, from the file; false when it does not say. */
bool settings_lockstep(const struct wizard *w, bool *lockstep);
/* Packages that share their version now are given one version. */
bool settings_mixed(const struct wizard *w);
enum zero_policy settings_zero_policy(const struct wizard *w);

/* The index of a role under NAME (NULL: the configured or built-in default). OUT must be empty.
 * ERR_CONFIG for a name that nobody knows. *NONE (test role only): rehearsing is switched off. */
enum err_code settings_index(const struct wizard *w, enum index_role role, const char *name,
    struct index_info *out, bool *none, struct err *e);
/* What is configured for ROLE, else built in. Borrowed. */
const char *settings_index_name(const struct wizard *w, enum index_role role);
/* The test index was named by the user, on the command line or in the file. */
/* Places to leave out and to take in. */
const struct strlist *settings_leave_out(const struct wizard *w);
const struct strlist *settings_edit_also(const struct wizard *w);
enum place_policy settings_constraints(const struct wizard *w, const char *package);
bool settings_test_index_named(const struct wizard *w);

/* Variables that the file says hold tokens: hidden from every child. */
void settings_token_names(const struct wizard *w, struct strlist *out);
/* ERR_UNSUPPORTED for what the file asks for and this version cannot do: never passed over in
 * silence. */
enum err_code settings_check(const struct wizard *w, struct err *e);

#endif
