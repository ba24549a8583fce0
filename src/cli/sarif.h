/* Findings as SARIF 2.1.0 (OASIS), the form that code scanning services read. */
#ifndef SLIPWAY_CLI_SARIF_H
#define SLIPWAY_CLI_SARIF_H

#include "slipway/base/err.h"
#include "slipway/dist/finding.h"

struct json;

/* A log with one run; all but LOG is borrowed from it. */
struct sarif {
	struct json *log, *invocation, *results;
	struct json *notes; /* NULL until something could not be looked at */
};

/* Fills *S with an empty run and all rules; the caller frees its LOG: json_free(). */
void sarif_init(struct sarif *s);
/* PATH as it was given; a result for each finding, in "PATH!MEMBER". */
void sarif_add_findings(struct sarif *s, const char *path, const struct findings *f);
/* A file that could not be looked at: the run was not successful. */
void sarif_add_failure(struct sarif *s, const char *path, const struct err *e);

#endif
