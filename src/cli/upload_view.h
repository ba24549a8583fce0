/* What slipway upload shows: the files under way on a terminal, and how each one ended. */
#ifndef SLIPWAY_CLI_UPLOAD_VIEW_H
#define SLIPWAY_CLI_UPLOAD_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/index/upload.h"

struct json;
struct loop;
struct upload_view;

struct upload_view_opts {
	const struct index_info *index; /* borrowed */
	const char *const *names;	/* of the files, safe; borrowed */
	size_t count;
	bool live;  /* standard output is a terminal that can be drawn on */
	bool quiet; /* prints nothing by itself */
	bool colour;
};

struct upload_view *upload_view_new(struct loop *l, const struct upload_view_opts *opts);
void upload_view_free(struct upload_view *v); /* NULL is fine */
void upload_view_progress(struct upload_view *v, size_t file, const struct upload_progress *p);
/* Takes the lines of the files under way off the screen; nothing is drawn afterwards. */
void upload_view_end(struct upload_view *v);
/* Fills LIST with an object for each file. */
void upload_view_json(const struct upload_view *v, struct json *list);

#endif
