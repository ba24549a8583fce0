/* What git's failures mean, in plain words, with the way out. Git has no codes for them: its
 * English texts are matched, those of servers and of ssh and gpg as well, the first row that fits.
 */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/repo/git_run.h"

enum flag {
	ASKS = 1, /* the terminal may help */
	HOOK = 2,
};

struct row {
	const char   *text; /* found anywhere in what was printed */
	enum err_code code;
	unsigned      flags;
	const char   *message, *hint;
};

#define HINT_LOGIN                                                                                 \
	"check that your account may do this, and the credentials: git credential helper, token "  \
	"or ssh key"
#define HINT_NETWORK "check the connection and the URL (git remote -v), then try again"
#define HINT_PULL "bring in the new commits first: git pull --rebase"
#define HINT_IDENTITY                                                                              \
	"run: git config --global user.name \"Your Name\" and git config --global user.email "     \
	"you@example.org"

/* The order matters: what is more telling comes first. */
static const struct row rows[] = {
	{ "No space left on device", ERR_IO, 0, "the disk is full",
	    "free some space and try again" },
	{ "Disk quota exceeded", ERR_IO, 0, "your disk quota is used up",
	    "free some space and try again" },
	{ "dubious ownership", ERR_REFUSED, 0, "the repository belongs to another user",
	    "if you trust it, run the git config command that git names" },

	{ "No secret key", ERR_AUTH, 0, "the signing key is not on this machine",
	    "check user.signingKey with: git config user.signingKey; gpg --list-secret-keys" },
	{ "Operation cancelled", ERR_CANCELLED, 0, "the passphrase prompt was cancelled", "" },
	{ "cannot run gpg", ERR_NOT_FOUND, 0, "gpg, which signs, is not installed",
	    "install gnupg, or set gpg.program" },
	{ "Couldn't load public key", ERR_AUTH, 0, "the ssh key for signing cannot be read",
	    "check user.signingKey with: git config user.signingKey" },
	{ "No pinentry", ERR_AUTH, ASKS, "signing needs a passphrase",
	    "it is asked for on the terminal" },
	{ "Inappropriate ioctl for device", ERR_AUTH, ASKS, "signing needs a passphrase",
	    "it is asked for on the terminal; if it is not: export GPG_TTY=$(tty)" },
	{ "incorrect passphrase", ERR_AUTH, ASKS, "a key needs its passphrase",
	    "it is asked for on the terminal" },
	{ "gpg failed to sign", ERR_AUTH, ASKS, "signing failed, perhaps for want of a passphrase",
	    "it is asked for on the terminal; try it with: echo test | gpg --clearsign" },
	{ "Couldn't sign message", ERR_AUTH, ASKS, "signing with the ssh key failed",
	    "a passphrase is asked for on the terminal" },

	{ "terminal prompts disabled", ERR_AUTH, ASKS, "the remote wants a user name or password",
	    "it is asked for on the terminal; a credential helper would remember it" },
	{ "could not read Username", ERR_AUTH, ASKS, "the remote wants a user name",
	    "it is asked for on the terminal; a credential helper would remember it" },
	{ "could not read Password", ERR_AUTH, ASKS, "the remote wants a password",
	    "it is asked for on the terminal; a credential helper would remember it" },
	{ "Host key verification failed", ERR_AUTH, ASKS,
	    "the host key of the remote is not known, or has changed",
	    "ssh asks about it on the terminal: compare the fingerprint before you accept it" },
	{ "REMOTE HOST IDENTIFICATION HAS CHANGED", ERR_AUTH, 0,
	    "the host key of the remote has changed",
	    "make sure that this is right, then: ssh-keygen -R HOST" },
	{ "sign_and_send_pubkey", ERR_AUTH, ASKS, "the ssh key could not be used",
	    "a passphrase is asked for on the terminal; ssh-add would remember it" },
	{ "Permission denied (publickey", ERR_AUTH, ASKS, "the remote did not accept an ssh key",
	    "a passphrase is asked for on the terminal; or add your key to the agent: ssh-add" },
	{ "Permission denied (", ERR_AUTH, ASKS, "the remote did not let ssh in", HINT_LOGIN },
	{ "ssh_askpass", ERR_AUTH, ASKS, "ssh wants to ask something",
	    "it is asked for on the terminal" },
	{ "no tty present", ERR_AUTH, ASKS, "a program wants to ask something",
	    "it is asked for on the terminal" },
	{ "Device not configured", ERR_AUTH, ASKS, "a program wants to ask something",
	    "it is asked for on the terminal" },
	{ "could not open a tty", ERR_AUTH, ASKS, "a program wants to ask something",
	    "it is asked for on the terminal" },
	{ "/dev/tty: No such device", ERR_AUTH, ASKS, "a program wants to ask something",
	    "it is asked for on the terminal" },
	{ "Too many authentication failures", ERR_AUTH, 0, "ssh offered too many keys",
	    "name the right one in ~/.ssh/config with IdentityFile and IdentitiesOnly" },
	{ "Authentication failed", ERR_AUTH, 0,
	    "the remote did not accept the user name or password", HINT_LOGIN },
	{ "HTTP Basic: Access denied", ERR_AUTH, 0,
	    "the remote did not accept the user name or password", HINT_LOGIN },

	{ "GH006", ERR_REFUSED, 0, "the branch is protected on the remote",
	    "release by pull request (publish = \"ci\"), or let somebody who may push do it" },
	{ "GH013", ERR_REFUSED, 0, "a rule of the remote forbids this push",
	    "release by pull request (publish = \"ci\"), or let somebody who may push do it" },
	{ "protected branch hook declined", ERR_REFUSED, 0, "the branch is protected on the remote",
	    "release by pull request (publish = \"ci\"), or let somebody who may push do it" },
	{ "to protected branches", ERR_REFUSED, 0, "the branch is protected on the remote",
	    "release by merge request (publish = \"ci\"), or let somebody who may push do it" },
	{ "pre-receive hook declined", ERR_REFUSED, 0, "a hook on the remote refused the push",
	    "its message above says why" },
	{ "hook declined", ERR_REFUSED, 0, "a hook on the remote refused the push",
	    "its message above says why" },
	{ "would clobber existing tag", ERR_CONFLICT, 0,
	    "a tag of this name is on the remote already, elsewhere",
	    "choose another version, or look at it: git ls-remote --tags" },
	{ "(already exists)", ERR_CONFLICT, 0,
	    "a tag of this name is on the remote already, elsewhere",
	    "choose another version, or look at it: git ls-remote --tags" },
	{ "(stale info)", ERR_CONFLICT, 0, "the remote has something else there by now",
	    "fetch, and look at what has changed" },
	{ "(non-fast-forward)", ERR_CONFLICT, 0, "the remote has commits that are not here",
	    HINT_PULL },
	{ "(fetch first)", ERR_CONFLICT, 0, "the remote has commits that are not here", HINT_PULL },
	{ "does not support --atomic", ERR_UNSUPPORTED, 0,
	    "the remote cannot take branch and tag at once", "push them one after the other" },
	{ "denied to", ERR_AUTH, 0, "your account may not push there", HINT_LOGIN },
	{ "returned error: 403", ERR_AUTH, 0, "the remote refused access", HINT_LOGIN },
	{ "returned error: 401", ERR_AUTH, 0, "the remote did not accept the credentials",
	    HINT_LOGIN },
	{ "epository not found", ERR_NOT_FOUND, 0,
	    "the remote repository is not there, or not for you",
	    "check the URL with: git remote -v; " HINT_LOGIN },
	{ "does not appear to be a git repository", ERR_NOT_FOUND, 0,
	    "the remote is no git repository", "check its name and URL with: git remote -v" },
	{ "Could not resolve host", ERR_NETWORK, 0, "the remote's host name is not known",
	    HINT_NETWORK },
	{ "Connection refused", ERR_NETWORK, 0, "the remote refused the connection", HINT_NETWORK },
	{ "onnection timed out", ERR_NETWORK, 0, "the remote did not answer in time",
	    HINT_NETWORK },
	{ "Operation timed out", ERR_NETWORK, 0, "the remote did not answer in time",
	    HINT_NETWORK },
	{ "Network is unreachable", ERR_NETWORK, 0, "there is no network", HINT_NETWORK },
	{ "No route to host", ERR_NETWORK, 0, "the remote cannot be reached", HINT_NETWORK },
	{ "SSL certificate problem", ERR_NETWORK, 0, "the certificate of the remote is not trusted",
	    "check the clock and the certificates of this machine; behind a proxy: "
	    "http.sslCAInfo" },
	{ "Failed to connect", ERR_NETWORK, 0, "the remote cannot be reached", HINT_NETWORK },
	{ "Couldn't connect to server", ERR_NETWORK, 0, "the remote cannot be reached",
	    HINT_NETWORK },
	{ "hung up unexpectedly", ERR_NETWORK, 0, "the remote broke the connection", HINT_NETWORK },
	{ "early EOF", ERR_NETWORK, 0, "the remote broke the connection", HINT_NETWORK },
	{ "unable to access", ERR_NETWORK, 0, "the remote cannot be reached", HINT_NETWORK },
	{ "Could not read from remote repository", ERR_NETWORK, 0, "the remote cannot be read",
	    HINT_NETWORK },

	{ "Please tell me who you are", ERR_CONFIG, 0,
	    "git does not know your name and mail address", HINT_IDENTITY },
	{ "auto-detect email address", ERR_CONFIG, 0, "git does not know your mail address",
	    HINT_IDENTITY },
	{ "empty ident name", ERR_CONFIG, 0, "git does not know your name", HINT_IDENTITY },
	{ "git-lfs' was not found", ERR_NOT_FOUND, HOOK,
	    "the repository uses Git LFS, which is not installed", "install git-lfs" },
	{ "git-lfs: not found", ERR_NOT_FOUND, 0,
	    "the repository uses Git LFS, which is not installed", "install git-lfs" },
	{ "index.lock", ERR_BUSY, 0, "another git command is running in this repository",
	    "wait for it; if there is none, delete the lock file that git names" },
	{ ".lock': File exists", ERR_BUSY, 0, "another git command is running in this repository",
	    "wait for it; if there is none, delete the lock file that git names" },
	{ "cannot lock ref", ERR_CONFLICT, 0, "the reference has changed meanwhile, or is locked",
	    "look at it with: git show-ref" },
	{ "Not possible to fast-forward", ERR_CONFLICT, 0, "the branch has moved on", HINT_PULL },
	{ "would be overwritten by merge", ERR_CONFLICT, 0, "local changes are in the way",
	    "commit or stash them, then move the branch with: git merge --ff-only" },
	{ "untracked working tree files", ERR_CONFLICT, 0, "untracked files are in the way",
	    "move them away, then move the branch with: git merge --ff-only" },
	{ "nothing to commit", ERR_FAILED, 0, "there is nothing to commit", "" },
	{ "nothing added to commit", ERR_FAILED, 0, "there is nothing to commit", "" },
	{ "no changes added to commit", ERR_FAILED, 0, "there is nothing to commit", "" },
	{ "ignored by one of your .gitignore", ERR_CONFIG, 0, "a file to commit is ignored",
	    "take it out of .gitignore, or leave it out of the release" },
	{ "src refspec", ERR_NOT_FOUND, 0, "what should be pushed is not there", "" },
	{ "not a valid object name", ERR_NOT_FOUND, 0, "the commit is not there", "" },
	{ "Failed to resolve", ERR_NOT_FOUND, 0, "the commit is not there", "" },
	{ "is not a valid tag name", ERR_INVALID, 0, "this is not a name that a tag can have", "" },
	{ "is not a working tree", ERR_NOT_FOUND, 0, "there is no such linked work tree", "" },
	{ "not a git repository", ERR_NOT_FOUND, 0, "there is no git repository", "" },
	{ "is not a git command", ERR_UNSUPPORTED, 0, "this git is too old",
	    "install git 2.17 or newer" },
	{ "unknown option", ERR_UNSUPPORTED, 0, "this git is too old",
	    "install git 2.17 or newer" },
	{ "Read-only file system", ERR_IO, 0, "the disk cannot be written to", "" },
	{ "Permission denied", ERR_IO, 0, "a file may not be read or written",
	    "check who owns the files it names" },
};

