/* The rehearsal index, spoken to by the tools that people use: twine, pip and curl. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "slipway/os/secret.h"
#include "temp.h"

#define PYTHON "/usr/bin/python3"

struct fixture {
	char *dir; /* a new one, with "index" below */
	char *index_dir;
	struct index_server *server;
};

static void
start(struct fixture *f)
{
	struct index_server_opts opts = { .dir = f->index_dir };
	struct err e = ERR_EMPTY;

	cr_assert_eq(index_server_start(&opts, &f->server, &e), ERR_OK, "%s", e.message);
}

static struct fixture
begin(void)
{
	struct fixture f = { .dir = temp_dir() };

	f.index_dir = fs_join(f.dir, "index");
	start(&f);
	return f;
}

static void
end(struct fixture *f)
{
	index_server_stop(f->server);
	free(f->index_dir);
	temp_remove(f->dir);
}

static void
make_dist(const struct fixture *f, const char *name, const char *version, const char *kind)
{
	const char *const argv[] = { PYTHON, MAKE_DIST, f->dir, name, version, kind, NULL };

	cr_assert_eq(temp_run(f->dir, argv), 0);
}

/* Runs a shell line in the fixture's directory with $T the token and $U the index; what it printed.
 */
static char *
shell(const struct fixture *f, const char *line)
{
	char *full = mem_printf("{ %s\n} > out 2>&1", line);
	const char *const argv[] = { "/bin/sh", "-c", full, NULL };
	char *out;

	setenv("T", secret_text(index_server_token(f->server)), 1);
	setenv("U", index_server_url(f->server), 1);
	temp_run(f->dir, argv);
	free(full);
	out = temp_read(f->dir, "out", NULL);
	return out;
}

static void
expect(const struct fixture *f, const char *line, const char *want)
{
	char *out = shell(f, line);

	cr_expect_not_null(strstr(out, want), "%s\nshould say %s\nsaid %s", line, want, out);
	free(out);
}

#define TWINE                                                                                      \
	"TWINE_USERNAME=__token__ TWINE_PASSWORD=\"$T\" " PYTHON                                   \
	" -m twine upload --non-interactive --disable-progress-bar --repository-url ${U}legacy/ "

Test(server, twine_uploads_and_pip_installs_unchanged, .fini = leak_gate, .timeout = 100)
{
	struct fixture f = begin();

	make_dist(&f, "demo-pkg", "1.0.1", "wheel");
	make_dist(&f, "demo-pkg", "1.0.1", "sdist");
	expect(&f, TWINE "demo_pkg-1.0.1* && echo went-well", "went-well");
	expect(&f, TWINE "demo_pkg-1.0.1* && echo same-bytes-are-fine", "same-bytes-are-fine");
	expect(&f,
	    PYTHON " -m pip --isolated --disable-pip-version-check install --no-cache-dir "
		   "--no-deps --target t "
		   "--index-url ${U}simple/ demo-pkg==1.0.1 && cat t/demo_pkg.py",
	    "VALUE = 1");
	expect(&f,
	    PYTHON
	    " -m pip --isolated --disable-pip-version-check download --no-cache-dir --no-deps -d d "
	    "--no-binary :none: --index-url ${U}simple/ Demo.Pkg && cmp d/*.whl "
	    "demo_pkg-1.0.1-py3-none-any.whl && "
	    "echo same-file",
	    "same-file");
	/* other bytes under the same name */
	expect(&f, "echo x >> demo_pkg-1.0.1.tar.gz; " TWINE "--verbose demo_pkg-1.0.1.tar.gz",
	    "File already exists ('demo_pkg-1.0.1.tar.gz', with blake2_256 hash");
	expect(&f, TWINE "--skip-existing demo_pkg-1.0.1.tar.gz && echo skipped", "skipped");
	expect(&f, "T=pypi-wrong; " TWINE "--verbose demo_pkg-1.0.1.tar.gz", "403 Forbidden");
	end(&f);
}

