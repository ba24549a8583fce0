/* The model of one release: what was found, chosen, built and sent so far. Fronts read it and
 * change nothing; steps fill it. All texts in it are safe for a terminal unless a field says "raw".
 */
#ifndef SLIPWAY_WIZARD_RELEASE_H
#define SLIPWAY_WIZARD_RELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"

struct changelog;
struct compared;
struct config;
struct edit_plan;
struct findings;
struct logstore;
struct notes;
struct places;

/* How a line stands, each with a sign and a word of its own so that colour is never needed. */
enum sign {
	SIGN_TODO,	/* · to come */
	SIGN_RUNNING,	/* ◜ running */
	SIGN_OK,	/* ✓ good */
	SIGN_LOOK,	/* ! look, does not stop the release */
	SIGN_BAD,	/* ✗ stops the release */
	SIGN_UNCHECKED, /* – not checked: never shown as fine */
	SIGN_COUNT
};

enum step_id {
	STEP_PREFLIGHT,
	STEP_VERSION,
	STEP_EDITS,
	STEP_NOTES,
	STEP_COMMIT,
	STEP_CHECKS,
	STEP_BUILD,
	STEP_VERIFY,
	STEP_REVIEW,
	STEP_REHEARSE,
	STEP_SMOKE,
	STEP_CONFIRM, /* ═ the point of no return lies behind this one */
	STEP_PUBLISH,
	STEP_LIVE,
	STEP_SUMMARY,
	STEP_COUNT
};

/* One line of the preflight. */
struct check_line {
	const char *id;	   /* stable, for --json: "clean-tree" */
	const char *label; /* "clean tree" */
	enum sign sign;
	char *text;	    /* what was found, with its source */
	char *hint;	    /* what to do about it; NULL when nothing is wrong */
	bool can_leave_out; /* "i" turns this problem into a warning: wizard_leave_out() */
	uint64_t elapsed_ms;
};

/* A commit since the last tag of a package. */
struct release_commit {
	char *hash, *short_hash;
	char *author;
	char *subject;
	char *body; /* raw */
	int64_t time;
	uint32_t *packages; /* indexes of those it touches since their last release, rising */
	size_t package_count;
	char *reason;	/* why it weighs what it does: "feature"; NULL: of no selected package */
	bool cancelled; /* reverted in the same range, or such a revert */
	bool confirm;	/* it may break something: a person must say */
	enum {
		WEIGHT_NONE,
		WEIGHT_PATCH,
		WEIGHT_MINOR,
		WEIGHT_MAJOR
	} weight; /* what it asks for */
};

struct release_choice {
	char *kind;	   /* "patch", "minor", ..., the answer to send */
	char *version;	   /* the result, normal form */
	char *explanation; /* "fixes only" */
	bool suggested;
	bool advanced; /* shown behind the usual ones */
	char *label;   /* the kind in a word, where the answer is the version itself: "rc" */
};

struct release_package {
	char *name;	    /* as the project spells it */
	char *normal;	    /* PEP 503 */
	char *dir;	    /* below the repository's root, "" for the root */
	char *version;	    /* now */
	char *authority;    /* where VERSION stands: "pyproject.toml: project.version", or "the
			       tag (setuptools_scm)"; NULL: a release that was resumed */
	char *version_new;  /* NULL until chosen */
	char *tag_last;	    /* newest tag of this package, NULL when none */
	char *tag_since;    /* of the release before: its commits count from there; or NULL */
	bool untagged;	    /* no tag names VERSION: it is prepared and not released */
	char *suggestion;   /* "1 feature, none breaking" of its own commits; NULL: of none */
	char *suggested;    /* the version they ask for; NULL: nothing to release */
	bool follows; /* SUGGESTED only because what it needs is released with it */
	char *tag_new;	    /* NULL until chosen */
	char *tag_template; /* "v{version}" */
	char *tag_doubt;    /* why the template is a guess to be asked about; NULL: it is
			       sure, or was asked */
	struct strlist tag_others; /* templates that may be meant instead; raw */
	char *version_env;	   /* variables that tell its build the version before the tag
				      exists, with spaces between; NULL */
	bool selected;		   /* part of this release */
	struct strlist needs;	   /* normal names of members it depends on */
};

