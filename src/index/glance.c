/* What a token says of itself: PyPI's are macaroons, whose location and caveats anybody can read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "b64.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/index/known.h"
#include "slipway/index/token.h"
#include "slipway/os/clock.h"
#include "slipway/os/secret.h"

/* Fields of the binary format, version 2: type, length, bytes; 0 ends a section. */
enum field { FIELD_END, FIELD_LOCATION, FIELD_IDENTIFIER, FIELD_COUNT };

/* Caveats of Warehouse: a JSON array that starts with one of these. */
enum caveat { CAVEAT_EXPIRATION, CAVEAT_PROJECT_NAMES, CAVEAT_PROJECT_IDS, CAVEAT_COUNT };

static bool
take_varint(struct bytes *b, size_t *out)
{
	size_t v = 0;

	for (unsigned shift = 0; shift < 21 && b->len > 0; shift += 7) {
		unsigned char c = (unsigned char)b->data[0];

		b->data++;
		b->len--;
		v |= (size_t)(c & 0x7f) << shift;
		if ((c & 0x80) == 0) {
			*out = v;
			return true;
		}
	}
	return false;
}

static bool
take_field(struct bytes *b, size_t *type, struct bytes *value)
{
	size_t len = 0;

	if (!take_varint(b, type))
		return false;
	*value = (struct bytes) { .data = b->data, .len = 0 };
	if (*type == FIELD_END)
		return true;
	if (!take_varint(b, &len) || len > b->len)
		return false;
	*value = (struct bytes) { .data = b->data, .len = len };
	b->data += len;
	b->len -= len;
	return true;
}

static void
add_text(struct str *out, const char *text)
{
	if (out->len > 0)
		str_puts(out, ", ");
	str_puts(out, text);
}

static void
add_projects(const struct json *names, struct str *out)
{
	struct str list = STR_EMPTY;
	char *text;

	for (size_t i = 0; i < json_count(names) && i < 5; i++) {
		const char *name = json_as_text(json_at(names, i));

		if (name == NULL)
			continue;
		str_puts(&list, list.len > 0 ? ", " : "");
		sanitise(name, strlen(name), &list);
	}
	text = mem_printf(
	    "for project%s %s only", json_count(names) > 1 ? "s" : "", str_text(&list));
	if (list.len > 0)
		add_text(out, text);
	free(text);
	str_fini(&list);
}

static void
add_expiry(int64_t when, int64_t now, struct token_glance *g, struct str *out)
{
	char stamp[32];
	char *text;

	if (when <= 0)
		return;
	clock_iso(when, stamp, sizeof stamp);
	text = mem_printf("%s %.10s", when <= now ? "expired on" : "until", stamp);
	add_text(out, text);
	free(text);
	g->is_expired = g->is_expired || when <= now;
}

static void
read_caveat(struct bytes caveat, int64_t now, struct token_glance *g, struct str *out)
{
	static const struct json_limits limits = { .size_bytes = 16384, .depth = 8 };
	struct json *doc = NULL;
	const struct json *permissions;

	if (json_parse(caveat, "caveat", &limits, &doc, NULL) != ERR_OK)
		return;
	if (json_kind(doc) == JSON_KIND_ARRAY) {
		switch (json_as_int(json_at(doc, 0), -1)) {
		case CAVEAT_EXPIRATION:
			add_expiry(json_as_int(json_at(doc, 1), 0), now, g, out);
			break;
		case CAVEAT_PROJECT_NAMES:
			add_projects(json_at(doc, 1), out);
			break;
		case CAVEAT_PROJECT_IDS:
			add_text(out, "for certain projects only");
			break;
		default:
			break;
		}
	} else {
		permissions = json_get_object(doc, "permissions");
		add_projects(json_get_array(permissions, "projects"), out);
		add_expiry(json_int(doc, "exp", 0), now, g, out);
	}
	json_free(doc);
}

static void
read_location(struct bytes location, struct token_glance *g, struct str *out)
{
	char *text = mem_strndup(location.data, location.len), *line;
	struct index_info info = INDEX_INFO_EMPTY;
	const char *name = index_known_by_location(text);

	if (name != NULL && index_known(name, &info)) {
		g->index_name = mem_strdup(name);
		line = mem_printf("for %s", info.title);
		add_text(out, line);
		free(line);
	}
	index_info_fini(&info);
	free(text);
}

static void
read_macaroon(struct bytes raw, int64_t now, struct token_glance *g, struct str *out)
{
	struct bytes value;
	size_t type;
	bool in_head = true;

	if (raw.len == 0 || raw.data[0] != 2)
		return;
	raw.data++;
	raw.len--;
	while (take_field(&raw, &type, &value)) {
		if (in_head && type == FIELD_LOCATION)
			read_location(value, g, out);
		else if (in_head && type == FIELD_END)
			in_head = false;
		else if (!in_head && type == FIELD_IDENTIFIER)
			read_caveat(value, now, g, out);
	}
}

void
token_glance(const struct secret *token, int64_t now, struct token_glance *out)
{
	const char *text = secret_text(token);
	size_t len = secret_len(token);
	struct str shown = STR_EMPTY;
	unsigned char *plain;

	*out = (struct token_glance) { .has_prefix = secret_starts(token, "pypi-"),
		.is_odd = len == 0 };
	for (size_t i = 0; i < len; i++)
		out->is_odd = out->is_odd || text[i] <= ' ' || text[i] > '~';
	if (out->has_prefix) {
		plain = mem_alloc(len);
		len = b64_decode(text + 5, len - 5, plain);
		read_macaroon(
		    (struct bytes) { .data = (const char *)plain, .len = len }, now, out, &shown);
		secret_wipe(plain, secret_len(token));
		free(plain);
	}
	out->text = str_take(&shown);
}

void
token_glance_fini(struct token_glance *g)
{
	free(g->index_name);
	free(g->text);
	*g = (struct token_glance)TOKEN_GLANCE_EMPTY;
}

enum err_code
token_check(const struct secret *token, const struct index_info *index, int64_t now, struct err *e)
{
	struct token_glance g;
	struct index_info known = INDEX_INFO_EMPTY;
	bool is_known = index_known_by_url(index->upload_url, &known);
	enum err_code rc = ERR_OK;

	token_glance(token, now, &g);
	if (g.is_odd) {
		err_set(e, ERR_AUTH,
		    "the token for %s is empty or holds characters that no token has",
		    index->title);
		rc = err_hint(e, "copy it again, whole and alone");
	} else if (is_known && !g.has_prefix) {
		err_set(e, ERR_AUTH, "that is not a token of %s: those start with \"pypi-\"",
		    index->title);
		rc = err_hint(e,
		    "make an API token in the account settings of %s; passwords are not taken",
		    index->title);
	} else if (g.index_name != NULL && (!is_known || strcmp(g.index_name, known.name) != 0)) {
		err_set(e, ERR_AUTH, "that token is %s, and this is %s", g.text, index->title);
		rc = err_hint(e,
		    "each index has accounts and tokens of its own: take the one made on %s",
		    index->title);
	} else if (g.is_expired) {
		err_set(e, ERR_AUTH, "that token for %s has expired (%s)", index->title, g.text);
		rc = err_hint(e, "make a new one");
	}
	if (rc != ERR_OK)
		rc = ERR_AUTH;
	index_info_fini(&known);
	token_glance_fini(&g);
	return rc;
}
