/* What git, servers, ssh and gpg print, and what is made of it. Texts are theirs. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/repo/git_run.h"

static const struct {
	const char   *err, *out;
	enum err_code code;
	bool	      asks;
} rows[] = {
	{ "fatal: could not read Username for 'https://github.com': terminal prompts disabled\n",
	    "", ERR_AUTH, true },
	{ "git@github.com: Permission denied (publickey).\nfatal: Could not read from remote "
	  "repository.\n",
	    "", ERR_AUTH, true },
	{ "sign_and_send_pubkey: signing failed for ED25519 \"/k\" from agent: agent refused "
	  "operation\n"
	  "git@h: Permission denied (publickey).\n",
	    "", ERR_AUTH, true },
	{ "Host key verification failed.\nfatal: Could not read from remote repository.\n", "",
	    ERR_AUTH, true },
	{ "error: gpg failed to sign the data\nfatal: failed to write commit object\n", "",
	    ERR_AUTH, true },
	{ "gpg: skipped \"A\": No secret key\ngpg: signing failed: No secret key\n"
	  "error: gpg failed to sign the data\n",
	    "", ERR_AUTH, false },
	{ "error: cannot run gpg: No such file or directory\nerror: gpg failed to sign the data\n",
	    "", ERR_NOT_FOUND, false },
	{ "Load key \"/k\": incorrect passphrase supplied to decrypt private key\n", "", ERR_AUTH,
	    true },
	{ "remote: Invalid username or password.\nfatal: Authentication failed for "
	  "'https://h/a/'\n",
	    "", ERR_AUTH, false },
	{ "remote: Permission to a/b.git denied to c.\nfatal: unable to access "
	  "'https://github.com/a/b/': "
	  "The requested URL returned error: 403\n",
	    "", ERR_AUTH, false },
	{ "remote: Repository not found.\nfatal: repository 'https://github.com/a/b/' not found\n",
	    "", ERR_NOT_FOUND, false },
	{ "remote: error: GH006: Protected branch update failed for refs/heads/main.\n",
	    "!\tHEAD:refs/heads/main\t[remote rejected] (protected branch hook declined)\n",
	    ERR_REFUSED, false },
	{ "remote: GitLab: You are not allowed to push code to protected branches on this "
	  "project.\n",
	    "!\tHEAD:refs/heads/main\t[remote rejected] (pre-receive hook declined)\n", ERR_REFUSED,
	    false },
	{ "error: failed to push some refs to 'h'\n",
	    "!\tHEAD:refs/heads/main\t[rejected] (fetch first)\n", ERR_CONFLICT, false },
	{ "error: failed to push some refs to 'h'\n",
	    "!\tHEAD:refs/heads/main\t[rejected] (non-fast-forward)\n", ERR_CONFLICT, false },
	{ "error: failed to push some refs to 'h'\n",
	    "!\trefs/tags/v1:refs/tags/v1\t[rejected] (already exists)\n", ERR_CONFLICT, false },
	{ "fatal: the receiving end does not support --atomic push\n", "", ERR_UNSUPPORTED, false },
	{ "ssh: Could not resolve hostname h: Name or service not known\n"
	  "fatal: Could not read from remote repository.\n",
	    "", ERR_NETWORK, false },
	{ "fatal: unable to access 'https://h/': Could not resolve host: h\n", "", ERR_NETWORK,
	    false },
	{ "ssh: connect to host h port 22: Connection refused\n", "", ERR_NETWORK, false },
	{ "fatal: unable to access 'https://h/': SSL certificate problem: self signed "
	  "certificate\n",
	    "", ERR_NETWORK, false },
	{ "fatal: sha1 file 'x' write error: No space left on device\n", "", ERR_IO, false },
	{ "fatal: Unable to create '/r/.git/index.lock': File exists.\n", "", ERR_BUSY, false },
	{ "Author identity unknown\n\n*** Please tell me who you are.\n", "", ERR_CONFIG, false },
	{ "something nobody has seen\n", "", ERR_FAILED, false },
	{ "", "", ERR_FAILED, false },
};

Test(git_explain, says_what_failures_mean, .fini = leak_gate)
{
	struct git_cmd	   cmd = { .kind = GIT_PUSH, .description = (char[]){ "push to origin" } };
	struct process_end end = { .status = 128 };
	struct git_verdict v;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		git_explain(&cmd, &end, bytes_of(rows[i].out), bytes_of(rows[i].err), &v);
		cr_expect_eq(v.err.code, rows[i].code, "%s: %s", rows[i].err, v.err.message);
		cr_expect_eq(v.needs_terminal, rows[i].asks, "%s", rows[i].err);
		cr_expect_not(v.hook);
		cr_expect(strncmp(v.err.message, "cannot push to origin: ", 23) == 0, "%s",
		    v.err.message);
	}
}

Test(git_explain, shows_no_credential_of_a_url, .fini = leak_gate)
{
	struct git_cmd	   cmd = { .kind = GIT_FETCH, .description = (char[]){ "fetch" } };
	struct process_end end = { .status = 128 };
	struct git_verdict v;

	git_explain(&cmd, &end, bytes_of(""),
	    bytes_of(
		"fatal: unable to access 'https://me:hunter2@h/': Could not resolve host: h\n"),
	    &v);
	cr_expect_null(strstr(v.err.message, "hunter2"));
	cr_expect_not_null(strstr(v.err.message, "https://***@h/"));
}

Test(git_explain, ends_that_git_did_not_choose_come_first, .fini = leak_gate)
{
	struct git_cmd cmd = {
		.kind = GIT_FETCH, .network = true, .description = (char[]) { "fetch" }
	};
	struct git_verdict v;

	git_explain(&cmd, &(struct process_end){ .status = -1, .timed_out = true }, bytes_of(""),
	    bytes_of("fatal: Could not resolve host"), &v);
	cr_expect_eq(v.err.code, ERR_TIMEOUT);
	git_explain(&cmd, &(struct process_end) { .status = -1, .cancelled = true }, bytes_of(""),
	    bytes_of(""), &v);
	cr_expect_eq(v.err.code, ERR_CANCELLED);
	git_explain(&cmd, &(struct process_end) { .status = -1, .signo = 9 }, bytes_of(""),
	    bytes_of(""), &v);
	cr_expect(strstr(v.err.message, "SIGKILL") != NULL, "%s", v.err.message);
}