/* The notes of one changelog: of one package, or of several that share it or have none. */
struct release_notes {
	char *title;		 /* whose: "rethink-llmhub +1" */
	struct strlist packages; /* their normal names */
	char *path;	/* the changelog below the root; NULL: there is none, and none is made */
	char *why;	/* why the file stays as it is; NULL: the section goes into it */
	char *remark;	/* what else to know of it; NULL: nothing */
	bool towncrier; /* writes the section, in the worktree of the release commit */
	struct notes *draft;	     /* project/notes.h; NULL after a resume */
	struct changelog *changelog; /* the file before; of an empty one when there is none */
	char *text;		     /* the section without its heading, "" for nothing to say */
};

/* A pyproject.toml that makes no package here, and why. */
struct release_ignored {
	char *file;
	char *why;
};

/* A command with a log: a check, a build, twine check, an install. */
struct job {
	char *title;   /* for a tab: a package's or a command's name */
	char *command; /* as it could be typed */
	char *cwd;
	enum sign sign;
	char *result;			 /* "exited with 2"; NULL while it runs */
	uint64_t started_ms, elapsed_ms; /* of the loop's clock */
	struct logstore *log;
};

enum transfer_state {
	TRANSFER_WAITING,
	TRANSFER_HASHING,
	TRANSFER_ASKING,
	TRANSFER_SENDING,
	TRANSFER_READING_BACK,
	TRANSFER_PAUSING, /* until the next try */
	TRANSFER_DONE,	  /* listed with the reviewed sha256 */
	TRANSFER_THERE,	  /* the same bytes were there already */
	TRANSFER_FAILED
};

/* One file on its way to one index. */
struct transfer {
	enum transfer_state state;
	uint64_t sent, rate; /* bytes, bytes a second */
	uint64_t pause_ms;   /* left, in TRANSFER_PAUSING */
	int tries;
	char *message; /* why it pauses or failed, the index's own words included */
	char *hint;
	bool listed; /* seen on the index with the reviewed sha256 */
};

enum index_role { INDEX_TEST, INDEX_PRODUCTION, INDEX_ROLE_COUNT };

/* What was looked at inside one file. */
struct review_marks {
	bool *members; /* by their number in the archive */
	size_t cap;
	bool known;	 /* what ought to be looked at was found: */
	size_t done, of; /* of the members that changed */
	char sha256[65]; /* of the bytes that they are about; "": not known yet */
	size_t *touched; /* since they were written to the journal */
	size_t touched_count, touched_cap;
	bool unsaved;
};

struct release_file {
	size_t package; /* index into packages */
	char *name;
	char *path; /* absolute, in the release's folder */
	bool is_wheel;
	uint64_t size;
	char sha256[65]; /* frozen at the review; "" before */
	bool reviewed;	 /* marked by the reviewer */
	struct review_marks marks;
	int looked_at;		   /* percent, while it is verified */
	struct findings *findings; /* dist/finding.h; NULL until verified */
	/* wizard/compare.h: with the release commit and the newest release of the production index;
	 * NULL until verified. Its findings are among those above. */
	struct compared *compared;
	struct transfer transfer[INDEX_ROLE_COUNT];
};

/* An index as this release uses it. */
struct release_index {
	char *name;  /* "testpypi"; NULL when none was chosen */
	char *title; /* "TestPyPI" */
	char *upload_url, *simple_url;
	char *token_source; /* "PYPI_API_TOKEN, from .env"; NULL when none was found */
	bool token_loaded;  /* in memory, from there or typed */
};

