/* What the messages of a reader's child amount to. Nothing in them is trusted: numbers are checked,
 * texts are bounded and made safe. */
#ifndef SLIPWAY_DIST_READER_MODEL_H
#define SLIPWAY_DIST_READER_MODEL_H

#include "reader_wire.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/facts.h"

struct reader_model {
	struct archive *archive; /* whole when LISTED */
	struct findings findings;
	struct archive_facts facts;
	bool listed, ended;
	struct err end; /* of the pass */
	uint64_t done, total;
	size_t passed;
};

/* LIMITS bound the listing. */
void reader_model_init(struct reader_model *m, const struct archive_limits *limits);
void reader_model_fini(struct reader_model *m);
/* Takes one message that is about the archive; false when it makes no sense. */
bool reader_model_take(struct reader_model *m, enum wire_kind kind, struct wire *w);
/* The child is gone, for HOW: the finding RULE_LIMIT, whatever it had said. */
void reader_model_break(struct reader_model *m, const char *how);
/* Code, message and hint of an error; false when it makes no sense. */
bool reader_take_err(struct wire *w, struct err *e);

/* The same from the other side: appends messages of at most WIRE_MAX. */
void reader_put_members(struct str *out, const struct archive *a, size_t *from);
void reader_put_listed(struct str *out, const struct archive *a);
void reader_put_findings(struct str *out, const struct findings *f);
void reader_put_facts(struct str *out, const struct archive_facts *f, size_t *from);
/* Text WHICH of those that were kept, in parts. */
void reader_put_kept(struct str *out, const struct archive_facts *f, enum compare_kept which);
void reader_put_err(struct str *out, const struct err *e);

#endif