/* Texts that mean something for one kind of command alone; they come before the others. */
static const struct {
	enum git_kind kind;
	struct row    row;
} own_rows[] = {
	{ GIT_TAG, { "already exists", ERR_CONFLICT, 0, "a tag of this name is there already",
		       "choose another version, or look at it: git show TAG" } },
	{ GIT_TAG, { "not found", ERR_NOT_FOUND, 0, "there is no tag of this name", "" } },
	{ GIT_WORKTREE, { "already exists", ERR_EXISTS, 0, "the folder is there already",
			    "remove it and try again" } },
};

static bool
contains(struct bytes text, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= text.len; i++)
		if (memcmp(text.data + i, part, len) == 0)
			return true;
	return false;
}

/* Borrowed from TEXT; empty when PART is not there. */
static struct bytes
line_with(struct bytes text, const char *part)
{
	struct bytes line;

	while (bytes_line(&text, &line))
		if (contains(line, part))
			return bytes_trim(line);
	return (struct bytes){ "", 0 };
}

/* git's own complaint, else the last line that says something. */
static struct bytes
telling_line(struct bytes text)
{
	static const char *const starts[] = { "fatal: ", "error: ", "remote: error: " };
	struct bytes		 line, last = { "", 0 };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		line = line_with(text, starts[i]);
		if (line.len > 0)
			return line;
	}
	while (bytes_line(&text, &line))
		if (bytes_trim(line).len > 0)
			last = bytes_trim(line);
	return last;
}

