/* Answers of package indexes, told in plain words. The texts that are looked for are those of
 * Warehouse, pypiserver, devpi and the indexes that forges run. */
#include "verdict.h"

#include <string.h>
#include <strings.h>

#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/str.h"
#include "slipway/index/index.h"
#include "slipway/os/http.h"

#define SAID_MAX 600

static bool
contains(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text != '\0'; text++) {
		if (strncasecmp(text, word, len) == 0)
			return true;
	}
	return false;
}

/* "400 The text" without its number; generic phrases are no text. */
static const char *
useful(const char *text)
{
	static const char *const generic[] = { "Bad Request", "Forbidden", "Unauthorized",
		"Conflict", "Not Found", "OK", "Internal Server Error", "Service Unavailable",
		"Gone", "Method Not Allowed", "Request Entity Too Large", "Payload Too Large",
		"Content Too Large", "Too Many Requests", "Service Temporarily Unavailable",
		"Bad Gateway", "Gateway Timeout", "Gateway Time-out" };

	if (text == NULL)
		return NULL;
	if (strspn(text, "0123456789") == 3 && text[3] == ' ')
		text += 4;
	for (size_t i = 0; i < ARRAY_LEN(generic); i++) {
		if (strcasecmp(text, generic[i]) == 0)
			return NULL;
	}
	return text[0] != '\0' ? text : NULL;
}

/* The text of a page: tags and runs of space are one space, and what is in <head> and <style> is
 * left out. */
static void
put_page_text(struct bytes body, struct str *out)
{
	bool in_tag = false;

	for (size_t i = 0; i < body.len && out->len < SAID_MAX; i++) {
		char c = body.data[i];
		bool is_gap = in_tag || strchr(" \t\r\n<>", c) != NULL;

		if (c == '<') {
			struct bytes rest = { .data = body.data + i, .len = body.len - i };

			if (rest.len > 6 && (strncasecmp(rest.data, "<head>", 6) == 0 ||
						strncasecmp(rest.data, "<style", 6) == 0)) {
				const char *close = rest.data[1] == 's' || rest.data[1] == 'S'
							? "</style"
							: "</head";

				while (i + 7 < body.len &&
				       strncasecmp(body.data + i, close, strlen(close)) != 0)
					i++;
			}
			in_tag = true;
		} else if (c == '>') {
			in_tag = false;
		}
		if (!is_gap)
			str_putc(out, c);
		else if (out->len > 0 && out->data[out->len - 1] != ' ')
			str_putc(out, ' ');
	}
}

static bool
put_json_text(struct bytes body, struct str *out)
{
	static const struct json_limits limits = { .size_bytes = 65536, .depth = 8 };
	static const char *const keys[] = { "code", "detail", "message", "error", "title" };
	struct json *doc = NULL;
	const char *text = NULL;

	if (json_parse(body, "answer", &limits, &doc, NULL) != ERR_OK)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(keys) && text == NULL; i++)
		text = useful(json_text(doc, keys[i]));
	if (text != NULL)
		str_puts(out, text);
	json_free(doc);
	return text != NULL;
}

/* What the index said, best source first: JSON, reason phrase, text of the page. */
static void
said(const struct http_answer *a, struct str *out)
{
	const char *type = http_header(a, "content-type");
	struct str raw = STR_EMPTY;
	struct bytes text;

	if (!(type != NULL && strstr(type, "json") != NULL && put_json_text(a->body, &raw))) {
		if (useful(a->reason) != NULL)
			str_puts(&raw, useful(a->reason));
		else
			put_page_text(a->body, &raw);
	}
	text = bytes_trim((struct bytes) { .data = str_text(&raw), .len = raw.len });
	/* Plain bodies begin with the status line again. */
	if (text.len > 4 && text.data[3] == ' ' && strspn(text.data, "0123456789") == 3) {
		text.data += 4;
		text.len -= 4;
	}
	sanitise(text.data, text.len < SAID_MAX ? text.len : SAID_MAX, out);
	str_fini(&raw);
}

