/* The engine of a release: runs the steps on the loop, asks the front, keeps the journal. Knows no
 * screen. Life: wizard_new(), wizard_start(), then the loop until front_ops.finished;
 * wizard_free(). */
#ifndef SLIPWAY_WIZARD_WIZARD_H
#define SLIPWAY_WIZARD_WIZARD_H

#include <stdbool.h>

#include "slipway/wizard/front.h"

struct check_settings;
struct compare_run;
struct compared;
struct dist_check_opts;
struct finding;
struct findings;
struct loop;
struct wizard;

enum wizard_mode {
	WIZARD_RELEASE,
	WIZARD_PLAN, /* up to the notes and the plan; writes nothing, not even remote-tracking refs
		      */
	WIZARD_RESUME, /* the unfinished release goes on */
	WIZARD_ABORT,  /* undo of it what can be undone */
	WIZARD_STATUS, /* only asks git and the indexes where it stands */
};

struct wizard_opts {
	enum wizard_mode mode;
	const char *reader; /* the program that reads built files: dist/reader.h; static */
	const char *dir;		/* where to look for the repository; NULL: here */
	const char *config_path;	/* --config */
	const char *bump;		/* BUMP or a version; NULL: ask */
	const struct strlist *packages; /* --package; NULL or empty: all */
	const struct strlist *leave_out; /* --leave-out PLACE; NULL: none */
	const struct strlist *edit_also; /* --edit-also PLACE; NULL: none */
	const struct strlist *tags;	 /* --tag [NAME=]TEMPLATE; NULL: none */
	const char *test_index;		/* --test-index: a name or "none"; NULL: configured */
	const char *confirm;		/* --confirm VERSION; NULL: ask */
	const char *accept_findings;	/* why findings of verify stop nothing; NULL: ask */
	bool dry_run;
	bool unattended;   /* no person will answer: missing answers are one error, before any
			    * effect, that lists them all */
	bool take_presets; /* --yes */
	bool no_notes;	   /* --no-notes: the changelog stays as it is */
	bool date_candidates;	   /* --date-candidates */
	const char *new_changelog; /* --new-changelog STYLE; NULL: configured */
};

/* OPTS is copied. FRONT is called from the loop only. The caller owns *OUT. */
enum err_code wizard_new(struct loop *l, const struct wizard_opts *opts,
    const struct front_ops *front, void *front_arg, struct wizard **out, struct err *e);
void wizard_free(struct wizard *w); /* NULL is fine; cancels what runs, keeps the journal */

/* Begins; the first events come from the loop, not from here. */
void wizard_start(struct wizard *w);

/* Answers the open question. An answer that does not fit opens the question again with its error.
 */
void wizard_answer(struct wizard *w, const struct answer *a);
/* Answer to front_ops.lend. */
void wizard_terminal_given(struct wizard *w, bool given);
/* Back to the step before, where nothing has to be undone but the release commit's own worktree;
 * false, and why in *WHY (borrowed, static), when that is not possible. */
bool wizard_back(struct wizard *w, const char **why);
/* Stops what runs after the effect under way, keeps or removes the state as wizard_leaving() says,
 * and finishes with ERR_CANCELLED. */
void wizard_cancel(struct wizard *w);
/* What stays when the user leaves now: one or two sentences. The caller owns it. */
char *wizard_leaving(const struct wizard *w);

/* The user's wishes between questions; each redraws through front_ops.changed. */
void wizard_look_again(struct wizard *w);	      /* preflight */
void wizard_leave_out(struct wizard *w, size_t line); /* preflight: go on with a dirty tree */
void wizard_select_package(struct wizard *w, size_t package, bool selected); /* version */
void wizard_include_place(struct wizard *w, size_t place, bool included);    /* edits */
/* notes: what is wished for entry AT of notes[DOC], and where it stands afterwards. GROUP goes with
 * NOTE_REGROUP. */
enum note_wish { NOTE_TAKE, NOTE_DROP, NOTE_UP, NOTE_DOWN, NOTE_REGROUP };
size_t wizard_curate(
    struct wizard *w, size_t doc, size_t at, enum note_wish wish, size_t group);
bool wizard_reword(struct wizard *w, size_t doc, size_t at, const char *text); /* false: empty */
/* An entry of the person's own below GROUP; where it stands, SIZE_MAX: TEXT is empty. */
size_t wizard_add_note(struct wizard *w, size_t doc, size_t group, const char *text);
/* The whole section in $VISUAL or $EDITOR, on the terminal that the front lends. */
void wizard_edit_notes(struct wizard *w, size_t doc);
void wizard_entries_again(struct wizard *w, size_t doc); /* drops what was written there */
void wizard_mark_reviewed(struct wizard *w, size_t file, bool reviewed);     /* review */
void wizard_mark_member(struct wizard *w, size_t file, size_t member, bool reviewed);
/* How many members changed and ought to be reviewed, and how many were. */
void wizard_count_members(struct wizard *w, size_t file, size_t done, size_t of);
/* review: a finding is accepted for this release, REASON NULL: not any more. Kept at once, and
 * counted in all files. ERR_USAGE for what cannot be, ERR_NOT_FOUND when the project says it. */
enum err_code wizard_acknowledge(
    struct wizard *w, const struct finding *f, const char *reason, struct err *e);
/* How verify asks the rules about FILE, for a viewer that has to ask itself: PATHS are those of all
 * files; they and SETTINGS must outlive *OUT. */
void wizard_check_opts(const struct wizard *w, const struct check_settings *settings,
    const struct strlist *paths, size_t file, struct dist_check_opts *out);
/* For findings that a viewer looked for: as verify takes out what is ignored and marks what is
 * acknowledged, by the project and in this release. */
void wizard_settle_findings(const struct wizard *w, struct findings *f);
void wizard_cancel_jobs(struct wizard *w); /* checks, build, smoke: ends their process groups */

/* Compares FILE again for a viewer: REV NULL is the release commit, AGAINST NULL the newest older
 * release of the production index. As compare_start(), in wizard/compare.h. */
struct compare_run *wizard_compare(struct wizard *w, size_t file, const char *rev,
    const char *against, void (*fn)(void *arg, struct compared *c, const struct err *e), void *arg);

/* Borrowed for the life of W; its content changes with every turn of the loop. */
const struct release *wizard_release(const struct wizard *w);
const struct question *wizard_question(const struct wizard *w); /* the open one, or NULL */
enum step_id wizard_step(const struct wizard *w);
enum sign wizard_step_sign(const struct wizard *w, enum step_id step);
/* One line of what came out of a step, or why it failed; "" before. Borrowed. */
const char *wizard_step_text(const struct wizard *w, enum step_id step);
const struct err *wizard_step_error(const struct wizard *w, enum step_id step); /* NULL: none */
uint64_t wizard_elapsed_ms(const struct wizard *w);

#endif
