/* The documents that the rehearsal index shows of its store: simple API and project JSON. */
#ifndef SLIPWAY_INDEX_PAGE_H
#define SLIPWAY_INDEX_PAGE_H

#include <stdbool.h>

#include "slipway/base/str.h"

struct json;
struct store;
struct store_file;
struct store_project;

enum page_form { PAGE_HTML, PAGE_SIMPLE_HTML, PAGE_JSON, PAGE_FORM_COUNT };

/* What an Accept header asks for; NULL or nonsense is HTML. */
enum page_form page_form_of(const char *accept);
const char *page_form_type(enum page_form form);
/* The client would rather read errors as JSON. */
bool page_wants_json(const char *accept);

void page_projects(const struct store *s, enum page_form form, struct str *out);
void page_files(
    const struct store *s, const struct store_project *p, enum page_form form, struct str *out);
/* The release that the project document describes when none is named: the last final one, else the
 * last. */
const char *page_latest(const struct store_project *p);
/* False when P has no such version. BASE is the URL of the index with its slash. */
bool page_project_json(const struct store *s, const struct store_project *p, const char *version,
    const char *base, struct str *out);

/* As the body of a refusal: {"message", "code", "title"}. */
void page_error_json(int status, const char *title, const char *message, struct str *out);

#endif