static const struct {
	const char *text; /* in what the index said */
	enum err_code code;
	const char *hint;
} refusals[] = {
	{ "previously used by a file", ERR_CONFLICT,
	    "a file name is never free again, even after deleting: release the next version" },
	{ "too similar to an existing project", ERR_REFUSED,
	    "choose another name for the project" },
	{ "conflicts with an existing project", ERR_REFUSED,
	    "choose another name for the project" },
	{ "Standard Library", ERR_REFUSED, "choose another name for the project" },
	{ "older than 14 days", ERR_REFUSED, "release a new version instead" },
	{ "Only one sdist", ERR_CONFLICT,
	    "the version has another sdist already: release the next version" },
	{ "too large", ERR_LIMIT, "make the file smaller, or ask the index for a higher limit" },
	{ "Project size", ERR_LIMIT, "delete old releases, or ask the index for a higher limit" },
	{ "failed to render", ERR_INVALID,
	    "correct the README (\"twine check\" shows where), or state its content type; then "
	    "build again" },
	{ "local version", ERR_INVALID,
	    "take the part behind the + out of the version and build again" },
	{ "classifier", ERR_INVALID, "correct the classifiers in pyproject.toml and build again" },
	{ "digest supplied does not match", ERR_CONFLICT,
	    "the file was changed while it was sent: build and review it again" },
	{ "Invalid distribution file", ERR_INVALID,
	    "build it again, and look inside with \"slipway inspect\"" },
	{ "Non-user identities", ERR_AUTH,
	    "the trusted publisher is set up for another project name" },
	{ "is not a valid metadata version", ERR_UNSUPPORTED,
	    "the index does not know this metadata version yet: build with an older backend" },
	{ "metadata", ERR_INVALID, "correct the metadata in pyproject.toml and build again" },
};

