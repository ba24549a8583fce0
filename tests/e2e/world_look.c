/* What there is in the world: before and after, here and there. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gitrepo.h"
#include "slipway/base/digest.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "world.h"

#define FILE_MAX_BYTES (512UL * 1024 * 1024)

static const char *const packages[] = { "rethink-llmhub-runtime", "rethink-llmhub" };
static const char *const folders[] = { "packages/runtime", "packages/cli" };

/* -- trees -- */

static void
put_sha256(const char *path, struct str *out)
{
	struct str data = STR_EMPTY;
	char hex[DIGEST_HEX_SIZE];

	cr_assert_eq(fs_read(path, FILE_MAX_BYTES, &data, NULL), ERR_OK, "%s", path);
	digest_hex(DIGEST_SHA256, str_text(&data), data.len, hex);
	str_puts(out, hex);
	str_fini(&data);
}

static void
put_tree(const char *root, const char *below, struct str *out)
{
	struct strlist names = STRLIST_EMPTY;
	char *dir = fs_join(root, below);

	cr_assert_eq(fs_list(dir, &names, NULL), ERR_OK, "%s", dir);
	for (size_t i = 0; i < names.count; i++) {
		char *path = fs_join(below, names.items[i]), *full = fs_join(root, path);
		struct stat st;

		if (strcmp(path, "./.git") != 0 && lstat(full, &st) == 0) {
			str_printf(out, "%s %o %lld %lld.%09ld ", path, (unsigned)st.st_mode,
			    S_ISREG(st.st_mode) ? (long long)st.st_size : 0LL,
			    (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
			if (S_ISREG(st.st_mode))
				put_sha256(full, out);
			str_putc(out, '\n');
			if (S_ISDIR(st.st_mode))
				put_tree(root, path, out);
		}
		free(path);
		free(full);
	}
	strlist_fini(&names);
	free(dir);
}

static void
put_git(const char *repo, const char *args, struct str *out)
{
	char *text = gitrepo_output(repo, args);

	str_printf(out, "$ git %s\n%s\n", args, text);
	free(text);
}

char *
world_snapshot(const struct world *w)
{
	struct str out = STR_EMPTY;
	char *index = fs_join(w->project, ".git/index");

	put_git(w->project, "rev-parse HEAD", &out);
	put_git(w->project, "rev-parse --symbolic-full-name HEAD", &out);
	put_git(w->project, "for-each-ref refs/heads refs/tags", &out);
	put_git(w->remote, "for-each-ref", &out);
	put_git(w->project, "ls-files --stage", &out);
	put_git(w->project, "--no-optional-locks status --porcelain=v2", &out);
	put_sha256(index, &out);
	str_putc(&out, '\n');
	put_tree(w->project, ".", &out);
	free(index);
	return str_take(&out);
}

static void
show_missing(const char *text, const char *in, const char *sign)
{
	struct bytes rest = bytes_of(text), line;

	while (bytes_line(&rest, &line)) {
		char *copy = mem_strndup(line.data, line.len);

		if (strstr(in, copy) == NULL)
			fprintf(stderr, "%s %s\n", sign, copy);
		free(copy);
	}
}

void
world_expect_untouched(const struct world *w, const char *before, const char *what)
{
	char *now = world_snapshot(w);
	bool same = strcmp(now, before) == 0;

	if (!same) {
		show_missing(before, now, "-");
		show_missing(now, before, "+");
	}
	free(now);
	cr_assert(same, "%s: something was touched", what);
}

bool
world_tree_holds(const char *path, const char *text)
{
	struct strlist names = STRLIST_EMPTY;
	struct str data = STR_EMPTY;
	bool holds = false;

	if (fs_is_dir(path) && fs_list(path, &names, NULL) == ERR_OK) {
		for (size_t i = 0; i < names.count; i++) {
			char *below = fs_join(path, names.items[i]);

			holds = world_tree_holds(below, text) || holds;
			free(below);
		}
	} else if (fs_read(path, FILE_MAX_BYTES, &data, NULL) == ERR_OK && data.len > 0) {
		holds = memmem(data.data, data.len, text, strlen(text)) != NULL;
		if (holds)
			fprintf(stderr, "found in %s\n", path);
	}
	strlist_fini(&names);
	str_fini(&data);
	return holds;
}

/* -- the journal -- */

static char *
newest_state(const struct world *w)
{
	char *base = fs_join(w->project, ".git/slipway"), *dir = NULL;
	struct strlist names = STRLIST_EMPTY;

	if (fs_is_dir(base) && fs_list(base, &names, NULL) == ERR_OK)
		for (size_t i = 0; i < names.count; i++)
			if (strcmp(names.items[i], "lock") != 0) {
				free(dir);
				dir = fs_join(base, names.items[i]);
			}
	strlist_fini(&names);
	free(base);
	return dir;
}

static bool
text_is(const struct json *record, const char *name, const char *want)
{
	const char *text = json_text(record, name);

	return want == NULL || (text != NULL && strcmp(text, want) == 0);
}

size_t
world_records(const struct world *w, const struct world_record *like)
{
	char *dir = newest_state(w), *path = dir != NULL ? fs_join(dir, "journal") : NULL;
	struct str data = STR_EMPTY;
	struct bytes rest, line;
	size_t count = 0;

	if (path != NULL)
		fs_read(path, FILE_MAX_BYTES, &data, NULL);
	rest = (struct bytes) { str_text(&data), data.len };
	while (bytes_line(&rest, &line)) {
		struct json *record;

		/* The last one may be half written. */
		if (json_parse(line, path, NULL, &record, NULL) != ERR_OK)
			break;
		count += text_is(record, "kind", like->kind) && text_is(record, "key", like->key) &&
			 text_is(record, "result", like->result);
		json_free(record);
	}
	str_fini(&data);
	free(path);
	free(dir);
	return count;
}

bool
world_has_unfinished(const struct world *w)
{
	return world_records(w, &(struct world_record) { .kind = "begin" }) > 0 &&
	       world_records(w, &(struct world_record) { .kind = "end" }) == 0;
}

/* -- indexes -- */

/* The files of PACKAGE on the index whose simple URL is SIMPLE; the caller frees. */
static struct json *
listing(const char *simple, const char *package)
{
	char *url = mem_printf("%s%s/", simple, package);
	const char *const argv[] = { "curl", "-s", "-H",
		"Accept: application/vnd.pypi.simple.v1+json", url, NULL };
	struct run_result r;
	struct json *j = NULL;

	run_program(&(struct run_opts) { .argv = argv }, &r);
	cr_assert_eq(r.status, 0, "%s: %s", url, r.err);
	if (json_parse((struct bytes) { r.out, r.out_len }, url, NULL, &j, NULL) != ERR_OK)
		j = NULL; /* not there: a page that says so */
	run_fini(&r);
	free(url);
	return j;
}

static const struct json *
find_file(const struct json *page, const char *name)
{
	const struct json *files = json_get_array(page, "files"), *found = NULL;

	for (size_t i = 0; i < json_count(files); i++) {
		const char *other = json_text(json_at(files, i), "filename");

		if (other != NULL && strcmp(other, name) == 0) {
			cr_expect_null(found, "%s is listed twice", name);
			found = json_at(files, i);
		}
	}
	return found;
}

/* How the name of an sdist is spelled is up to the backend; its end is not. */
static bool
is_of(const char *file, const char *version)
{
	char *wheel = mem_printf("-%s-py3-none-any.whl", version);
	char *sdist = mem_printf("-%s.tar.gz", version);
	bool is = text_ends(file, wheel) || text_ends(file, sdist);

	free(wheel);
	free(sdist);
	return is;
}

size_t
world_listed_of(const struct world *w, const char *index, const char *package, const char *version)
{
	const char *simple = index_server_simple_url(
	    strcmp(index, "test") == 0 ? w->test : w->production);
	struct json *page = listing(simple, package);
	const struct json *files = json_get_array(page, "files");
	size_t count = 0;

	for (size_t k = 0; k < json_count(files); k++)
		count += is_of(json_text(json_at(files, k), "filename"), version);
	json_free(page);
	return count;
}

size_t
world_listed(const struct world *w, const char *index, const char *version)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(packages); i++)
		count += world_listed_of(w, index, packages[i], version);
	return count;
}

