/* slipway init: shows what is found of a repository, and writes it down as a slipway.toml of
 * comments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "findings_out.h"
#include "options.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/project/config.h"
#include "slipway/project/packages.h"
#include "slipway/project/tags.h"
#include "slipway/repo/repo.h"

struct found {
	struct repo *repo;
	struct packages packages;
	struct strlist tags;
	char *branch;
	struct tag_guess *guesses; /* one a package */
	struct config before, config;
};

static void
found_fini(struct found *f)
{
	for (size_t i = 0; f->guesses != NULL && i < f->packages.count; i++)
		tag_guess_fini(&f->guesses[i]);
	free(f->guesses);
	packages_fini(&f->packages);
	strlist_fini(&f->tags);
	config_fini(&f->before);
	config_fini(&f->config);
	repo_close(f->repo);
	free(f->branch);
}

static enum err_code
find_tags(struct found *f, struct err *e)
{
	struct repo_tags tags = REPO_TAGS_EMPTY;
	enum err_code rc = repo_tags(f->repo, &tags, e);

	for (size_t i = 0; i < tags.count; i++)
		strlist_add(&f->tags, tags.items[i].name);
	repo_tags_fini(&tags);
	return rc;
}

static void
find_branch(struct found *f)
{
	struct repo_upstream up = REPO_UPSTREAM_EMPTY;
	struct repo_head head = REPO_HEAD_EMPTY;

	if (repo_upstream(f->repo, NULL, &up, NULL) == ERR_OK)
		f->branch = mem_strdup(up.default_branch);
	if (f->branch == NULL && repo_head(f->repo, &head, NULL) == ERR_OK)
		f->branch = mem_strdup(head.branch);
	repo_upstream_fini(&up);
	repo_head_fini(&head);
}

/* What the sample shows as found. */
static void
fill_config(struct found *f)
{
	struct config_release *r = &f->config.release;
	bool one_template = true;

	for (size_t i = 1; i < f->packages.count; i++)
		one_template &= strcmp(f->guesses[0].text, f->guesses[i].text) == 0;
	r->mode = f->packages.lockstep ? CONFIG_MODE_LOCKSTEP : CONFIG_MODE_INDEPENDENT;
	r->branch = mem_strdup(f->branch);
	if (one_template)
		r->tag = mem_strdup(f->guesses[0].text);
	f->config.packages = mem_zalloc(f->packages.count, sizeof f->config.packages[0]);
	f->config.package_count = f->packages.count;
	for (size_t i = 0; i < f->packages.count; i++) {
		const struct package *p = &f->packages.items[i];

		f->config.packages[i] = (struct config_package) {
			.name = mem_strdup(p->name),
			.path = mem_strdup(p->dir[0] != '\0' ? p->dir : "."),
			.tag = one_template ? NULL : mem_strdup(f->guesses[i].text),
		};
	}
}

static enum err_code
look(struct found *f, struct err *e)
{
	struct strlist paths = STRLIST_EMPTY;
	struct tag_index *tags;
	enum err_code rc = repo_open(".", &f->repo, e);

	if (rc == ERR_OK)
		rc = config_load(repo_root(f->repo), NULL, &f->before, e);
	for (size_t i = 0; i < f->before.package_count; i++)
		if (f->before.packages[i].path != NULL)
			strlist_add(&paths, f->before.packages[i].path);
	if (rc == ERR_OK)
		rc = packages_find(repo_root(f->repo), &paths, &f->packages, e);
	if (rc == ERR_OK)
		rc = find_tags(f, e);
	strlist_fini(&paths);
	if (rc != ERR_OK)
		return rc;
	find_branch(f);
	tags = tag_index_new(&f->tags);
	f->guesses = mem_zalloc(f->packages.count, sizeof f->guesses[0]);
	for (size_t i = 0; i < f->packages.count; i++)
		tags_guess(tags, f->packages.items[i].name, &f->packages.items[i].version,
		    f->packages.count == 1 || f->packages.lockstep, &f->guesses[i]);
	tag_index_free(tags);
	fill_config(f);
	return ERR_OK;
}

