/* The built files: found in the release's folder and hashed. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slipway/base/digest.h"
#include "slipway/base/mem.h"
#include "slipway/dist/filename.h"
#include "slipway/os/fs.h"
#include "slipway/project/version.h"

char *
files_outdir(const struct wizard *w, size_t package)
{
	return fs_join(w->rel.files_dir, w->rel.packages[package].normal);
}

/* Whether FILE is of package P in its new version: by value, as builds normalise what was written.
 */
static enum err_code
belongs(const struct release_package *p, const char *file, bool *is_wheel, struct err *e)
{
	struct dist_name parts = DIST_NAME_EMPTY;
	struct version version = VERSION_EMPTY, wanted = VERSION_EMPTY;
	char *normal = NULL;
	enum err_code rc = dist_name_parse(file, &parts, e);

	if (rc != ERR_OK)
		goto out;
	normal = dist_normalise(parts.name, '-');
	if (strcmp(normal, p->normal) != 0) {
		rc = err_set(e, ERR_CONFLICT, "the build of %s made %s, a file of another package",
		    p->name, file);
		goto out;
	}
	rc = version_parse(parts.version, &version, e);
	if (rc == ERR_OK)
		rc = version_parse(p->version_new, &wanted, e);
	if (rc == ERR_OK && version_compare(&version, &wanted) != 0) {
		rc = err_set(e, ERR_CONFLICT, "the build of %s made %s, which is not version %s",
		    p->name, file, p->version_new);
		err_hint(e, "the version is also written somewhere else: name that file under "
			    "version-files");
	}
	*is_wheel = parts.kind == DIST_WHEEL;
out:
	dist_name_fini(&parts);
	version_fini(&version);
	version_fini(&wanted);
	free(normal);
	return rc;
}

void
files_add(struct wizard *w, size_t *cap, size_t package, const char *name, bool is_wheel)
{
	struct release *r = &w->rel;
	char *dir = files_outdir(w, package), *path = fs_join(dir, name);

	r->files = mem_grow(r->files, cap, r->file_count + 1, sizeof r->files[0]);
	r->files[r->file_count++] = (struct release_file) {
		.package = package,
		.name = mem_strdup(name),
		.path = path,
		.is_wheel = is_wheel,
		.size = fs_size(path),
	};
	free(dir);
}

static enum err_code
collect_one(struct wizard *w, size_t package, size_t *cap, struct err *e)
{
	struct release_package *p = &w->rel.packages[package];
	char *dir = files_outdir(w, package);
	struct strlist names = STRLIST_EMPTY;
	size_t wheels = 0, sdists = 0;
	enum err_code rc = fs_list(dir, &names, e);

	/* Wheels first, as every uploader has it: the first file of a version fixes its metadata.
	 */
	for (int pass = 0; pass < 2 && rc == ERR_OK; pass++)
		for (size_t i = 0; i < names.count && rc == ERR_OK; i++) {
			bool is_wheel = false;

			if (names.items[i][0] == '.')
				continue;
			rc = belongs(p, names.items[i], &is_wheel, e);
			if (rc != ERR_OK || is_wheel != (pass == 0))
				continue;
			files_add(w, cap, package, names.items[i], is_wheel);
			*(is_wheel ? &wheels : &sdists) += 1;
		}
	if (rc == ERR_OK && wheels + sdists == 0) {
		rc = err_set(e, ERR_NOT_FOUND, "the build of %s left no file in %s", p->name, dir);
		err_hint(e, "does the configured build command write to {outdir}?");
	} else if (rc == ERR_OK && sdists > 1) {
		rc = err_set(e, ERR_CONFLICT, "the build of %s made %zu sdists; an index takes one",
		    p->name, sdists);
	}
	strlist_fini(&names);
	free(dir);
	return rc;
}

enum err_code
files_collect(struct wizard *w, struct err *e)
{
	enum err_code rc = ERR_OK;
	size_t cap = 0;

	release_clear_files(&w->rel);
	for (size_t i = 0; i < w->rel.package_count && rc == ERR_OK; i++)
		if (w->rel.packages[i].selected)
			rc = collect_one(w, i, &cap, e);
	if (rc != ERR_OK)
		release_clear_files(&w->rel);
	return rc;
}

enum err_code
files_sha256(const char *path, const atomic_bool *cancelled, char out[65], struct err *e)
{
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];
	char *buf;
	ssize_t got;
	enum err_code rc = ERR_OK;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, ERR_IO, "cannot open %s", path);
	buf = mem_alloc(1 << 17);
	digest_init(&digest, DIGEST_SHA256);
	while ((got = read(fd, buf, 1 << 17)) > 0 || (got < 0 && errno == EINTR)) {
		if (got > 0)
			digest_update(&digest, buf, (size_t)got);
		if (cancelled != NULL && atomic_load(cancelled))
			break;
	}
	if (got < 0)
		rc = err_sys(e, ERR_IO, "cannot read %s", path);
	else if (got > 0)
		rc = err_set(e, ERR_CANCELLED, "hashing %s was cancelled", path);
	digest_final_hex(&digest, hex);
	if (rc == ERR_OK)
		memcpy(out, hex, 65);
	free(buf);
	fd_close(&fd);
	return rc;
}