static const struct row *
find_row(enum git_kind kind, struct bytes out, struct bytes err, struct bytes *line)
{
	for (size_t i = 0; i < ARRAY_LEN(own_rows); i++) {
		*line = line_with(err, own_rows[i].row.text);
		if (own_rows[i].kind == kind && line->len > 0)
			return &own_rows[i].row;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		*line = line_with(err, rows[i].text);
		if (line->len == 0)
			*line = line_with(out, rows[i].text);
		if (line->len > 0)
			return &rows[i];
	}
	return NULL;
}

/* Hooks of the user print what they like; they are known by git itself saying nothing. */
static bool
is_hook(
    const struct git_cmd *cmd, const struct process_end *end, struct bytes out, struct bytes err)
{
	struct git_push_refs refs = GIT_PUSH_REFS_EMPTY;
	bool		     refused;

	if (end->status != 1)
		return false;
	if (cmd->kind == GIT_COMMIT)
		return line_with(err, "fatal: ").len == 0 &&
		       !strlist_has(&cmd->argv, "--no-verify");
	if (cmd->kind != GIT_PUSH || strlist_has(&cmd->argv, "--no-verify"))
		return false;
	git_push_parse(out, &refs);
	refused = refs.count > 0;
	git_push_refs_fini(&refs);
	return !refused && contains(err, "failed to push some refs");
}

