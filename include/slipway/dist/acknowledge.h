/* Findings that a person looked at and accepted, with a reason. Each is bound to the content that
 * it was about: when that changes, the finding counts again. */
#ifndef SLIPWAY_DIST_ACKNOWLEDGE_H
#define SLIPWAY_DIST_ACKNOWLEDGE_H

#include <stddef.h>

#include "slipway/base/digest.h"
#include "slipway/base/err.h"
#include "slipway/dist/finding.h"

/* Lies beside slipway.toml. */
#define ACKNOWLEDGED_FILE "slipway-acknowledged.toml"

struct acknowledgement {
	char *rule, *member; /* MEMBER is "" for a finding about the whole file */
	size_t line;
	char *sha256, *reason;
};

struct acknowledgements {
	struct acknowledgement *items;
	size_t count, cap;
};

#define ACKNOWLEDGEMENTS_EMPTY                                                                     \
	{                                                                                          \
		.items = NULL                                                                      \
	}

/* Reads the file at PATH into *OUT (empty before); not there is fine. ERR_CONFIG:
 * "FILE:LINE:COLUMN: ...". The caller ends it with acknowledgements_fini(). */
enum err_code acknowledgements_load(const char *path, struct acknowledgements *out, struct err *e);
void acknowledgements_fini(struct acknowledgements *a); /* empty is fine; empty afterwards */
/* Acknowledges those of F (with hashes) that are in A: the same rule, member, line and content. */
void acknowledgements_apply(const struct acknowledgements *a, struct findings *f);
/* Writes one more behind what the file at PATH says, and makes the file when there is none.
 * ERR_USAGE for a finding without a hash, without a reason, or that cannot be acknowledged. */
enum err_code acknowledgements_add(
    const char *path, const struct finding *f, const char *reason, struct err *e);
/* Takes out of the file at PATH what it says about F, and nothing else. ERR_NOT_FOUND when it says
 * nothing; ERR_UNSUPPORTED when it says it in a table on one line. */
enum err_code acknowledgements_remove(const char *path, const struct finding *f, struct err *e);

/* What tells one finding from all others, for other tools: a hash of rule, member, line and
 * content.
 */
void finding_fingerprint(const struct finding *f, char out[DIGEST_HEX_SIZE]);

#endif