#define FORM(extra)                                                                                \
	"curl -sS -u __token__:$T -F :action=file_upload -F protocol_version=1 -F name=demo-pkg "  \
	"-F metadata_version=2.1 -F version=1.0.1 -F filetype=bdist_wheel -F pyversion=py3 "       \
	"-F sha256_digest=$(sha256sum demo_pkg-1.0.1-py3-none-any.whl | cut -d' ' -f1) " extra     \
	" ${U}legacy/"
#define FILE_PART "-F 'content=@demo_pkg-1.0.1-py3-none-any.whl;type=application/octet-stream' "

Test(server, refuses_what_the_real_index_refuses_with_its_words, .fini = leak_gate, .timeout = 60)
{
	static const struct {
		const char *line, *want;
	} row[] = {
		{ FORM(""), "Upload payload does not have a file." },
		{ FORM(FILE_PART "-F name=other"), "'name' has invalid data." },
		{ FORM(FILE_PART "-F md5_digest=00"), "The digest supplied does not match" },
		{ FORM(FILE_PART "-F summary=$(printf 'a\\nb')"
				 " -F 'description_content_type=text/html'"),
		    "'description-content-type' must be one of" },
		{ FORM("-F 'content=@demo_pkg-1.0.1-py3-none-any.whl;filename=a.egg'"),
		    "Invalid file extension" },
		{ FORM("-F "
		       "'content=@demo_pkg-1.0.1-py3-none-any.whl;filename=demo_pkg-1.0.2-py3-none-"
		       "any.whl'"),
		    "Version in filename should be '1.0.1' not '1.0.2'." },
		{ FORM("-F "
		       "'content=@demo_pkg-1.0.1-py3-none-any.whl;filename=demo-1.0.1-py3-none-any."
		       "whl'"),
		    "Start filename for 'demo-pkg' with 'demo_pkg'." },
		{ FORM("-F "
		       "'content=@demo_pkg-1.0.1-py3-none-any.whl;filename=demo_pkg-1.0.1-py3-none-"
		       "linux_x86_64.whl'"),
		    "unsupported platform tag" },
		{ FORM("-F 'content=@demo_pkg-1.0.1-py3-none-any.whl;type=image/png'"),
		    "Invalid distribution file." },
		{ FORM("-F 'content=@make_up;filename=demo_pkg-1.0.1-py3-none-any.whl'"),
		    "The digest supplied does not match" },
		{ FORM(FILE_PART "-F classifiers=a -F 'x=@demo_pkg-1.0.1-py3-none-any.whl'"),
		    "x: Should not be a tuple." },
		{ "curl -sS -u __token__:$T -F protocol_version=2 ${U}legacy/",
		    "Unknown protocol version." },
		{ "curl -sS -u __token__:$T -F name=-x ${U}legacy/",
		    "'-x' is an invalid value for Name." },
		{ "curl -sS -u __token__:$T -F name=x -F version=1 -F filetype=bdist_egg "
		  "${U}legacy/",
		    "Invalid value for filetype. Error: Use a known file type." },
		{ "curl -sS -u __token__:$T -F name=x -F version=1 -F filetype=sdist ${U}legacy/",
		    "Error: Include at least one message digest." },
		{ "curl -sS -u __token__:$T -F name=x -F version=1+l -F filetype=sdist -F "
		  "md5_digest=0 "
		  "-F metadata_version=2.1 ${U}legacy/",
		    "The use of local versions in '1+l' is not allowed." },
		{ "curl -sS -u __token__:$T -F name=x -F version=1 -F filetype=sdist -F "
		  "md5_digest=0 "
		  "-F metadata_version=2.0 ${U}legacy/",
		    "'2.0' is not a valid metadata version" },
		{ "curl -sS -u __token__:$T -F :action=submit ${U}legacy/", "410 Gone" },
		{ "curl -sS -u __token__:$T -d a=b ${U}legacy/", "not multipart" },
		{ "curl -sS -u __token__:pypi-no -H 'Accept: application/json' -F a=b ${U}legacy/",
		    "\"code\":\"403 Invalid or non-existent authentication information." },
		{ "curl -sS -F a=b ${U}legacy/",
		    "Invalid or non-existent authentication information." },
		{ "curl -sS -u me:$T -F a=b ${U}legacy/",
		    "Invalid or non-existent authentication information." },
		{ "curl -sS -o /dev/null -w '%{http_code} %{redirect_url}' -F a=b ${U}legacy",
		    "308 http" },
		{ "curl -sS -X PUT ${U}simple/", "405" },
		{ "curl -sS ${U}simple/demo-pkg/", "Not Found" },
		{ "ls index/files index/incoming | wc -w; echo end", "2\nend" },
	};
	struct fixture f = begin();

	make_dist(&f, "demo-pkg", "1.0.1", "wheel");
	temp_puts(f.dir, "make_up", "PK not a wheel");
	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		expect(&f, row[i].line, row[i].want);
	end(&f);
}

