/* The one way in which this layer reads foreign files. */
#include "source.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"
#include "slipway/os/fs.h"

/* One file has one name: "." goes, and "x/.." with it. What leads out at the front stays. */
static void
clean(char *path)
{
	size_t len = 0;
	const char *rest = path;

	while (*rest != '\0') {
		size_t part = strcspn(rest, "/"), up = len;
		const char *next = rest + part + (rest[part] == '/');

		while (up > 0 && path[up - 1] != '/')
			up--;
		if (part == 2 && memcmp(rest, "..", 2) == 0 && len > 0 &&
		    strncmp(path + up, "..", len - up) != 0) {
			len = up > 0 ? up - 1 : 0;
		} else if (!(part == 1 && rest[0] == '.') && !(part == 0 && rest != path)) {
			if (len > 0 || (part > 0 && rest != path && path[0] == '/'))
				path[len++] = '/';
			memmove(path + len, rest, part);
			len += part;
		}
		rest = next;
	}
	path[len] = '\0';
}

char *
source_join(const char *dir, const char *name)
{
	char *path = dir[0] == '\0' || strcmp(dir, ".") == 0 ? mem_strdup(name)
							     : fs_join(dir, name);

	clean(path);
	return path;
}

enum err_code
source_resolve(const char *root, const char *path, char **out, struct err *e)
{
	char *top = fs_real(root), *full = fs_join(root, path), *real = fs_real(full);
	size_t len = top != NULL ? strlen(top) : 0;
	enum err_code rc = ERR_OK;

	if (top == NULL || real == NULL) {
		rc = err_set(e, ERR_NOT_FOUND, "%s is not there", top == NULL ? root : path);
		goto out;
	}
	if (strncmp(real, top, len) != 0 || (real[len] != '/' && len > 1)) {
		rc = err_set(e, ERR_REFUSED, "%s is a link that leads out of the repository, to %s",
		    path, real);
		err_hint(e, "put the file itself there; Slipway only reads and edits inside");
		goto out;
	}
	*out = real;
	real = NULL;
out:
	free(top);
	free(full);
	free(real);
	return rc;
}

enum err_code
source_canonical(const char *root, const char *path, char **out, struct err *e)
{
	char *real = NULL, *top = NULL;
	enum err_code rc = source_resolve(root, path, &real, e);

	if (rc == ERR_OK) {
		top = fs_real(root);
		*out = mem_strdup(real + strlen(top) + (strcmp(top, "/") != 0));
	}
	free(real);
	free(top);
	return rc;
}

static enum err_code
check_utf8(const char *path, struct bytes text, struct err *e)
{
	size_t line = 1;

	if (utf8_valid(text.data, text.len))
		return ERR_OK;
	for (size_t i = 0; i < text.len;) {
		uint32_t cp;
		size_t used = utf8_decode(text.data + i, text.len - i, &cp);

		if (used == 0) {
			err_set(e, ERR_INVALID, "%s:%zu: byte 0x%02x is not UTF-8", path, line,
			    (unsigned char)text.data[i]);
			break;
		}
		line += text.data[i] == '\n';
		i += used;
	}
	err_hint(e, "save the file as UTF-8; it has been left alone");
	return ERR_INVALID;
}

enum err_code
source_read(const char *root, const char *path, struct str *out, struct err *e)
{
	char *real = NULL;
	size_t before = out->len;
	enum err_code rc = source_resolve(root, path, &real, e);

	if (rc != ERR_OK)
		goto out;
	rc = fs_read(real, SOURCE_MAX_BYTES, out, e);
	if (rc != ERR_OK)
		goto out;
	rc = check_utf8(path, (struct bytes) { str_text(out) + before, out->len - before }, e);
	if (rc != ERR_OK)
		out->len = before;
out:
	free(real);
	return rc;
}