/* Each of the two files in DIR is on the page with its sha256. */
static void
expect_on_page(const char *dir, const struct json *page, const char *version)
{
	struct strlist names = STRLIST_EMPTY;
	size_t count = 0;

	cr_expect_eq(fs_list(dir, &names, NULL), ERR_OK, "%s", dir);
	for (size_t i = 0; i < names.count; i++) {
		char *path = fs_join(dir, names.items[i]);
		const struct json *file = find_file(page, names.items[i]);
		const char *theirs = json_text(json_get_object(file, "hashes"), "sha256");
		struct str ours = STR_EMPTY;

		put_sha256(path, &ours);
		if (is_of(names.items[i], version)) {
			count++;
			cr_expect(theirs != NULL && strcmp(theirs, str_text(&ours)) == 0,
			    "%s is not there, or with other bytes than in dist/", names.items[i]);
		}
		str_fini(&ours);
		free(path);
	}
	cr_expect_eq(count, 2, "%zu files in %s", count, dir);
	cr_expect_eq(names.count, 2, "older files are left in %s", dir);
	strlist_fini(&names);
}

static void
expect_same_bytes(const struct world *w, const char *index, const char *version)
{
	const char *simple = index_server_simple_url(
	    strcmp(index, "test") == 0 ? w->test : w->production);
	size_t listed = world_listed(w, index, version);

	cr_expect_eq(listed, WORLD_FILES, "%zu files of %s on %s", listed, version, index);
	for (size_t i = 0; i < ARRAY_LEN(packages); i++) {
		struct json *page = listing(simple, packages[i]);
		char *dir = mem_printf("%s/%s/dist", w->project, folders[i]);

		expect_on_page(dir, page, version);
		free(dir);
		json_free(page);
	}
}