static void
set_message(struct err *e, enum err_code code, const struct git_cmd *cmd, const char *words,
    struct bytes line)
{
	struct str safe = STR_EMPTY;

	repo_mask_urls(line.data, line.len, &safe);
	if (line.len > 0)
		err_set(e, code, "cannot %s: %s (%s)", cmd->description, words, str_text(&safe));
	else
		err_set(e, code, "cannot %s: %s", cmd->description, words);
	str_fini(&safe);
}

void
git_explain(const struct git_cmd *cmd, const struct process_end *end, struct bytes out,
    struct bytes err, struct git_verdict *v)
{
	const struct row *row;
	struct bytes	  line;
	char		  buf[64];

	*v = (struct git_verdict){ .err = ERR_EMPTY };
	if (end->cancelled) {
		err_set(&v->err, ERR_CANCELLED, "cannot %s: it was cancelled", cmd->description);
		return;
	}
	if (end->timed_out) {
		err_set(
		    &v->err, ERR_TIMEOUT, "cannot %s: git did not end in time", cmd->description);
		err_hint(&v->err, cmd->network
				      ? HINT_NETWORK
				      : "try the command by hand, to see what it waits for");
		return;
	}
	row = find_row(cmd->kind, out, err, &line);
	if (row != NULL) {
		set_message(&v->err, row->code, cmd, row->message, line);
		err_hint(&v->err, "%s", row->hint);
		v->needs_terminal = (row->flags & ASKS) != 0;
		v->hook = (row->flags & HOOK) != 0;
	} else if (is_hook(cmd, end, out, err)) {
		v->hook = true;
		set_message(
		    &v->err, ERR_FAILED, cmd, "a git hook of yours stopped it", telling_line(err));
		err_hint(&v->err, "mend what it complains about, or go on without hooks");
	} else {
		set_message(&v->err, ERR_FAILED, cmd, process_end_text(end, buf, sizeof buf),
		    telling_line(err));
	}
}
