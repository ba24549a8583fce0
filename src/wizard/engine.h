/* The inside of the wizard: what steps and effects see of it. Not for fronts. */
#ifndef SLIPWAY_WIZARD_ENGINE_H
#define SLIPWAY_WIZARD_ENGINE_H

#include "slipway/base/json.h"
#include "slipway/dist/acknowledge.h"
#include "slipway/index/index.h"
#include "slipway/os/loop.h"
#include "slipway/project/changelog.h"
#include "slipway/project/packages.h"
#include "slipway/wizard/wizard.h"

struct effect;
struct effect_run;
struct http;
struct index_server;
struct journal;
struct jobs;
struct process;
struct repo;
struct secret;
struct step_ops;
struct wizard;
struct worker;
struct worktree;

/* The token of one package for one index, in memory. */
struct token_slot {
	struct secret *token; /* NULL: not loaded */
	char *user;	      /* NULL: "__token__" */
};

struct step_run {
	struct wizard *w;
	const struct step_ops *ops;
	void *priv; /* zeroed at enter, freed after leave */
	enum sign sign;
	char *text;
	struct err err;
	uint64_t started_ms, elapsed_ms;
	bool entered;
};

/* A step looks, asks and plans; it changes the world through effects alone. It ends with exactly
 * one of step_done(), step_skip() and step_fail(). */
struct step_ops {
	enum step_id id;
	size_t priv_size;
	void (*enter)(struct step_run *s);
	void (*answer)(struct step_run *s, const struct answer *a); /* NULL: it never asks */
	/* Cancels what runs and frees what PRIV holds; called once after each enter. NULL: nothing
	 * to do. */
	void (*leave)(struct step_run *s);
	/* What a resumed release must know of this step; NULL: nothing. */
	struct json *(*save)(const struct wizard *w);
	enum err_code (*load)(struct wizard *w, const struct json *data, struct err *e);
};

struct wizard {
	struct loop *loop;
	struct worker *worker;
	struct http *http;
	struct journal *journal; /* NULL until there is a state directory */
	const struct front_ops *front;
	void *front_arg;

	/* Own copies of the options. */
	enum wizard_mode mode;
	const char *reader; /* static */
	char *dir, *config_path, *bump, *test_index, *confirm, *accept_findings;
	char *common_dir; /* of the repository; NULL until it was found */
	struct strlist leave_out, edit_also; /* of the command line */
	struct strlist tag_answers; /* ask_tag.c: a name ("" for all) and a template, in turns */
	bool config_in_head; /* the configuration can be edited by the release commit */
	char *tag_hint;	     /* keep_tag.c: what it could not do; NULL */
	struct strlist packages;
	bool dry_run, unattended, take_presets, no_notes;
	bool date_candidates, date_candidates_chosen; /* by a flag or a person */
	bool new_changelog_chosen;
	enum changelog_fresh new_changelog; /* when chosen */

	struct release rel;
	struct packages found;	  /* as the project layer sees them: survey.c */
	struct strlist tag_names; /* all tags of the repository */
	struct notes_doc *note_docs; /* release_notes.c; one for each of rel.notes */
	struct json *curated;	      /* of the journal: for the notes that are drafted again */
	struct acknowledgements acknowledged; /* acknowledged.c; of this release alone */
	struct step_run steps[STEP_COUNT];
	enum step_id step; /* the one under way */

	struct question question; /* open when question_open; texts belong to who asked */
	bool question_open;
	char *question_error;		      /* owned */
	struct question_option *fail_options; /* owned; of the question of step_fail() */
	const char *flag_answer; /* answers the open question in this turn; NULL: nobody has */

	struct effect **effects; /* in the order they happen */
	size_t effect_count, effect_cap;
	struct effect_run *effect_run; /* effects.c; NULL when none is under way */
	struct worktree *clearing;     /* what an abort removes last; NULL: nothing under way */

	struct index_server *rehearsal; /* rehearsal.c; NULL while it does not run */
	struct index_info index_info[INDEX_ROLE_COUNT];	  /* indexes.c; empty until resolved */
	struct strlist *known_versions[INDEX_ROLE_COUNT]; /* indexes.c; one list a package */
	size_t known_count;
	struct token_slot *token_slots[INDEX_ROLE_COUNT]; /* tokens.c; one a package */
	size_t token_slot_count[INDEX_ROLE_COUNT];
	bool ask_token[INDEX_ROLE_COUNT]; /* the one that was found did not serve */