enum effect_status { EFFECT_PLANNED, EFFECT_RUNNING, EFFECT_DONE, EFFECT_FAILED, EFFECT_UNDONE };

/* A line of the plan: what will change the world, in order. */
struct plan_line {
	enum step_id step;
	const char *effect; /* "tag", "upload" */
	char *does;	    /* "tag v1.1.0 on 9d1e77a, signed" */
	char *undo;	    /* "delete the tag", "cannot be undone" */
	bool reversible;
	enum effect_status status;
	char *failure;
};

/* A command that Slipway ran; the log behind L and the report. */
struct command_line {
	char *text; /* as it could be typed */
	char *cwd;
	int64_t when;
	uint64_t elapsed_ms;
	char *result; /* "ok", "exited with 1"; NULL while it runs */
};

struct release {
	char *id;	 /* of the state directory; NULL before there is one */
	char *root;	 /* work tree */
	char *state_dir; /* <common dir>/slipway/<id>; NULL before */
	char *files_dir; /* built files: state_dir/dist */
	char *worktree;	 /* linked work tree; NULL before the commit */

	struct config *config;

	/* preflight */
	char *branch;	  /* NULL when detached */
	char *head;	  /* full hash; NULL when unborn */
	char *remote;	  /* "origin"; NULL when none */
	char *python;	  /* the interpreter taken */
	char *python_why; /* "python3 on PATH has no build" */
	bool signs_commits, signs_tags;
	struct check_line *lines;
	size_t line_count;

	/* packages and the choice */
	bool lockstep;
	struct release_package *packages; /* in dependency order */
	size_t package_count;
	struct release_ignored *ignored;
	size_t ignored_count;
	struct strlist remarks;		/* what to know before choosing, a sentence each */
	struct release_commit *commits; /* newest first */
	size_t commit_count;
	struct release_choice *choices;
	size_t choice_count;
	char *suggestion; /* "2 features, none breaking"; NULL when there is none */
	char *version;	  /* chosen; of the first selected package when independent */
	char *candidate;  /* what the tag names when the files keep VERSION; NULL: the same */

	struct places *places;	 /* project/places.h; NULL until a version is chosen */
	struct edit_plan *edits; /* project/edit.h: what the included places make of the files */
	struct release_notes *notes; /* empty until the notes step */
	size_t note_count;
	char *commit; /* full hash of the release commit; NULL before */
	char *commit_subject;

	/* NEWS: towncrier */
	struct job **news, **checks, **builds, **verifies, **smokes, **installs;
	size_t news_count, check_count, build_count, verify_count, smoke_count, install_count;

	struct release_file *files; /* in upload order */
	size_t file_count;

	struct release_index index[INDEX_ROLE_COUNT];

	struct plan_line *plan;
	size_t plan_count;

	struct command_line *commands;
	size_t command_count;

	bool dry_run;
	bool resumed;
	char *held_by; /* status: the process that has the release under way now; NULL: none */
	bool accepted; /* production index has at least one file: forward only */
	char *report_path;
	struct strlist report; /* lines of the summary */
};

bool release_file_is_marked(const struct release_file *f, size_t member);
const char *sign_word(
    enum sign s); /* "ok", "look", "failed", "not checked", "running", "to come" */
const char *step_name(enum step_id s); /* "preflight" */
const char *step_title(enum step_id s);
bool step_from_name(const char *name, enum step_id *out);
/* First selected package, or NULL. */
const struct release_package *release_main(const struct release *r);
size_t release_selected(const struct release *r);
/* Appends what is known of a file in one line, as "RECORD ✓ · PyPI ✓ · 1.0.3: +3 −1 ~9 · git ~1".
 */
void release_file_line(const struct release_file *f, struct str *out);
/* How that is to be signed: SIGN_UNCHECKED as long as anything of it is not known. */
enum sign release_file_sign(const struct release_file *f);
bool release_commit_touches(const struct release_commit *c, size_t package);

#endif
