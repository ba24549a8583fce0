/* The rehearsal index as a command. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "index_process.h"
#include "leak_gate.h"
#include "program.h"
#include "temp.h"

Test(cmd_index, shows_its_token_at_its_first_start_only, .fini = leak_gate)
{
	char *dir = temp_dir(), *token, *url;
	struct index_process *p = index_process_start(dir);

	token = strdup(index_process_token(p));
	url = strdup(index_process_url(p));
	cr_expect_not_null(strstr(index_process_output(p), token));
	cr_expect_not_null(strstr(index_process_output(p), "/simple/"));
	cr_expect_eq(index_process_stop(p), 0);
	p = index_process_start(dir);
	cr_expect_null(strstr(index_process_output(p), token));
	cr_expect_not_null(strstr(index_process_output(p), "/index/token"));
	cr_expect_str_eq(index_process_token(p), token);
	cr_expect_str_eq(index_process_url(p), url, "another port, although the old one was free");
	cr_expect_eq(index_process_stop(p), 0);
	free(url);
	free(token);
	temp_remove(dir);
}

Test(cmd_index, needs_one_directory, .fini = leak_gate)
{
	struct run_result r;

	program_run(NULL, ARGS("index"), &r);
	cr_expect_eq(r.status, 2);
	cr_expect_not_null(strstr(r.err, "takes one directory"));
	run_fini(&r);
	program_run(NULL, ARGS("index", "/proc/nowhere"), &r);
	cr_expect_eq(r.status, 1);
	run_fini(&r);
}
