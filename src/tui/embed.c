/* Runs while building: writes the files named in its arguments as the table that theme_private.h
 * declares. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
write_bytes(FILE *out, const char *path, int number)
{
	FILE *in = fopen(path, "rb");
	int c;

	if (in == NULL) {
		perror(path);
		return 1;
	}
	fprintf(out, "static const unsigned char text_%d[] = {", number);
	for (long i = 0; (c = getc(in)) != EOF; i++)
		fprintf(out, "%s%d,", i % 20 == 0 ? "\n" : "", c);
	fputs("0 };\n", out);
	fclose(in);
	return 0;
}

int
main(int argc, char **argv)
{
	FILE *out = argc > 1 ? fopen(argv[1], "wb") : NULL;

	if (out == NULL) {
		fputs("usage: embed OUTPUT THEME...\n", stderr);
		return 2;
	}
	fputs("/* Made from themes/ by the build. */\n#include \"theme_private.h\"\n", out);
	for (int i = 2; i < argc; i++)
		if (write_bytes(out, argv[i], i) != 0)
			return 1;
	fputs("const struct theme_builtin theme_builtin[] = {\n", out);
	for (int i = 2; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		const char *name = slash != NULL ? slash + 1 : argv[i];

		fprintf(out, "\t{ \"%.*s\", text_%d, sizeof text_%d - 1 },\n",
		    (int)strcspn(name, "."), name, i, i);
	}
	fprintf(out, "};\nconst size_t theme_builtin_count = %d;\n", argc - 2);
	return fclose(out) == 0 ? 0 : 1;
}
