/* One upload to the rehearsal index. The order of the checks and their texts follow Warehouse, so
 * that what a rehearsal says is what the real index would. Knows forms and files, no connections.
 */
#include "receive.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "httpd.h"
#include "slipway/base/digest.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "slipway/dist/filename.h"
#include "slipway/os/fs.h"
#include "store.h"

#define FIELDS_MAX 4096
#define FIELDS_BYTES_MAX (8U << 20)
#define NAME_MAX_BYTES 64
#define SEE_METADATA                                                                               \
	" See https://packaging.python.org/specifications/core-metadata for more information."

struct field {
	char *name;
	struct str value;
};

struct receive {
	struct store *store;
	uint64_t max_file;
	struct field *fields;
	size_t count, cap, bytes;
	char *path; /* of the incoming file */
	int fd;
	char *file_name, *type;
	struct digest_set digests;
	struct digest_hexes hexes;
	uint64_t size;
	bool has_digests;
	int status; /* of the first refusal; 0 while all is well */
	struct str text;
};

struct receive *
receive_new(struct store *s, uint64_t max_file)
{
	struct receive *r = mem_zalloc(1, sizeof *r);

	r->store = s;
	r->max_file = max_file;
	r->fd = -1;
	return r;
}

void
receive_free(struct receive *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++) {
		free(r->fields[i].name);
		str_fini(&r->fields[i].value);
	}
	free(r->fields);
	if (r->has_digests)
		digest_set_fini(&r->digests);
	fd_close(&r->fd);
	if (r->path != NULL)
		unlink(r->path); /* gone already when it was kept */
	free(r->path);
	free(r->file_name);
	free(r->type);
	str_fini(&r->text);
	free(r);
}

/* Keeps the first refusal. Always false. */
static bool PRINTF_LIKE(3, 4) refuse(struct receive *r, int status, const char *fmt, ...)
{
	va_list args;

	if (r->status != 0)
		return false;
	r->status = status;
	va_start(args, fmt);
	str_vprintf(&r->text, fmt, args);
	va_end(args);
	return false;
}

/* The Nth value of a field, or NULL. As Warehouse: empty and UNKNOWN count as absent. */
static const char *
field_at(const struct receive *r, const char *name, size_t n)
{
	for (size_t i = 0; i < r->count; i++) {
		struct bytes v = { .data = str_text(&r->fields[i].value),
			.len = r->fields[i].value.len };

		if (strcmp(r->fields[i].name, name) != 0)
			continue;
		v = bytes_trim(v);
		if (v.len == 0 || bytes_is(v, "UNKNOWN"))
			continue;
		if (n-- == 0)
			return str_text(&r->fields[i].value);
	}
	return NULL;
}

static const char *
field(const struct receive *r, const char *name)
{
	return field_at(r, name, 0);
}

static bool
begin_content(struct receive *r, const struct httpd_part *p)
{
	struct err e = ERR_EMPTY;

	if (r->path != NULL)
		return refuse(r, 400, "'content' has invalid data.");
	r->file_name = mem_strdup(p->file_name != NULL ? p->file_name : "");
	r->type = mem_strdup(p->type);
	digest_set_init(&r->digests);
	r->has_digests = true;
	if (store_incoming(r->store, &r->path, &r->fd, &e) != ERR_OK)
		return refuse(r, 500, "%s", e.message);
	return true;
}

static bool
take_content(struct receive *r, const struct httpd_part *p)
{
	struct err e = ERR_EMPTY;

	if (p->offset == 0 && (r->path == NULL || r->size > 0) && !begin_content(r, p))
		return false;
	r->size += p->len;
	if (r->size > r->max_file)
		return refuse(r, 400, "File too large. Limit for this index is %llu MB.",
		    (unsigned long long)(r->max_file >> 20));
	digest_set_update(&r->digests, p->data, p->len);
	if (fd_write_all(r->fd, p->data, p->len, &e) != ERR_OK)
		return refuse(r, 500, "%s", e.message);
	return true;
}

bool
receive_part(struct receive *r, const struct httpd_part *p)
{
	struct field *f;

	if (r->status != 0)
		return false;
	if (strcmp(p->name, "content") == 0)
		return take_content(r, p);
	if (strcmp(p->name, "gpg_signature") == 0)
		return true;
	if (p->file_name != NULL)
		return refuse(r, 400, "%.*s: Should not be a tuple.", NAME_MAX_BYTES, p->name);
	r->bytes += p->len;
	if (r->count >= FIELDS_MAX || r->bytes > FIELDS_BYTES_MAX)
		return refuse(r, 413, "Too many or too large metadata fields.");
	if (p->offset == 0) {
		r->fields = mem_grow(r->fields, &r->cap, r->count + 1, sizeof *r->fields);
		r->fields[r->count++] = (struct field) { .name = mem_strndup(p->name,
							     strnlen(p->name, NAME_MAX_BYTES)) };
	}
	if (r->count == 0)
		return true;
	f = &r->fields[r->count - 1];
	str_append(&f->value, p->data, p->len);
	return true;
}