/* -- expectations -- */

static void
expect_git(const char *repo, const char *args, const char *want, const char *what)
{
	char *got = gitrepo_output(repo, args);

	cr_expect_str_eq(got, want, "%s: \"%s\", not \"%s\"", what, got, want);
	free(got);
}

/* The release commit: three versions in two files, and lines that are new in changelogs. */
static void
expect_only_versions_changed(const struct world *w)
{
	char *files = gitrepo_output(w->project, "diff --name-only HEAD~1 HEAD -- :!*CHANGELOG.md");
	char *gone = gitrepo_output(w->project, "diff -U0 HEAD~1 HEAD -- *CHANGELOG.md");
	char *words = gitrepo_output(w->project,
	    "diff --word-diff=porcelain --word-diff-regex=[0-9.]+|[^0-9.] -U0 HEAD~1 HEAD -- "
	    "*.toml");
	size_t removed = 0, added = 0;

	cr_expect_str_eq(files, "packages/cli/pyproject.toml\npackages/runtime/pyproject.toml");
	for (char *line = gone; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		cr_expect(line[0] != '-' || line[1] == '-', "a changelog lost a line:\n%s", gone);
	}
	for (char *line = words; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		removed += line[0] == '-' && line[1] != '-';
		added += line[0] == '+' && line[1] != '+';
	}
	cr_expect_eq(removed, 3, "%zu words removed:\n%s", removed, words);
	cr_expect_eq(added, 3, "%zu words added:\n%s", added, words);
	free(files);
	free(gone);
	free(words);
}

