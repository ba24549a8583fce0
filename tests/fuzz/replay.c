/* Stands in for libFuzzer where there is none: feeds a target the files of a folder, each of their
 * starts, and a fixed set of small damages, so that corpora are regression tests with every
 * compiler. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_SEED_BYTES (1 << 20)
#define MAX_STARTS     512
#define DAMAGES	       512

/* Its own generator, so that every run on every system feeds the same bytes. */
static uint32_t
next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* A copy of exactly SIZE bytes, so that AddressSanitizer sees a read behind its end. */
static void
feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = calloc(1, size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	if (size > 0)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void
feed_damaged(uint8_t *data, size_t size)
{
	static const uint8_t nasty[] = { 0x00, 0x0a, 0x1b, 0x22, 0x27, 0x2f, 0x5b, 0x7b, 0x7f,
		0x80, 0xc0, 0xe2, 0xf0, 0xff };
	uint32_t	     state = 2463534242u;

	for (int i = 0; i < DAMAGES && size > 0; i++) {
		size_t	at = next(&state) % size;
		uint8_t old = data[at];
		size_t	end = next(&state) % 4 == 0 ? at + 1 : size;

		data[at] = nasty[next(&state) % sizeof nasty];
		feed(data, end);
		data[at] = old;
	}
}

static void
feed_file(const char *path)
{
	static uint8_t data[MAX_SEED_BYTES];
	FILE	      *f = fopen(path, "rb");
	size_t	       size;

	if (f == NULL) {
		fprintf(stderr, "cannot open %s\n", path);
		exit(1);
	}
	size = fread(data, 1, sizeof data, f);
	fclose(f);
	feed(data, size);
	for (size_t i = 0; i < size && i < MAX_STARTS; i++)
		feed(data, i);
	/* Big seeds are slow ones: their damages are left to the fuzzer. */
	if (size <= 65536)
		feed_damaged(data, size);
}

int
main(int argc, char **argv)
{
	int count = 0;

	feed(NULL, 0);
	for (int i = 1; i < argc; i++) {
		DIR	      *dir = opendir(argv[i]);
		struct dirent *entry;

		if (dir == NULL) {
			feed_file(argv[i]);
			count++;
			continue;
		}
		while ((entry = readdir(dir)) != NULL) {
			char path[4096];

			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
			feed_file(path);
			count++;
		}
		closedir(dir);
	}
	printf("%d files\n", count);
	return 0;
}
