/* Which file of a directory is the changelog. */
#include <string.h>
#include <strings.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/project/changelog.h"
#include "source.h"

static bool
is_name(const char *file, const char *stem, const char *ending)
{
	size_t len = strlen(stem);

	return strncasecmp(file, stem, len) == 0 && strcasecmp(file + len, ending) == 0;
}

size_t
changelog_pick(const struct strlist *names)
{
	static const char *const stems[] = { "CHANGELOG", "CHANGES", "HISTORY", "NEWS",
		"RELEASES" };
	static const char *const endings[] = { ".md", ".rst", ".txt", "" };

	for (size_t s = 0; s < ARRAY_LEN(stems); s++)
		for (size_t k = 0; k < ARRAY_LEN(endings); k++)
			for (size_t i = 0; i < names->count; i++)
				if (is_name(names->items[i], stems[s], endings[k]))
					return i;
	return names->count;
}

/* Files alone: "changes" is a folder of fragments in some projects. */
static char *
look_in(const char *root, const char *dir)
{
	char *path = fs_join(root, dir), *found = NULL;
	struct strlist names = STRLIST_EMPTY;

	if (fs_is_dir(path) && fs_list(path, &names, NULL) == ERR_OK) {
		for (size_t i = names.count; i-- > 0;) {
			char *file = fs_join(path, names.items[i]);

			if (!fs_is_file(file))
				strlist_remove(&names, i);
			mem_set(&file, NULL);
		}
		if (changelog_pick(&names) < names.count)
			found = source_join(dir, names.items[changelog_pick(&names)]);
	}
	strlist_fini(&names);
	mem_set(&path, NULL);
	return found;
}

enum err_code
changelog_read(const char *root, const char *path, struct str *out, struct err *e)
{
	return source_read(root, path, out, e);
}

bool
changelog_fresh_from(const char *word, enum changelog_fresh *out)
{
	static const char *const words[] = {
		[CHANGELOG_FRESH_NONE] = "none",
		[CHANGELOG_FRESH_BRACKETS] = "keep-a-changelog",
		[CHANGELOG_FRESH_DASH] = "dash",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i], word) == 0) {
			*out = (enum changelog_fresh)i;
			return true;
		}
	return false;
}

const char *
changelog_fresh_text(enum changelog_fresh fresh)
{
	return fresh == CHANGELOG_FRESH_BRACKETS ? "# Changelog\n\n## [Unreleased]\n"
						  : "# Changelog\n";
}

char *
changelog_find(const char *root, const char *dir, bool shared)
{
	char *docs = source_join(dir, "docs"), *found = look_in(root, dir);

	if (found == NULL)
		found = look_in(root, docs);
	if (found == NULL && shared && dir[0] != '\0')
		found = changelog_find(root, "", false);
	mem_set(&docs, NULL);
	return found;
}