static void
judge_400(const struct verdict_file *f, const char *text, struct verdict *out)
{
	static const char *const exists[] = { "already exist", "updating asset",
		"overwrite artifact", "already been taken" };

	for (size_t i = 0; i < ARRAY_LEN(exists); i++) {
		if (contains(text, exists[i])) {
			out->kind = VERDICT_EXISTS;
			err_set(&out->why, ERR_CONFLICT, "%s: %s", f->index->title, text);
			return;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (contains(text, refusals[i].text)) {
			err_set(&out->why, refusals[i].code, "%s refused %s: %s", f->index->title,
			    f->file_name, text);
			err_hint(&out->why, "%s", refusals[i].hint);
			return;
		}
	}
	err_set(&out->why, ERR_REFUSED, "%s refused %s: %s", f->index->title, f->file_name,
	    text[0] != '\0' ? text : "400, and it does not say why");
	err_hint(&out->why, "correct what it says and build again");
}

static void
judge_auth(const struct verdict_file *f, int status, const char *text, struct verdict *out)
{
	err_set(&out->why, ERR_AUTH, "%s does not let us upload %s: %d%s%s", f->index->title,
	    f->file_name, status, text[0] != '\0' ? " " : "", text);
	if (contains(text, "temporarily disabled") || contains(text, "read-only mode")) {
		out->why.code = ERR_BUSY;
		err_hint(&out->why, "the index takes no uploads at the moment: go on later with "
				    "\"slipway resume\"");
	} else if (contains(text, "isn't allowed to upload") ||
		   contains(text, "not valid for project")) {
		err_hint(&out->why,
		    "the token is for another project or account: take one whose scope has %s, or "
		    "ask an owner "
		    "of the project for the right to upload",
		    f->project);
	} else if (contains(text, "expired")) {
		err_hint(&out->why, "the token has expired: make a new one");
	} else if (contains(text, "Username/Password")) {
		err_hint(&out->why, "use an API token with the user name __token__");
	} else if (contains(text, "two factor") || contains(text, "2FA") ||
		   contains(text, "verified")) {
		err_hint(
		    &out->why, "finish setting up the account on the site of %s", f->index->title);
	} else {
		err_hint(&out->why,
		    "check that the token is whole, was made on %s and not on another index, and "
		    "is allowed for %s",
		    f->index->title, f->project);
	}
}

static void
judge_redirect(const struct verdict_file *f, const struct http_answer *a, struct verdict *out)
{
	const char *location = http_header(a, "location");
	char *to = location != NULL ? http_resolve(a->url, location) : NULL;
	char *slashed = mem_printf("%s/", f->index->upload_url);

	err_set(&out->why, ERR_CONFIG, "%s sends uploads elsewhere: %d%s%s", f->index->title,
	    a->status, to != NULL ? " to " : "", to != NULL ? to : "");
	if (to != NULL && strcmp(to, slashed) == 0)
		err_hint(&out->why, "the upload URL lacks its slash at the end: set %s", slashed);
	else if (to != NULL)
		err_hint(&out->why, "if you trust that address, set it as the upload URL");
	else
		err_hint(&out->why, "check the upload URL");
	mem_set(&to, NULL);
	mem_set(&slashed, NULL);
}

static void
judge_later(const struct verdict_file *f, const struct http_answer *a, const char *text,
    int64_t now, struct verdict *out)
{
	bool is_asking = a->status == 429 || a->status == 503;

	out->kind = VERDICT_AGAIN;
	if (is_asking)
		out->wait_ms = http_retry_after(a, now) * 1000;
	err_set(&out->why, is_asking ? ERR_BUSY : ERR_FAILED, "%s %s %s: %d%s%s", f->index->title,
	    is_asking ? "asks to come back later with" : "failed on", f->file_name, a->status,
	    text[0] != '\0' ? " " : "", text);
	err_hint(
	    &out->why, "nothing is lost: go on later with \"slipway resume\", or upload again");
}

static void
judge_failure(const struct verdict_file *f, const struct http_answer *a, struct verdict *out)
{
	out->why = *a->failure;
	if (out->why.code != ERR_CANCELLED)
		out->kind = VERDICT_AGAIN;
	err_wrap(&out->why, "uploading %s to %s", f->file_name, f->index->title);
	if (out->why.hint[0] == '\0')
		err_hint(&out->why, "check the network; going on asks the index first what it has");
}

void
verdict_of(
    const struct http_answer *a, const struct verdict_file *f, int64_t now, struct verdict *out)
{
	struct str raw = STR_EMPTY;
	const char *text;

	*out = (struct verdict) { .kind = VERDICT_REFUSED };
	if (a->failure != NULL) {
		judge_failure(f, a, out);
		return;
	}
	said(a, &raw);
	text = str_text(&raw);
	if (a->status >= 200 && a->status < 300) {
		out->kind = VERDICT_ACCEPTED;
	} else if (a->status >= 300 && a->status < 400) {
		judge_redirect(f, a, out);
	} else if (a->status == 401 || a->status == 403) {
		judge_auth(f, a->status, text, out);
	} else if (a->status == 409 && !contains(text, "existing project")) {
		out->kind = VERDICT_EXISTS;
		err_set(&out->why, ERR_CONFLICT, "%s: %s", f->index->title,
		    text[0] != '\0' ? text : "409 Conflict");
	} else if (a->status == 400 || a->status == 409 || a->status == 422) {
		judge_400(f, text, out);
	} else if (a->status == 404 || a->status == 405 || a->status == 410) {
		err_set(&out->why, ERR_CONFIG, "%s takes no uploads at %s: %d%s%s", f->index->title,
		    f->index->upload_url, a->status, text[0] != '\0' ? " " : "", text);
		err_hint(&out->why, "check the upload URL; most end in /legacy/");
	} else if (a->status == 413) {
		err_set(&out->why, ERR_LIMIT, "%s finds %s too large: 413%s%s", f->index->title,
		    f->file_name, text[0] != '\0' ? " " : "", text);
		err_hint(&out->why, "make the file smaller, or ask the index for a higher limit");
	} else if (a->status == 408 || a->status == 429 || a->status >= 500) {
		judge_later(f, a, text, now, out);
	} else {
		err_set(&out->why, ERR_REFUSED, "%s answered %d to %s%s%s", f->index->title,
		    a->status, f->file_name, text[0] != '\0' ? ": " : "", text);
	}
	str_fini(&raw);
}