Test(server, shows_the_files_in_every_form_and_in_pieces, .fini = leak_gate, .timeout = 60)
{
	static const struct {
		const char *line, *want;
	} row[] = {
		{ "curl -sS ${U}simple/", "<a href=\"/simple/demo-pkg/\">demo-pkg</a>" },
		{ "curl -sSi ${U}simple/Demo_Pkg", "Location: /simple/demo-pkg/" },
		{ "curl -sSi ${U}simple/demo-pkg", "Location: /simple/demo-pkg/" },
		{ "curl -sS ${U}simple/demo-pkg/", "data-requires-python=\"&gt;=3.8\"" },
		{ "curl -sS ${U}simple/demo-pkg/ | grep -c \"sha256=$(sha256sum *.whl | cut -d' ' "
		  "-f1)\"",
		    "1\n" },
		{ "curl -sSi -H 'Accept: application/vnd.pypi.simple.v1+json' ${U}simple/demo-pkg/",
		    "Content-Type: application/vnd.pypi.simple.v1+json" },
		{ "curl -sS -H 'Accept: text/html;q=0.2, "
		  "application/vnd.pypi.simple.v1+json;q=0.9' "
		  "${U}simple/demo-pkg/",
		    "\"versions\":[\"1.0.1\"]" },
		{ "curl -sS -H 'Accept: application/vnd.pypi.simple.v1+json' ${U}simple/demo-pkg/",
		    "\"yanked\":false,\"core-metadata\":false" },
		{ "curl -sS ${U}pypi/demo-pkg/json", "\"summary\":\"a test of uploads\"" },
		{ "curl -sS ${U}pypi/Demo_pkg/1.0.1/json", "\"Home\":\"https://example.org/x\"" },
		{ "curl -sSi ${U}pypi/demo-pkg/2/json", "{\"message\":\"Not Found\"}" },
		{ "curl -sS -r 0-3 ${U}files/demo-pkg/demo_pkg-1.0.1-py3-none-any.whl | head -c2",
		    "PK" },
		{ "curl -sSi -r -5 ${U}files/demo-pkg/demo_pkg-1.0.1-py3-none-any.whl | grep -a "
		  "Content-",
		    "Content-Length: 5" },
		{ "curl -sSi -r 999999999- ${U}files/demo-pkg/demo_pkg-1.0.1-py3-none-any.whl",
		    "416 Range Not Satisfiable" },
		{ "curl -sSI ${U}files/demo-pkg/demo_pkg-1.0.1-py3-none-any.whl", "ETag: \"" },
		{ "E=$(curl -sSI ${U}files/demo-pkg/demo_pkg-1.0.1-py3-none-any.whl | sed -n "
		  "'s/^ETag: //p' | tr -d '\\r'); "
		  "curl -sSi -H \"If-None-Match: $E\" "
		  "${U}files/demo-pkg/demo_pkg-1.0.1-py3-none-any.whl",
		    "304 Not Modified" },
		{ "curl -sS --path-as-is ${U}files/demo-pkg/../../token", "Not Found" },
		{ "curl -sS --path-as-is ${U}files/..%2f..%2ftoken/x", "Not Found" },
		{ "curl -sS --path-as-is ${U}files/demo-pkg/demo_pkg-1.0.1-py3-none-any.whl.json",
		    "Not Found" },
	};
	struct fixture f = begin();

	make_dist(&f, "demo-pkg", "1.0.1", "wheel");
	expect(&f, TWINE "demo_pkg-1.0.1* && echo went-well", "went-well");
	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		expect(&f, row[i].line, row[i].want);
	/* and again after a restart, under the same address */
	char *before = mem_strdup(index_server_url(f.server));

	index_server_stop(f.server);
	start(&f);
	cr_expect_str_eq(index_server_url(f.server), before);
	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		expect(&f, row[i].line, row[i].want);
	free(before);
	end(&f);
}

