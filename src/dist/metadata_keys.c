/* The table of core metadata fields: specification "Core metadata", and the form that package
 * indexes read. */
#include "slipway/dist/metadata.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static const struct metadata_key_info keys[] = {
	[METADATA_VERSION_] = { .header = "Metadata-Version",
	    .form = "metadata_version",
	    .since = "1.0" },
	[METADATA_NAME] = { .header = "Name", .form = "name", .since = "1.0" },
	[METADATA_VERSION] = { .header = "Version", .form = "version", .since = "1.0" },
	[METADATA_DYNAMIC] = { .header = "Dynamic",
	    .form = "dynamic",
	    .since = "2.2",
	    .multiple = true },
	[METADATA_PLATFORM] = { .header = "Platform",
	    .form = "platform",
	    .since = "1.0",
	    .multiple = true },
	[METADATA_SUPPORTED_PLATFORM] = { .header = "Supported-Platform",
	    .form = "supported_platform",
	    .since = "1.1",
	    .multiple = true },
	[METADATA_SUMMARY] = { .header = "Summary", .form = "summary", .since = "1.0" },
	[METADATA_DESCRIPTION] = { .header = "Description", .form = "description", .since = "1.0" },
	[METADATA_DESCRIPTION_CONTENT_TYPE] = { .header = "Description-Content-Type",
	    .form = "description_content_type",
	    .since = "2.1" },
	[METADATA_KEYWORDS] = { .header = "Keywords", .form = "keywords", .since = "1.0" },
	[METADATA_HOME_PAGE] = { .header = "Home-page",
	    .form = "home_page",
	    .since = "1.0",
	    .deprecated = "Project-URL" },
	[METADATA_DOWNLOAD_URL] = { .header = "Download-URL",
	    .form = "download_url",
	    .since = "1.1",
	    .deprecated = "Project-URL" },
	[METADATA_AUTHOR] = { .header = "Author", .form = "author", .since = "1.0" },
	[METADATA_AUTHOR_EMAIL] = { .header = "Author-email",
	    .form = "author_email",
	    .since = "1.0" },
	[METADATA_MAINTAINER] = { .header = "Maintainer", .form = "maintainer", .since = "1.2" },
	[METADATA_MAINTAINER_EMAIL] = { .header = "Maintainer-email",
	    .form = "maintainer_email",
	    .since = "1.2" },
	[METADATA_LICENSE] = { .header = "License", .form = "license", .since = "1.0" },
	[METADATA_LICENSE_EXPRESSION] = { .header = "License-Expression",
	    .form = "license_expression",
	    .since = "2.4" },
	[METADATA_LICENSE_FILE] = { .header = "License-File",
	    .form = "license_file",
	    .since = "2.4",
	    .multiple = true },
	[METADATA_CLASSIFIER] = { .header = "Classifier",
	    .form = "classifiers",
	    .since = "1.1",
	    .multiple = true },
	[METADATA_REQUIRES_DIST] = { .header = "Requires-Dist",
	    .form = "requires_dist",
	    .since = "1.2",
	    .multiple = true },
	[METADATA_REQUIRES_PYTHON] = { .header = "Requires-Python",
	    .form = "requires_python",
	    .since = "1.2" },
	[METADATA_REQUIRES_EXTERNAL] = { .header = "Requires-External",
	    .form = "requires_external",
	    .since = "1.2",
	    .multiple = true },
	[METADATA_PROJECT_URL] = { .header = "Project-URL",
	    .form = "project_urls",
	    .since = "1.2",
	    .multiple = true },
	[METADATA_PROVIDES_EXTRA] = { .header = "Provides-Extra",
	    .form = "provides_extra",
	    .since = "2.1",
	    .multiple = true },
	[METADATA_PROVIDES_DIST] = { .header = "Provides-Dist",
	    .form = "provides_dist",
	    .since = "1.2",
	    .multiple = true },
	[METADATA_OBSOLETES_DIST] = { .header = "Obsoletes-Dist",
	    .form = "obsoletes_dist",
	    .since = "1.2",
	    .multiple = true },
	[METADATA_REQUIRES] = { .header = "Requires",
	    .form = "requires",
	    .since = "1.1",
	    .multiple = true,
	    .deprecated = "Requires-Dist" },
	[METADATA_PROVIDES] = { .header = "Provides",
	    .form = "provides",
	    .since = "1.1",
	    .multiple = true,
	    .deprecated = "Provides-Dist" },
	[METADATA_OBSOLETES] = { .header = "Obsoletes",
	    .form = "obsoletes",
	    .since = "1.1",
	    .multiple = true,
	    .deprecated = "Obsoletes-Dist" },
	[METADATA_IMPORT_NAME] = { .header = "Import-Name",
	    .form = "import_name",
	    .since = "2.5",
	    .multiple = true },
	[METADATA_IMPORT_NAMESPACE] = { .header = "Import-Namespace",
	    .form = "import_namespace",
	    .since = "2.5",
	    .multiple = true },
};
_Static_assert(ARRAY_LEN(keys) == METADATA_KEY_COUNT, "one row per field");

const struct metadata_key_info *
metadata_key_info(enum metadata_key key)
{
	assert(key < METADATA_KEY_COUNT);
	return &keys[key];
}

enum metadata_key
metadata_key_find(struct bytes header)
{
	for (size_t i = 0; i < METADATA_KEY_COUNT; i++)
		if (strlen(keys[i].header) == header.len &&
		    strncasecmp(keys[i].header, header.data, header.len) == 0)
			return (enum metadata_key)i;
	return METADATA_KEY_COUNT;
}
