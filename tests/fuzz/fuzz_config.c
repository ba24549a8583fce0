/* libFuzzer: a configuration that is read gives a sample file that can be read, with the same
 * tables. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "slipway/project/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size };
	struct config c = CONFIG_EMPTY, again = CONFIG_EMPTY;
	struct str sample = STR_EMPTY;
	struct err e = ERR_EMPTY;

	if (config_parse(text, "fuzz", CONFIG_PYPROJECT, &c, &e) == ERR_OK)
		config_fini(&c);
	if (config_parse(text, "fuzz", CONFIG_FILE, &c, &e) != ERR_OK)
		return 0;
	config_sample(&c, &sample);
	if (config_parse((struct bytes) { sample.data, sample.len }, "sample", CONFIG_FILE, &again,
		&e) != ERR_OK ||
	    again.package_count != c.package_count || again.index_count != c.index_count)
		abort();
	config_fini(&again);
	config_fini(&c);
	str_fini(&sample);
	return 0;
}
