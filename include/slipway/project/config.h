/* The configuration: slipway.toml, or [tool.slipway] in the root pyproject.toml. It only overrides:
 * what is not set stays empty here and is found by looking, elsewhere. */
#ifndef SLIPWAY_PROJECT_CONFIG_H
#define SLIPWAY_PROJECT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"

/* 0 is always: not set. */
enum config_mode {
	CONFIG_MODE_UNSET,
	CONFIG_MODE_LOCKSTEP,
	CONFIG_MODE_INDEPENDENT,
	CONFIG_MODE_MIXED /* packages of one version stay together */
};
/* What a change means while the version is 0.x: see enum zero_policy. */
enum config_zero { CONFIG_ZERO_UNSET, CONFIG_ZERO_MINOR, CONFIG_ZERO_PATCH, CONFIG_ZERO_MAJOR };
/* See enum place_policy. */
enum config_constraints {
	CONFIG_CONSTRAINTS_UNSET,
	CONFIG_CONSTRAINTS_FLOOR,
	CONFIG_CONSTRAINTS_PIN,
	CONFIG_CONSTRAINTS_LEAVE,
	CONFIG_CONSTRAINTS_ASK
};
enum config_publish { CONFIG_PUBLISH_UNSET, CONFIG_PUBLISH_LOCAL, CONFIG_PUBLISH_CI };
enum config_checks_in { CONFIG_CHECKS_IN_UNSET, CONFIG_CHECKS_IN_WORKTREE, CONFIG_CHECKS_IN_TREE };
enum config_fresh {
	CONFIG_FRESH_UNSET,
	CONFIG_FRESH_NONE,
	CONFIG_FRESH_BRACKETS,
	CONFIG_FRESH_DASH
};
enum config_switch { CONFIG_SWITCH_UNSET, CONFIG_SWITCH_ON, CONFIG_SWITCH_OFF };

struct config_list {
	struct strlist items;
	bool is_set; /* an empty list can be meant */
};

struct config_release {
	enum config_mode mode;
	enum config_publish publish;
	enum config_checks_in checks_in;
	enum config_switch hooks, notes, date_candidates;
	enum config_fresh new_changelog;
	enum config_zero zero;
	enum config_constraints constraints;
	char *branch, *commit, *tag, *test_index, *index, *python;
	char *changelog, *notes_command, *notes_file;
	struct config_list checks, carry, build, leave_out, edit_also, categories;
};

struct config_package {
	char *name; /* as written; compared as distribution names are */
	char *path, *tag, *changelog;
	struct config_list token_env, version_files, smoke;
	enum config_constraints constraints;
};

struct config_index {
	char *name;
	char *upload, *simple;
	struct config_list token_env;
};

struct config_check {
	struct config_list ignore, toplevel;
	enum config_switch require_review;
};

struct config_gate {
	uint32_t approvals;
	uint32_t wait_s;
	bool has_approvals, has_wait;
};

struct config {
	char *source;	/* the file that was read; NULL: there is no configuration */
	char *shadowed; /* the pyproject.toml whose [tool.slipway] a slipway.toml hides; most often
			   NULL */
	struct config_release release;
	struct config_package *packages;
	struct config_index *indexes;
	struct config_gate production;
	struct config_check check;
	size_t package_count, index_count;
};

#define CONFIG_EMPTY                                                                               \
	{                                                                                          \
		.source = NULL                                                                     \
	}

/* Reads FILE when it is not NULL (then it must be there), else ROOT/slipway.toml, else
 * [tool.slipway] of ROOT/pyproject.toml, else nothing. ERR_CONFIG: "FILE:LINE:COLUMN: ..."; OUT is
 * untouched then, else the caller ends it with config_fini(). */
enum err_code config_load(const char *root, const char *file, struct config *out, struct err *e);
/* The same from bytes; of a pyproject.toml only [tool.slipway] counts. */
enum config_kind { CONFIG_FILE, CONFIG_PYPROJECT };
enum err_code config_parse(
    struct bytes text, const char *name, enum config_kind kind, struct config *out, struct err *e);
void config_fini(struct config *c); /* empty is fine; empty afterwards */

/* Borrowed; NULL when there is no such table. Package names match in any spelling (PEP 503). */
const struct config_package *config_find_package(const struct config *c, const char *name);
const struct config_index *config_find_index(const struct config *c, const char *name);

/* Appends TEXT, a configuration (of a pyproject.toml: with its other tables), with tag = TEMPLATE
 * put into [package.PACKAGE], or into [release] when PACKAGE is NULL; the table is made when there
 * is none. Every other byte stays. ERR_UNSUPPORTED where no line can be put in: the table is inline
 * or has no header. */
enum err_code config_add_tag(struct bytes text, const char *name, enum config_kind kind,
    const char *package, const char *template, struct str *out, struct err *e);

/* The words that the file uses; "" for unset. */
const char *config_mode_name(enum config_mode mode);
const char *config_publish_name(enum config_publish publish);

/* Appends what `slipway help config` says: every table and key, from the table that reads them. */
void config_help(struct str *out);
/* Appends a slipway.toml with every key explained and commented out, showing the value of FOUND
 * where it has one (found by looking), else an example; a table for each package of FOUND. */
void config_sample(const struct config *found, struct str *out);

#endif