	void (*lend_fn)(void *arg, bool given); /* waits for wizard_terminal_given() */
	void *lend_arg;
	struct git_task *lent_to; /* has the terminal now */

	struct jobs *jobs; /* the set of commands under way; NULL: none */
	size_t command_cap;
	uint64_t started_ms;
	bool running, finished;
	bool cancelling;   /* finishes once the effect under way has ended */
	bool went_back;	   /* a person chooses anew: flags and presets have had their turn */
	bool flag_answers; /* the answer being given comes from a flag or a preset */
	bool replayed;	   /* the journal was read whole */
	bool lost_upload; /* the journal tells of an upload to production that is not in the plan */
	uint64_t finished_ms;
	struct loop_timer *ending;  /* looks again whether all has ended */
	bool left_out_dirty;	    /* the user goes on with a dirty tree */
	bool hook_failed;	    /* a git hook refused the release commit */
	size_t mark_records; /* of the review, written in this run */
	bool without_hooks;	    /* the user said to go on without them */
	struct err survey_err;	    /* why no packages are known */
	bool ssh_command;	    /* core.sshCommand is set */
	char *checked_out_at;	    /* work tree that has the branch; NULL: none */
	struct strlist token_names; /* configured variables that hold tokens: no child gets them */
	struct err plan_err;	    /* the checks that failed, for the end of a plan */
	struct err result;
};

extern const struct step_ops step_preflight, step_version, step_edits, step_notes, step_commit,
    step_checks, step_build, step_verify, step_review, step_rehearse, step_smoke, step_confirm,
    step_publish, step_live, step_summary;

/* -- for steps -- */

/* Ends the step well, with one line for the rail; the next one is entered in this turn. */
void step_done(struct step_run *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
void step_skip(struct step_run *s, const char *why);
/* Ends the step badly. With a person there the question ID opens, with "again" and "leave" and what
 * else OPTIONS (NULL: nothing) holds; its answer other than those two goes to the step. Else the
 * release stops. */
void step_fail(struct step_run *s, const struct err *e, enum question_id id,
    const struct question_option *options, size_t option_count);
/* Opens a question, or answers it at once from the flags. Texts of Q are borrowed until it is
 * answered. */
void step_ask(struct step_run *s, const struct question *q);
/* Refuses the answer just given: the same question opens again. */
void step_refuse(struct step_run *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
void step_changed(struct step_run *s);
/* Enters the step again from its beginning. */
void step_again(struct step_run *s);

/* resume.c: the journal's side of the engine */
void wizard_begin(struct wizard *w); /* finds an unfinished release, enters the first step */
enum err_code wizard_record_step(struct wizard *w, const struct step_run *s, struct err *e);
void wizard_close_journal(struct wizard *w);
void wizard_enter(struct wizard *w, enum step_id step);
void resume_ask(struct wizard *w);
void resume_answer(struct wizard *w, const struct answer *a);

/* -- for steps and effects -- */

/* Asks the front for the terminal; FN gets whether it was given. One at a time. */
void wizard_lend(
    struct wizard *w, const char *reason, void (*fn)(void *arg, bool given), void *arg);
void wizard_take_back(struct wizard *w);
/* Nobody waits for the terminal any more; when the front gives it all the same, it goes straight
 * back. */
void wizard_lend_withdraw(struct wizard *w, void *arg);
/* Finishes with E (NULL: well) once the loop comes round. */
void wizard_finish(struct wizard *w, const struct err *e);
/* Appends a line to the command log; the index for wizard_log_end(). */
size_t wizard_log_begin(struct wizard *w, const char *text, const char *cwd);
void wizard_log_end(struct wizard *w, size_t line, const char *result, uint64_t elapsed_ms);

/* model.c: the memory of struct release */
void release_fini(struct release *r);
void release_clear_files(struct release *r);
void release_clear_packages(struct release *r);
void release_clear_plan(struct release *r);
void release_clear_choices(struct release *r);
void release_clear_lines(struct release *r);
void release_clear_edits(struct release *r);
void release_clear_notes(struct release *r);
struct job *job_new(const char *title, const char *command, const char *cwd);
void job_free(struct job *j);
void jobs_clear(struct job ***jobs, size_t *count);

#endif