static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		bool alnum = (name[i] >= '0' && name[i] <= '9') ||
			     (name[i] >= 'a' && name[i] <= 'z') ||
			     (name[i] >= 'A' && name[i] <= 'Z');

		if (!alnum && (i == 0 || i + 1 == len || strchr(".-_", name[i]) == NULL))
			return false;
	}
	return len > 0;
}

/* Starts with a digit (after "v") and holds nothing that no version holds. Local versions: see
 * check_fields. */
static bool
is_version(const char *version)
{
	const char *p = version + ((*version | 32) == 'v');

	return *p >= '0' && *p <= '9' &&
	       strspn(p, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_+!") ==
		   strlen(p);
}

static bool
check_single(struct receive *r)
{
	static const char *const single[] = {
		"metadata_version",
		"name",
		"version",
		"summary",
		"description",
		"description_content_type",
		"keywords",
		"home_page",
		"download_url",
		"author",
		"author_email",
		"maintainer",
		"maintainer_email",
		"license",
		"license_expression",
		"requires_python",
		"filetype",
		"pyversion",
	};

	for (size_t i = 0; i < ARRAY_LEN(single); i++) {
		if (field_at(r, single[i], 1) != NULL)
			return refuse(r, 400, "'%s' has invalid data.", single[i]);
	}
	return true;
}

static bool
check_form(struct receive *r)
{
	const char *protocol = field(r, "protocol_version"), *type = field(r, "filetype");
	const char *py = field(r, "pyversion"), *name = field(r, "name"),
		   *version = field(r, "version");

	if (protocol != NULL && strcmp(protocol, "1") != 0)
		return refuse(r, 400, "Unknown protocol version.");
	if (name == NULL || !is_name(name))
		return refuse(r, 400,
		    "'%s' is an invalid value for Name. Error: Start and end with a letter or "
		    "numeral containing "
		    "only ASCII numeric and '.', '_' and '-'." SEE_METADATA,
		    name != NULL ? name : "");
	if (version == NULL || !is_version(version))
		return refuse(r, 400,
		    "'%s' is an invalid value for Version. Error: Start with a numeral and follow "
		    "PEP 440." SEE_METADATA,
		    version != NULL ? version : "");
	if (type == NULL || (strcmp(type, "sdist") != 0 && strcmp(type, "bdist_wheel") != 0))
		return refuse(r, 400, "Invalid value for filetype. Error: Use a known file type.");
	if (strcmp(type, "bdist_wheel") == 0 && py == NULL)
		return refuse(r, 400,
		    "Invalid value for pyversion. Error: Python version is required for binary "
		    "distribution "
		    "uploads.");
	if (strcmp(type, "sdist") == 0 && py != NULL && strcmp(py, "source") != 0)
		return refuse(r, 400,
		    "Invalid value for pyversion. Error: Use 'source' as Python version for an "
		    "sdist.");
	if (field(r, "md5_digest") == NULL && field(r, "sha256_digest") == NULL &&
	    field(r, "blake2_256_digest") == NULL)
		return refuse(r, 400, "Error: Include at least one message digest.");
	return true;
}

static bool
check_metadata(struct receive *r)
{
	static const char known[] = " 1.0 1.1 1.2 2.1 2.2 2.3 2.4 2.5 ";
	static const char *const types[] = { "text/x-rst", "text/plain", "text/markdown" };
	const char *mv = field(r, "metadata_version"), *summary = field(r, "summary");
	const char *type = field(r, "description_content_type");
	const char *at = mv != NULL ? strstr(known, mv) : NULL;
	bool is_type = type == NULL;

	if (at == NULL || at == known || strlen(mv) != 3 || at[-1] != ' ')
		return refuse(r, 400, "'%s' is not a valid metadata version." SEE_METADATA,
		    mv != NULL ? mv : "");
	if (strchr(field(r, "version"), '+') != NULL)
		return refuse(r, 400,
		    "The use of local versions in '%s' is not allowed." SEE_METADATA,
		    field(r, "version"));
	for (size_t i = 0; type != NULL && i < ARRAY_LEN(types); i++)
		is_type = is_type || (strncasecmp(type, types[i], strlen(types[i])) == 0 &&
					 strchr("; ", type[strlen(types[i])]) != NULL);
	if (!is_type)
		return refuse(r, 400,
		    "'description-content-type' must be one of ['text/x-rst', 'text/plain', "
		    "'text/markdown'], "
		    "not '%s'." SEE_METADATA,
		    type);
	if (summary != NULL && strlen(summary) > 512)
		return refuse(
		    r, 400, "'summary' field must be 512 characters or less." SEE_METADATA);
	if (summary != NULL && strpbrk(summary, "\r\n") != NULL)
		return refuse(r, 400, "'summary' must be a single line." SEE_METADATA);
	return true;
}

static bool
check_digests(struct receive *r)
{
	const struct {
		const char *name, *actual;
	} row[] = {
		{ "md5_digest", r->hexes.md5 },
		{ "sha256_digest", r->hexes.sha256 },
		{ "blake2_256_digest", r->hexes.blake2b },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const char *given = field(r, row[i].name);

		if (given != NULL && row[i].actual[0] != '\0' &&
		    strcasecmp(given, row[i].actual) != 0)
			return refuse(r, 400,
			    "The digest supplied does not match a digest calculated from the "
			    "uploaded file.");
	}
	return true;
}

/* Only the magic: a rehearsal does not judge archives, Slipway's own rules do that before. */
static bool
check_magic(struct receive *r, bool is_wheel)
{
	unsigned char head[4] = { 0 };
	ssize_t got = pread(r->fd, head, sizeof head, 0);

	if (got == (ssize_t)sizeof head &&
	    (is_wheel ? memcmp(head, "PK\3\4", 4) == 0 : head[0] == 0x1f && head[1] == 0x8b))
		return true;
	return refuse(r, 400, "Invalid distribution file. %s",
	    is_wheel ? "File is not a zipfile" : "File is not a valid tarfile");
}

static bool
check_wheel_name(struct receive *r, const struct dist_name *n, const char *version)
{
	char *folded = store_fold_version(n->version);
	bool same = strcmp(folded, version) == 0;

	free(folded);
	if (!same)
		return refuse(
		    r, 400, "Version in filename should be '%s' not '%s'.", version, n->version);
	if (strncmp(n->platform, "linux_", 6) == 0 && strstr(n->platform, "armv") == NULL)
		return refuse(r, 400, "Binary wheel '%s' has an unsupported platform tag '%s'.",
		    n->file, n->platform);
	return true;
}

/* PyPI wants the normal form (PEP 625). The setuptools of several distributions still writes the
 * name as it is spelled in the project; a rehearsal on such a machine is worth more than that
 * refusal, and the inspector tells of it (FIL02). */
static bool
is_sdist_name(const char *file, const char *name, const char *version)
{
	struct dist_name n = DIST_NAME_EMPTY;
	char *normal, *folded;
	bool same;

	if (dist_name_parse(file, &n, NULL) != ERR_OK)
		return false;
	normal = dist_normalise(n.name, '_');
	folded = store_fold_version(n.version);
	same = n.kind == DIST_SDIST && strcmp(normal, name) == 0 && strcmp(folded, version) == 0;
	free(normal);
	free(folded);
	dist_name_fini(&n);
	return same;
}

static bool
check_file_name(struct receive *r)
{
	struct dist_name n = DIST_NAME_EMPTY;
	struct err e = ERR_EMPTY;
	bool ok, is_wheel = strcmp(field(r, "filetype"), "bdist_wheel") == 0;
	char *name = dist_normalise(field(r, "name"), '_');
	char *version = store_fold_version(field(r, "version"));
	char *want = mem_printf("%s-%s", name, version);

	if (strpbrk(r->file_name, "/\\") != NULL)
		ok = refuse(r, 400, "Cannot upload a file with '/' or '\\' in its name.");
	else if (!text_ends(r->file_name, ".whl") && !text_ends(r->file_name, ".tar.gz") &&
		 !text_ends(r->file_name, ".zip"))
		ok = refuse(r, 400,
		    "Invalid file extension: Use .tar.gz, .whl or .zip extension. See "
		    "https://www.python.org/dev/peps/pep-0527 and "
		    "https://peps.python.org/pep-0715/ for more "
		    "information");
	else if (text_ends(r->file_name, ".whl") != is_wheel)
		ok = refuse(r, 400, "Invalid file extension: does not fit filetype '%s'.",
		    field(r, "filetype"));
	else if (!is_wheel && !is_sdist_name(r->file_name, name, version))
		ok = refuse(
		    r, 400, "Filename '%s' is invalid, should be '%s.tar.gz'.", r->file_name, want);
	else if (dist_name_parse(r->file_name, &n, &e) != ERR_OK)
		ok = refuse(
		    r, 400, "Invalid %s filename: %s", is_wheel ? "wheel" : "sdist", e.message);
	else if (is_wheel && strcmp(n.name, name) != 0)
		ok = refuse(r, 400, "Start filename for '%s' with '%s'.", field(r, "name"), name);
	else
		ok = !is_wheel || check_wheel_name(r, &n, version);
	dist_name_fini(&n);
	free(want);
	free(version);
	free(name);
	return ok;
}

static bool
is_control(char c)
{
	return (c >= 0 && c < ' ') || c == 127;
}

static bool
check_content(struct receive *r)
{
	if (r->path == NULL || r->size == 0)
		return refuse(r, 400, "Upload payload does not have a file.");
	if (r->type == NULL || r->type[0] == '\0' || strncasecmp(r->type, "image/", 6) == 0)
		return refuse(r, 400, "Invalid distribution file.");
	for (const char *p = r->file_name; *p != '\0'; p++) {
		if (is_control(*p))
			return refuse(r, 400,
			    "Cannot upload a file with non-printable characters in its name.");
	}
	return check_file_name(r) && check_digests(r) &&
	       check_magic(r, strcmp(field(r, "filetype"), "bdist_wheel") == 0);
}

static bool
is_repeated(const char *name)
{
	static const char *const repeated[] = {
		"classifiers",
		"platform",
		"supported_platform",
		"license_file",
		"requires_dist",
		"provides_dist",
		"obsoletes_dist",
		"requires_external",
		"requires",
		"provides",
		"obsoletes",
		"project_urls",
		"provides_extra",
		"dynamic",
		"import_name",
		"import_namespace",
	};

	for (size_t i = 0; i < ARRAY_LEN(repeated); i++) {
		if (strcmp(name, repeated[i]) == 0)
			return true;
	}
	return false;
}

static struct json *
fields_json(const struct receive *r)
{
	struct json *out = json_object_new();

	for (size_t i = 0; i < r->count; i++) {
		const struct field *f = &r->fields[i];
		struct bytes v = { .data = str_text(&f->value), .len = f->value.len };

		if (v.len == 0 || bytes_is(bytes_trim(v), "UNKNOWN") ||
		    json_get(out, f->name) != NULL)
			continue;
		if (!is_repeated(f->name)) {
			json_set_bytes(out, f->name, v);
			continue;
		}
		struct json *list = json_set_array(out, f->name);
		const char *text;

		for (size_t n = 0; (text = field_at(r, f->name, n)) != NULL; n++)
			json_add_text(list, text);
	}
	return out;
}

static void
keep(struct receive *r)
{
	struct err e = ERR_EMPTY;
	struct json *fields = fields_json(r);
	struct store_new n = {
		.incoming = r->path,
		.file_name = r->file_name,
		.project = field(r, "name"),
		.version = field(r, "version"),
		.digests = &r->hexes,
		.fields = fields,
		.is_sdist = strcmp(field(r, "filetype"), "sdist") == 0,
	};

	switch (store_add(r->store, &n, &e)) {
	case STORE_ADDED:
	case STORE_SAME:
		r->status = 200;
		break;
	case STORE_TAKEN:
		refuse(r, 400,
		    "File already exists ('%s', with blake2_256 hash '%s'). See "
		    "/help/#file-name-reuse for more information.",
		    r->file_name, r->hexes.blake2b);
		break;
	case STORE_OTHER_SDIST:
		refuse(r, 400, "Only one sdist may be uploaded per release.");
		break;
	case STORE_BROKEN:
		refuse(r, 500, "%s", e.message);
		break;
	}
	json_free(fields);
}

int
receive_finish(struct receive *r, struct str *text)
{
	const char *action = field(r, ":action");

	if (r->has_digests) {
		digest_set_final(&r->digests, &r->hexes);
		r->has_digests = false;
	}
	if (r->status == 0 && action != NULL && strcmp(action, "file_upload") != 0)
		refuse(r, 410, "This API is not supported: only file_upload is.");
	if (r->status == 0 && check_form(r) && check_single(r) && check_metadata(r) &&
	    check_content(r))
		keep(r);
	if (r->status != 200)
		str_puts(text, str_text(&r->text));
	return r->status;
}
