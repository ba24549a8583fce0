/* What the wizard asks of a person, or of the flags that answer for one. */
#ifndef SLIPWAY_WIZARD_QUESTION_H
#define SLIPWAY_WIZARD_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/wizard/release.h"

struct secret;

enum question_kind {
	QUESTION_CHOICE, /* one of the options, by its id */
	QUESTION_TEXT,	 /* a choice where any text will do as well: a version */
	QUESTION_TYPED,	 /* the word in EXPECTED, typed out */
	QUESTION_SECRET, /* hidden; answered with a struct secret */
};

enum question_id {
	ASK_UNFINISHED,	    /* an unfinished release: resume, abort, leave */
	ASK_PREFLIGHT,	    /* go on; only offered when nothing stops the release */
	ASK_TAG,	    /* which tags a package gets, where its tags do not say it for sure */
	ASK_VERSION,	    /* which bump or version; options are release.choices */
	ASK_NUMBERS,	    /* a tuple of numbers cannot say the version: its numbers, as it is */
	ASK_EDITS,	    /* accept the diff */
	ASK_NOTES,	    /* take the notes; without them; or open the editor */
	ASK_NOTES_FAILED,   /* the notes cannot be drafted: again, without them */
	ASK_HOOK_FAILED,    /* a git hook refused the commit: again, without hooks */
	ASK_CHECKS_FAILED,  /* go on, again */
	ASK_FINDINGS,	    /* verify found ERROR or WARN: go on with a reason, again */
	ASK_REVIEW,	    /* the files were looked at: freeze them */
	ASK_TEST_INDEX,	    /* where to rehearse, or skip */
	ASK_TEST_TOKEN,	    /* hidden */
	ASK_UPLOAD_FAILED,  /* an upload failed: again, other token, skip (rehearsal only) */
	ASK_SMOKE_FAILED,   /* go on, again */
	ASK_CONFIRM,	    /* the typed version */
	ASK_TOKEN,	    /* production token, hidden */
	ASK_PUBLISH_FAILED, /* an effect behind the confirmation failed: again, leave */
	ASK_LEND,	    /* git needs the terminal: give it over */
	ASK_LIVE_FAILED,    /* not listed in time, or the install failed: wait on, go on */
	ASK_SUMMARY,	    /* the end: finish (and copy to dist/ after a dry run) */
	ASK_COUNT
};

struct question_option {
	const char *id;	    /* "go-on": what an answer carries */
	const char *label;  /* "go on without the checks" */
	const char *detail; /* may be NULL */
};

struct question {
	enum question_id id;
	enum step_id step;
	enum question_kind kind;
	const char *title; /* "Which version?" */
	const char *text;  /* may be NULL */
	const struct question_option *options;
	size_t option_count;
	const char *preset;   /* id of the default option; NULL: silence is no answer */
	bool undoable;	      /* --yes may take the preset */
	bool keyed;	      /* a screen has keys for all options but the preset */
	const char *expected; /* QUESTION_TYPED */
	const char *flag;     /* what answers it in a script: "--confirm 1.1.0" */
	const char *error;    /* why the last answer was refused; NULL at first */
	/* The option that is taken with a reason alone, in answer.reason; NULL: none. */
	const char *reason_for;
};

struct answer {
	enum question_id id;
	const char *text;      /* option id, or the text typed; NULL for a secret */
	struct secret *secret; /* taken over by the wizard; NULL otherwise */
	const char *reason;    /* with the option question.reason_for; else NULL */
};

#endif