Test(server, takes_several_uploads_at_once_and_lists_no_half_one, .fini = leak_gate, .timeout = 60)
{
	struct fixture f = begin();

	make_dist(&f, "demo-pkg", "1.0.1", "wheel");
	make_dist(&f, "demo-pkg", "1.0.1", "sdist");
	make_dist(&f, "other", "2", "wheel");
	expect(&f,
	    "(" TWINE "demo_pkg-1.0.1.tar.gz) & (" TWINE "demo_pkg*.whl) & (" TWINE
	    "other*) & wait\n"
	    "curl -sS ${U}simple/demo-pkg/ ${U}simple/other/ | grep -c sha256=",
	    "3\n");
	/* what a crash leaves: a file without its document, an upload under way, and one of which
	   the end was lost with the power */
	temp_puts(f.dir, "index/files/other/other-3-py3-none-any.whl", "PK");
	temp_puts(f.dir, "index/incoming/upload-abcdef", "PK");
	temp_puts(f.dir, "index/files/demo-pkg/demo_pkg-1.0.1.tar.gz", "half");
	index_server_stop(f.server);
	start(&f);
	expect(&f,
	    "curl -sS ${U}simple/other/ | grep -c sha256=; ls index/incoming | wc -l\n"
	    "curl -sS ${U}simple/demo-pkg/ | grep -c sha256=",
	    "1\n0\n1\n");
	end(&f);
}

Test(server, the_token_is_made_once_and_hidden, .fini = leak_gate)
{
	struct fixture f = begin();
	struct secret *first = secret_copy(index_server_token(f.server));
	struct stat st;

	cr_expect(secret_starts(first, "pypi-"));
	cr_expect_eq(secret_len(first), 5 + 43);
	cr_assert_eq(stat(index_server_token_path(f.server), &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0600);
	index_server_stop(f.server);
	start(&f);
	cr_expect_str_eq(secret_text(first), secret_text(index_server_token(f.server)));
	secret_free(first);
	end(&f);
}

Test(server, says_when_a_port_or_a_directory_is_taken, .fini = leak_gate)
{
	struct fixture f = begin();
	char *other = fs_join(f.dir, "other");
	const char *colon = strrchr(index_server_url(f.server), ':');
	struct index_server_opts opts = { .dir = other,
		.port = (uint16_t)strtoul(colon + 1, NULL, 10) };
	struct index_server *second = NULL;
	struct err e = ERR_EMPTY;

	cr_expect_eq(index_server_start(&opts, &second, &e), ERR_BUSY);
	cr_expect_not_null(strstr(e.hint, "--port"), "%s", e.hint);
	opts.port = 0;
	cr_expect_eq(index_server_start(&opts, &second, &e), ERR_OK);
	index_server_stop(second);
	free(other);
	end(&f);
}
