/* All that slipway inspect knows of one file, for people and for programs. */
#ifndef SLIPWAY_CLI_INSPECT_LOOK_H
#define SLIPWAY_CLI_INSPECT_LOOK_H

#include "place.h"
#include "slipway/base/digest.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/metadata.h"
#include "slipway/index/index.h"
#include "slipway/wizard/check_settings.h"
#include "slipway/wizard/compare.h"

struct http;
struct json;
struct loop;
struct options;
struct reading;
struct worker;

/* What serves all files of one command. */
struct inspector {
	const struct options *o;
	struct place place;
	struct check_settings settings;
	struct index_info index; /* that may be asked for the release before */
	bool has_index;
	struct loop *loop;
	struct worker *worker;
	struct http *http;
};

/* Ends *OUT with inspector_fini(), after a failure too. */
enum err_code inspector_init(const struct options *o, struct inspector *out, struct err *e);
void inspector_fini(struct inspector *i);
/* What its files are compared with; the path is left out. */
struct compare_opts inspector_compare_opts(const struct inspector *i);

struct look {
	const char *path;
	char *name; /* safe */
	struct reading *reading;
	const struct archive *archive; /* the reading's */
	uint64_t size;
	struct findings found; /* of the rules and of the comparisons */
	struct metadata metadata;
	bool has_metadata;
	char sha256[DIGEST_HEX_SIZE];
	struct compared *compared; /* never NULL when the file could be read */
};

/* ERR_* as reading_open() has them. The caller ends *OUT with look_fini() in any case. */
enum err_code look_at(struct inspector *i, const char *path, struct look *out, struct err *e);
void look_fini(struct look *k);

const char *look_format(const struct look *k);	    /* "wheel" */
const char *look_kind_word(enum member_kind kind); /* "file" */

/* Appends everything, readable. */
void inspect_plain(const struct look *k, bool colour, struct str *out);
/* Adds one object to LIST: slipway help inspect. */
void inspect_json(const struct look *k, struct json *list);
/* The same for a file that could not be looked at. */
void inspect_json_failure(const char *path, const struct err *e, struct json *list);

#endif
