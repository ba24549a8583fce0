/* Rules over the file name: its normal form, the version, the platform tags. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "slipway/base/mem.h"

static void
check_project_name(struct check *c)
{
	const char *inside = metadata_get(&c->meta, METADATA_NAME);
	char *ours = dist_normalise(c->name.name, '_');
	char *theirs = dist_normalise(inside != NULL ? inside : c->name.name, '_');

	if (strcmp(ours, theirs) != 0)
		findings_add(c->f, RULE_FILE_METADATA, FINDING_WHOLE_FILE,
		    "the file name says %s, the metadata says %s", c->name.name, inside);
	else if (strcmp(c->name.name, theirs) != 0)
		findings_add(c->f, RULE_FILE_NOT_NORMAL, FINDING_WHOLE_FILE,
		    "the name part should be %s, not %s", theirs, c->name.name);
	free(ours);
	free(theirs);
}

static void
check_version(struct check *c)
{
	const char *inside = metadata_get(&c->meta, METADATA_VERSION);
	const char *version = c->name.version;
	char *normal = NULL;

	if (inside != NULL && !check_same_version(c, version, inside))
		findings_add(c->f, RULE_FILE_METADATA, FINDING_WHOLE_FILE,
		    "the file name says version %s, the metadata says %s", version, inside);
	if (strchr(version, '+') != NULL || (inside != NULL && strchr(inside, '+') != NULL))
		findings_add(c->f, RULE_FILE_LOCAL_VERSION, FINDING_WHOLE_FILE, "version %s",
		    inside != NULL ? inside : version);
	if (c->opts->normal_version == NULL)
		return;
	normal = c->opts->normal_version(version);
	if (normal == NULL)
		findings_add(c->f, RULE_FILE_NAME, FINDING_WHOLE_FILE,
		    "%s is no version as PEP 440 has them", version);
	else if (c->name.kind == DIST_SDIST && strcmp(normal, version) != 0)
		findings_add(c->f, RULE_FILE_NOT_NORMAL, FINDING_WHOLE_FILE,
		    "the version part should be %s, not %s", normal, version);
	free(normal);
}

void
check_file_name(struct check *c)
{
	if (c->name.name == NULL)
		return;
	check_project_name(c);
	check_version(c);
}

/* Passes over digits; NULL when there are none. */
static const char *
digits(const char *p)
{
	const char *begin = p;

	while (*p >= '0' && *p <= '9')
		p++;
	return p > begin ? p : NULL;
}

static bool
is_one_of(const char *text, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(text, *list) == 0)
			return true;
	return false;
}

static const char *const many_arches[] = { "x86_64", "i686", "aarch64", "armv7l", "ppc64le",
	"s390x", "riscv64", "ppc64", NULL };

/* manylinux_2_17_x86_64, musllinux_1_2_aarch64: PREFIX, two numbers, one of the architectures. */
static bool
is_linux_tag(const char *tag, const char *prefix)
{
	const char *p = text_starts(tag, prefix) ? digits(tag + strlen(prefix)) : NULL;

	p = p != NULL && *p == '_' ? digits(p + 1) : NULL;
	if (p == NULL || *p != '_')
		return false;
	if (strcmp(prefix, "musllinux_") == 0 && strcmp(p, "_ppc64") == 0)
		return false;
	return is_one_of(p + 1, many_arches);
}

static bool
is_mac_tag(const char *tag)
{
	static const char *const majors[] = { "11", "12", "13", "14", "15", "26", NULL };
	const char *major = tag + strlen("macosx_"), *minor, *arch;
	char *number;
	bool ok;

	if (!text_starts(tag, "macosx_") || (minor = digits(major)) == NULL || *minor != '_' ||
	    (arch = digits(minor + 1)) == NULL || *arch != '_' || arch[1] == '\0')
		return false;
	number = mem_strndup(major, (size_t)(minor - major));
	ok = strcmp(number, "10") == 0 || (is_one_of(number, majors) && text_starts(minor, "_0_"));
	free(number);
	return ok;
}

/* The list that PyPI's upload code has (August 2026). */
static bool
is_accepted(const char *tag)
{
	static const char *const fixed[] = { "any", "win32", "win_amd64", "win_arm64", "win_ia64",
		"manylinux1_x86_64", "manylinux1_i686", "manylinux2010_x86_64",
		"manylinux2010_i686", "linux_armv6l", "linux_armv7l", NULL };
	const char *const old = "manylinux2014_";

	return is_one_of(tag, fixed) || is_linux_tag(tag, "manylinux_") ||
	       is_linux_tag(tag, "musllinux_") || is_mac_tag(tag) ||
	       (text_starts(tag, old) && is_one_of(tag + strlen(old), many_arches)) ||
	       text_starts(tag, "ios_") || text_starts(tag, "android_") ||
	       (text_starts(tag, "pyemscripten_") && text_ends(tag, "_wasm32"));
}

void
check_platform(struct check *c)
{
	const char *at = c->name.platform;

	while (at != NULL && *at != '\0') {
		size_t len = strcspn(at, ".");
		char *tag = mem_strndup(at, len);

		if (!is_accepted(tag))
			findings_add(
			    c->f, RULE_FILE_PLATFORM, FINDING_WHOLE_FILE, "platform tag %s", tag);
		free(tag);
		at += len + (at[len] == '.');
	}
}
