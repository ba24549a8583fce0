/* What goes into the form of a legacy upload, read from the file itself. Knows no index. */
#include "form.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/metadata.h"
#include "slipway/os/fs.h"

#define CHUNK (256U << 10)
/* One digest is enough for an index; the others are for servers of old, and for a large file they
 * would cost more than sending it. */
#define ALL_DIGESTS_MAX (32U << 20)

void
form_fini(struct form *f)
{
	free(f->file_name);
	free(f->project);
	strlist_fini(&f->names);
	strlist_fini(&f->values);
	*f = (struct form)FORM_EMPTY;
}

static void
add(struct form *f, const char *name, const char *value)
{
	strlist_add(&f->names, name);
	strlist_add(&f->values, value);
}

static void
on_field(void *arg, const char *field, const char *value)
{
	add(arg, field, value);
}

struct hashing {
	struct digest sha256, blake2b, md5;
	bool with_all;
};

static enum err_code
hash_fd(int fd, struct hashing *h, const atomic_bool *cancelled, uint64_t *size)
{
	char *chunk = mem_alloc(CHUNK);
	enum err_code rc = ERR_OK;
	ssize_t got;

	while ((got = read(fd, chunk, CHUNK)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || atomic_load(cancelled)) {
			rc = got < 0 ? ERR_IO : ERR_CANCELLED;
			break;
		}
		digest_update(&h->sha256, chunk, (size_t)got);
		if (h->with_all) {
			digest_update(&h->blake2b, chunk, (size_t)got);
			digest_update(&h->md5, chunk, (size_t)got);
		}
		*size += (uint64_t)got;
	}
	free(chunk);
	return rc;
}

static enum err_code
hash_file(const char *path, const atomic_bool *cancelled, struct digest_hexes *out, struct err *e)
{
	struct hashing h = { .with_all = false };
	char hex[DIGEST_HEX_SIZE];
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum err_code rc = ERR_OK;

	if (fd < 0)
		return err_sys(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		rc = err_set(e, ERR_INVALID, "%s is not a regular file", path);
		goto out;
	}
	h.with_all = st.st_size <= (off_t)ALL_DIGESTS_MAX;
	digest_init(&h.sha256, DIGEST_SHA256);
	digest_init(&h.blake2b, DIGEST_BLAKE2B_256);
	digest_init(&h.md5, DIGEST_MD5);
	rc = hash_fd(fd, &h, cancelled, &out->size);
	if (rc == ERR_IO)
		err_sys(e, ERR_IO, "cannot read %s", path);
	else if (rc == ERR_CANCELLED)
		err_set(e, ERR_CANCELLED, "stopped while reading %s", path);
	digest_final_hex(&h.sha256, hex);
	memcpy(out->sha256, hex, sizeof out->sha256);
	out->blake2b[0] = out->md5[0] = '\0';
	if (h.with_all) {
		digest_final_hex(&h.blake2b, hex);
		memcpy(out->blake2b, hex, sizeof out->blake2b);
		digest_final_hex(&h.md5, hex);
		memcpy(out->md5, hex, sizeof out->md5);
	}
	digest_fini(&h.blake2b);
	digest_fini(&h.md5);
out:
	fd_close(&fd);
	return rc;
}

static enum err_code
fill(struct form *f, const char *program, const char *path, const atomic_bool *cancelled,
    struct err *e)
{
	struct dist_name n = DIST_NAME_EMPTY;
	struct metadata m = METADATA_EMPTY;
	enum err_code rc = dist_name_parse(path, &n, e);

	if (rc == ERR_OK)
		rc = dist_metadata_from_file(program, path, 0, cancelled, &m, e);
	if (rc == ERR_OK && (metadata_get(&m, METADATA_VERSION_) == NULL ||
				metadata_get(&m, METADATA_NAME) == NULL ||
				metadata_get(&m, METADATA_VERSION) == NULL)) {
		err_set(e, ERR_INVALID,
		    "the metadata of %s lacks its name, version or metadata version", n.file);
		err_hint(e, "build it again with a current backend");
		rc = ERR_INVALID;
	}
	if (rc != ERR_OK)
		goto out;
	f->project = mem_strdup(metadata_get(&m, METADATA_NAME));
	add(f, ":action", "file_upload");
	add(f, "protocol_version", "1");
	metadata_each_form_field(&m, on_field, f);
	/* One forge's index wants it even when it is empty, which others take as absent. */
	if (!strlist_has(&f->names, "requires_python"))
		add(f, "requires_python", "");
	add(f, "filetype", dist_name_filetype(&n));
	add(f, "pyversion", dist_name_pyversion(&n));
	add(f, "sha256_digest", f->hexes.sha256);
	if (f->hexes.blake2b[0] != '\0')
		add(f, "blake2_256_digest", f->hexes.blake2b);
	if (f->hexes.md5[0] != '\0')
		add(f, "md5_digest", f->hexes.md5);
out:
	metadata_fini(&m);
	dist_name_fini(&n);
	return rc;
}

enum err_code
form_read(const char *program, const char *path, const char *reviewed,
    const atomic_bool *cancelled, struct form *out, struct err *e)
{
	struct form f = FORM_EMPTY;
	enum err_code rc = hash_file(path, cancelled, &f.hexes, e);

	f.file_name = mem_strdup(fs_base(path));
	if (rc == ERR_OK && reviewed != NULL && strcasecmp(reviewed, f.hexes.sha256) != 0) {
		err_set(e, ERR_CONFLICT,
		    "%s is not the file that was reviewed: its sha256 is %.16s..., not %.16s...",
		    f.file_name, f.hexes.sha256, reviewed);
		err_hint(e, "build and review again; nothing of this file was sent");
		rc = ERR_CONFLICT;
	}
	if (rc == ERR_OK)
		rc = fill(&f, program, path, cancelled, e);
	if (rc != ERR_OK)
		form_fini(&f);
	else
		*out = f;
	return rc;
}
