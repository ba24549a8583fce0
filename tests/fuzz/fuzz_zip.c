/* libFuzzer: a wheel of these bytes is walked, read, shown and checked. */
#include "archive_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	archive_exercise(archive_file("demo-1.0-py3-none-any.whl", data, size));
	return 0;
}
