/* Rules over what the project page will say, after pyroma: nothing of it keeps an upload from
 * working. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "slipway/base/mem.h"
#include "tables.h"

#define SUMMARY_MIN 10
#define DESCRIPTION_MIN 100

static const char *
given(const struct check *c, enum metadata_key key)
{
	const char *text = metadata_get(&c->meta, key);

	return text != NULL && strcmp(text, "UNKNOWN") != 0 ? text : NULL;
}

static void
told(struct check *c, enum rule_id rule, const char *text)
{
	findings_add(c->f, rule, check_at(c, c->meta_index, 0), "%s", text);
}

/* "Programming Language :: Python :: 3.12" */
static bool
names_python(const char *classifier)
{
	static const char head[] = "Programming Language :: Python :: ";
	const char *rest = classifier + strlen(head);

	return text_starts(classifier, head) && isdigit((unsigned char)rest[0]) &&
	       strchr(rest, '.') != NULL;
}

static void
check_classifiers(struct check *c)
{
	const char *text;
	bool any = false, python = false, status = false;

	for (size_t at = 0; (text = metadata_next(&c->meta, METADATA_CLASSIFIER, &at)) != NULL;) {
		any = true;
		python |= names_python(text);
		status |= text_starts(text, "Development Status :: ");
	}
	if (!any)
		told(c, RULE_PAGE_CLASSIFIERS, "there is no classifier");
	if (any && !python)
		told(c, RULE_PAGE_PYTHON, "no classifier names a version of Python, as 3.12");
	if (any && !status)
		told(c, RULE_PAGE_STATUS, "no classifier says the development status");
}

static void
check_people(struct check *c)
{
	const char *mail = given(c, METADATA_AUTHOR_EMAIL);
	const char *keeper = given(c, METADATA_MAINTAINER_EMAIL);

	if (given(c, METADATA_AUTHOR) == NULL && given(c, METADATA_MAINTAINER) == NULL &&
	    (mail == NULL || strchr(mail, '<') == NULL) &&
	    (keeper == NULL || strchr(keeper, '<') == NULL))
		told(c, RULE_PAGE_AUTHOR, "nobody is named as the author");
	if (mail == NULL && keeper == NULL)
		told(c, RULE_PAGE_MAIL, "there is no mail address of an author");
}

void
check_project(struct check *c)
{
	const char *summary = given(c, METADATA_SUMMARY), *name = given(c, METADATA_NAME);
	char *description = metadata_description(&c->meta);
	size_t len = description != NULL ? bytes_trim(bytes_of(description)).len : 0;

	if (summary == NULL)
		told(c, RULE_PAGE_SUMMARY, "there is no summary");
	else if (strlen(summary) <= SUMMARY_MIN)
		told(c, RULE_PAGE_SHORT_SUMMARY, "the summary has ten characters or less");
	if (len > 0 && len <= DESCRIPTION_MIN)
		told(c, RULE_PAGE_SHORT, "the description has a hundred characters or less");
	check_classifiers(c);
	check_people(c);
	if (given(c, METADATA_REQUIRES_PYTHON) == NULL)
		told(c, RULE_PAGE_REQUIRES_PYTHON, "Requires-Python is missing");
	if (given(c, METADATA_KEYWORDS) == NULL)
		told(c, RULE_PAGE_KEYWORDS, "there are no keywords");
	if (given(c, METADATA_HOME_PAGE) == NULL && given(c, METADATA_PROJECT_URL) == NULL)
		told(c, RULE_PAGE_URL, "there is no address of the project");
	if (name != NULL && table_is_stdlib(bytes_of(name)))
		told(c, RULE_PAGE_NAME, "a module of the standard library has this name");
	free(description);
}