static void
print_found(const struct found *f)
{
	printf("Found in %s:\n  branch    %s\n  versions  %s\n", repo_root(f->repo),
	    f->branch != NULL ? f->branch : "unknown",
	    f->packages.count == 1 ? "of one package"
	    : f->packages.lockstep ? "the same for all packages (lockstep)"
				   : "each package its own (independent)");
	for (size_t at = 0; at < f->packages.count; at++) {
		size_t i = f->packages.order[at];
		const struct package *p = &f->packages.items[i];
		char *name = safe_text(p->name), *dir = safe_text(p->dir);
		char *tag = safe_text(f->guesses[i].text);

		printf("  package   %s %s in %s, tags %s%s\n", name,
		    version_text(&p->version)[0] != '\0' ? version_text(&p->version)
							 : "(no version)",
		    dir[0] != '\0' ? dir : ".", tag, f->guesses[i].sure ? "" : " (a guess)");
		free(name);
		free(dir);
		free(tag);
	}
	for (size_t i = 0; i < f->packages.ignored_count; i++) {
		char *file = safe_text(f->packages.ignored[i].file);

		printf("  left out  %s: %s\n", file, f->packages.ignored[i].why);
		free(file);
	}
}

static void
print_json(const struct found *f, const struct str *sample)
{
	struct json *j = json_object_new(), *list = json_set_array(j, "packages");
	struct str text = STR_EMPTY;

	json_set_text(j, "root", repo_root(f->repo));
	json_set_text(j, "branch", f->branch);
	json_set_text(j, "mode", config_mode_name(f->config.release.mode));
	for (size_t at = 0; at < f->packages.count; at++) {
		size_t i = f->packages.order[at];
		struct json *object = json_add_object(list);

		json_set_text(object, "name", f->packages.items[i].name);
		json_set_text(object, "path", f->packages.items[i].dir);
		json_set_text(object, "version", version_text(&f->packages.items[i].version));
		json_set_text(object, "tag", f->guesses[i].text);
		json_set_bool(object, "tag-sure", f->guesses[i].sure);
	}
	json_set_text(j, "configuration", f->before.source);
	json_set_text(j, "sample", str_text(sample));
	json_write(j, JSON_STYLE_INDENT, &text);
	printf("%s\n", str_text(&text));
	str_fini(&text);
	json_free(j);
}

static enum err_code
write_sample(const struct found *f, const struct str *sample, struct err *e)
{
	char *path = fs_join(repo_root(f->repo), "slipway.toml");
	enum err_code rc;

	if (f->before.source != NULL || fs_exists(path)) {
		err_set(e, ERR_USAGE, "there is a configuration already: %s",
		    f->before.source != NULL ? f->before.source : path);
		rc = err_hint(e, "slipway help config explains its keys; nothing was written");
	} else {
		rc = fs_write(path, str_text(sample), sample->len, 0644, e);
	}
	if (rc == ERR_OK)
		printf("\nWritten to %s, all of it commented out: edit what does not fit.\n", path);
	free(path);
	return rc;
}

int
cmd_init(const struct options *o)
{
	struct found f = { .packages = PACKAGES_EMPTY };
	struct str sample = STR_EMPTY;
	struct err e = ERR_EMPTY;
	int status = EXIT_DONE;

	if (o->args.count > 0) {
		err_set(
		    &e, ERR_USAGE, "slipway init takes no argument; -C DIR goes elsewhere first");
		return report_error(&e, false);
	}
	if (look(&f, &e) != ERR_OK) {
		status = report_error(&e, true);
	} else {
		config_sample(&f.config, &sample);
		if (o->json) {
			print_json(&f, &sample);
		} else {
			print_found(&f);
			if (write_sample(&f, &sample, &e) != ERR_OK)
				status = report_error(&e, false);
		}
	}
	str_fini(&sample);
	found_fini(&f);
	return status;
}
