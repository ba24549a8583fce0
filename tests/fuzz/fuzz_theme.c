/* libFuzzer: a theme that is read gives every role a style at every depth; its mistakes are
 * warnings. */
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/strlist.h"
#include "slipway/tui/theme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strlist warnings = STRLIST_EMPTY;
	struct theme *t = NULL;

	if (theme_parse("fuzz", (const char *)data, size, &warnings, &t, NULL) == ERR_OK)
		for (int depth = 0; depth < THEME_DEPTH_COUNT; depth++)
			for (int r = 0; r < ROLE_COUNT; r++)
				theme_style(t, (enum theme_depth)depth, (enum role)r, ATTR_CURSOR);
	theme_free(t);
	strlist_fini(&warnings);
	return 0;
}