void
world_expect_published(const struct world *w, const char *version, bool rehearsed)
{
	char *head = gitrepo_output(w->project, "rev-parse HEAD");
	char *peel = mem_printf("rev-parse refs/tags/v%s^{commit}", version);
	char *type = mem_printf("cat-file -t refs/tags/v%s", version);

	expect_same_bytes(w, "production", version);
	if (rehearsed)
		expect_same_bytes(w, "test", version);
	expect_git(w->project, "symbolic-ref HEAD", "refs/heads/main", "branch");
	expect_git(w->project, "--no-optional-locks status --porcelain", "", "status");
	expect_git(w->project, type, "tag", "the tag's kind");
	expect_git(w->project, peel, head, "the tag's commit");
	expect_git(w->remote, peel, head, "the tag's commit on the remote");
	expect_git(w->remote, type, "tag", "the tag's kind on the remote");
	expect_git(w->remote, "rev-parse refs/heads/main", head, "the branch on the remote");
	expect_git(w->project, "rev-parse refs/remotes/origin/main", head, "the tracked branch");
	expect_only_versions_changed(w);
	cr_expect_not(world_has_unfinished(w));
	free(head);
	free(peel);
	free(type);
}

void
world_expect_nothing_public(const struct world *w, const char *version)
{
	char *tag = mem_printf("tag -l v%s", version);
	char *head = gitrepo_output(w->remote, "rev-parse refs/heads/main");

	expect_git(w->project, tag, "", "tag");
	expect_git(w->remote, tag, "", "tag on the remote");
	expect_git(w->project, "rev-parse refs/heads/main", head, "branch");
	cr_expect_eq(world_listed(w, "production", version), 0);
	free(head);
	free(tag);
}

void
world_expect_tidy(const struct world *w, const char *what)
{
	static const char *const may_hold_nothing[] = { "cache/slipway", "tmp" };
	char *trees = gitrepo_output(w->project, "worktree list");

	cr_expect_null(strchr(trees, '\n'), "%s: worktrees left:\n%s", what, trees);
	free(trees);
	expect_git(w->project, "for-each-ref refs/slipway", "", what);
	for (size_t i = 0; i < ARRAY_LEN(may_hold_nothing); i++) {
		char *dir = fs_join(w->dir, may_hold_nothing[i]);
		struct strlist names = STRLIST_EMPTY;

		if (fs_is_dir(dir))
			cr_assert_eq(fs_list(dir, &names, NULL), ERR_OK);
		/* "released" keeps what was fetched for comparing, on purpose. */
		for (size_t n = 0; n < names.count; n++)
			cr_expect_str_eq(names.items[n], "released", "%s: %s left in %s", what,
			    names.items[n], may_hold_nothing[i]);
		strlist_fini(&names);
		free(dir);
	}
}

/* -- processes -- */

size_t
world_processes(const struct world *w)
{
	char *mark = mem_printf("SLIPWAY_TEST_WORLD=%s", w->dir);
	DIR *dir = opendir("/proc");
	size_t count = 0;

	for (const struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;) {
		char *path = mem_printf("/proc/%s/environ", d->d_name);
		struct str data = STR_EMPTY;
		char chunk[4096];
		int fd = d->d_name[0] > '9' ? -1 : open(path, O_RDONLY | O_CLOEXEC);

		for (ssize_t got; fd >= 0 && (got = read(fd, chunk, sizeof chunk)) > 0;)
			str_append(&data, chunk, (size_t)got);
		count += data.len > 0 && memmem(data.data, data.len, mark, strlen(mark)) != NULL;
		fd_close(&fd);
		str_fini(&data);
		free(path);
	}
	if (dir != NULL)
		closedir(dir);
	free(mark);
	return count;
}

void
world_expect_no_process(const struct world *w, const char *what)
{
	/* What was told to end may take a moment: a second at most, and only when there is one. */
	for (int i = 0; i < 100 && world_processes(w) > 0; i++)
		usleep(10000);
	cr_expect_eq(world_processes(w), 0, "%s: a process is left", what);
}
