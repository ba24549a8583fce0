/* Effects: the only code that changes the world. Each can be asked for (probe), done (apply) and,
 * where possible, undone. The runner journals an intent before apply and the outcome behind it. */
#ifndef SLIPWAY_WIZARD_EFFECT_H
#define SLIPWAY_WIZARD_EFFECT_H

#include "engine.h"

enum world {
	WORLD_ABSENT, /* not there: apply */
	WORLD_DONE,   /* there as wanted: nothing to do */
	WORLD_OTHER,  /* there, and different: a conflict, told by the error */
	WORLD_UNKNOWN /* could not be asked, told by the error */
};

struct effect_call;

struct effect_ops {
	const char *name;
	bool reversible;
	bool tidies; /* undo also removes what a broken apply left: wanted even when probe says
			absent */
	/* One line each for the plan; UNDO says how, or that it cannot be. */
	void (*describe)(
	    const struct wizard *w, const struct effect *fx, struct str *does, struct str *undo);
	void (*probe)(struct effect_call *c); /* ends with effect_probed() */
	void (*apply)(struct effect_call *c); /* ends with effect_ended() */
	void (*undo)(struct effect_call *c); /* ends with effect_ended(); NULL where it cannot be */
	/* The user wants to stop: ends C soon, and whole, with effect_ended(). NULL: as it is. */
	void (*soon)(struct effect_call *c);
	/* Stops what runs for C and frees c->priv; nothing may call back afterwards. NULL: nothing
	 * runs. */
	void (*stop)(struct effect_call *c);
};

struct effect {
	const struct effect_ops *ops;
	enum step_id step;
	char *key;	      /* identity in the journal: "tag v1.1.0" */
	size_t item;	      /* a package or a file, as the effect has it */
	enum index_role role; /* uploads */
	enum effect_status status;
	bool begun;	   /* the journal holds an intent for it */
	bool recorded;	   /* and its last outcome is "done" */
	int64_t unsure_at; /* an upload that the index may have taken without saying so; else 0 */
	struct err failure;
};

/* One call under way. */
struct effect_call {
	struct wizard *w;
	struct effect *fx;
	void *priv; /* the effect's own, for one probe, apply or undo */
};

void effect_probed(struct effect_call *c, enum world world, const struct err *e);
void effect_ended(struct effect_call *c, const struct err *e); /* E NULL: it worked */

extern const struct effect_ops effect_commit, effect_upload, effect_tag, effect_push_check,
    effect_branch, effect_push, effect_copy_dist;
/* A line of the plan for the files of a package that is not built yet; never run. */
extern const struct effect_ops effect_upload_later;

/* Adds to the plan of W; KEY is copied. */
struct effect *effects_add(struct wizard *w, const struct effect_ops *ops, enum step_id step,
    const char *key, size_t item, enum index_role role);
/* Forgets those of STEP and later ones. */
void effects_drop(struct wizard *w, enum step_id step);
void effects_drop_op(struct wizard *w, const struct effect_ops *ops);
/* By step, and within the publish step: tag, push check, uploads, branch, push. */
void effects_order(struct wizard *w);
void effects_free(struct wizard *w);
struct effect *effects_find(struct wizard *w, const char *key);
bool effects_begun(const struct wizard *w, enum step_id step); /* any of that step */
bool effects_failed(const struct wizard *w, enum step_id step);
bool effects_any_begun(const struct wizard *w);
/* The plan as fronts see it, made anew from the effects. */
void effects_publish_plan(struct wizard *w);

/* Probes and applies those of STEP in order; FN gets the first failure or NULL. One run at a time.
 */
typedef void (*effects_fn)(void *arg, const struct err *e);
void effects_run(struct wizard *w, enum step_id step, effects_fn fn, void *arg);
/* Undoes what was done and can be undone, last first. */
void effects_undo(struct wizard *w, effects_fn fn, void *arg);
/* Probes all that were begun, without applying: what the world says, into their status. */
void effects_probe_all(struct wizard *w, effects_fn fn, void *arg);
/* Stops after nothing: cancels the call under way. */
void effects_stop(struct wizard *w);
/* True when something that others may see is under way: it is asked to end, and the release
 * finishes as cancelled then. */
bool effects_stop_soon(struct wizard *w);

#endif
