/* What an inspection found, and the table of rules behind it. */
#ifndef SLIPWAY_DIST_FINDING_H
#define SLIPWAY_DIST_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/compiler.h"

enum finding_severity {
	FINDING_INFO,  /* worth a look */
	FINDING_WARN,  /* probably not meant */
	FINDING_ERROR, /* the upload would fail, or integrity is broken */
	FINDING_SEVERITY_COUNT
};

enum rule_id {
#define RULE(name, id, severity, title, meaning, fix) RULE_##name,
#include "slipway/dist/rules.def"
#undef RULE
	RULE_COUNT
};

struct dist_rule {
	const char *id; /* stable: "ZIP01" */
	enum finding_severity severity;
	const char *title;
	const char *meaning;
	const char *fix;
};

const struct dist_rule *dist_rule(enum rule_id id);
/* By its stable id, any case, or by the one that check-wheel-contents has for it; NULL when there
 * is none. */
const struct dist_rule *dist_rule_find(const char *id);
enum rule_id dist_rule_index(const struct dist_rule *rule);
const char *finding_severity_name(enum finding_severity severity); /* "ERROR" */

#define FINDING_NO_MEMBER SIZE_MAX

struct finding {
	enum rule_id rule;
	enum finding_severity severity;
	size_t index;  /* of the member in the archive, or FINDING_NO_MEMBER */
	char *member;  /* its name made safe; NULL when the whole file is meant */
	size_t line;   /* in the member, from 1; 0 when there is none */
	char *message; /* made safe */
	char *sha256;  /* of the member, or of the file; NULL unless dist_check() was asked for it
			*/
	char *reason;  /* why it was acknowledged; NULL: it counts */
};

/* At most FINDINGS_PER_RULE are kept of each rule, so that a hostile archive cannot fill memory. */
#define FINDINGS_PER_RULE 100

struct findings {
	struct finding *items;
	size_t count;
	size_t cap;
	size_t seen[RULE_COUNT]; /* kept or not */
	bool lowered[RULE_COUNT]; /* findings_lower() */
	size_t acknowledged[RULE_COUNT];
	bool closed;
};

#define FINDINGS_EMPTY                                                                             \
	{                                                                                          \
		.items = NULL                                                                      \
	}

void findings_fini(struct findings *f); /* empty is fine; empty afterwards */

/* Where a finding is about; all zero but INDEX means the whole file. */
struct finding_place {
	size_t index;
	const char *name; /* raw bytes of the member's name, NULL for none */
	size_t name_len;
	size_t line;
};

#define FINDING_WHOLE_FILE ((struct finding_place) { .index = FINDING_NO_MEMBER })

/* The message is sanitised here; the severity is the rule's. */
void findings_add(struct findings *f, enum rule_id rule, struct finding_place place,
    const char *fmt, ...) PRINTF_LIKE(4, 5);
/* Appends one as it is, owned from now on and safe already; not counted as seen. */
void findings_put(struct findings *f, struct finding item);
/* Appends one "and N more" for each rule that was cut, once; call when everything was looked at. */
void findings_close(struct findings *f);
/* Moves all of FROM behind those of TO. */
void findings_take(struct findings *to, struct findings *from);
/* Appends copies. */
void findings_copy(struct findings *to, const struct findings *from);
/* Makes errors of RULE warnings, those found already and those counted. */
void findings_lower(struct findings *f, enum rule_id rule);
/* Takes out those of RULE, as if it was not looked for. RULE_LIMIT and RULE_CHANGED stay: what was
 * not looked at is never clean. */
void findings_ignore(struct findings *f, enum rule_id rule);
/* The one at I stays in the list and counts no longer. */
void findings_acknowledge(struct findings *f, size_t i, const char *reason);
/* How many there are at SEVERITY or above, cut ones counted, acknowledged ones not. */
size_t findings_at_least(const struct findings *f, enum finding_severity severity);
/* Worst first, then by member, line and rule. */
void findings_sort(struct findings *f);

#endif
