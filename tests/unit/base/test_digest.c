/* Digests against the standards' own vectors and values from Python's hashlib. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/digest.h"

Test(digest, knows_the_published_vectors, .fini = leak_gate)
{
	static const struct {
		enum digest_kind kind;
		const char *hex; /* of "abc" */
	} row[] = {
		{ DIGEST_SHA256,
		    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ DIGEST_MD5, "900150983cd24fb0d6963f7d28e17f72" },
		{ DIGEST_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ DIGEST_SHA384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
				 "8086072ba1e7cc2358baeca134c825a7" },
		{ DIGEST_SHA512,
		    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
	};
	char hex[DIGEST_HEX_SIZE];

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		enum digest_kind kind;

		digest_hex(row[i].kind, "abc", 3, hex);
		cr_expect_str_eq(hex, row[i].hex, "%s", digest_name(row[i].kind));
		cr_expect(digest_by_name(bytes_of(digest_name(row[i].kind)), &kind));
		cr_expect_eq(kind, row[i].kind);
	}
}

/* RFC 7693, appendix A. */
Test(digest, blake2b_of_full_length_is_the_rfcs, .fini = leak_gate)
{
	struct blake2b b;
	uint8_t raw[BLAKE2B_MAX];
	char hex[DIGEST_HEX_SIZE];

	blake2b_init(&b, sizeof raw);
	blake2b_update(&b, "abc", 3);
	blake2b_final(&b, raw);
	digest_to_hex(raw, sizeof raw, hex);
	cr_assert_str_eq(hex, "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
			      "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

static void
fill_sequence(uint8_t *out, size_t len, uint32_t seed)
{
	uint32_t a = 0xdead4badu * seed, b = 1;

	for (size_t i = 0; i < len; i++) {
		uint32_t t = a + b;

		a = b;
		b = t;
		out[i] = (uint8_t)(t >> 24);
	}
}

/* The inputs of RFC 7693, appendix E, without its keyed half; the value is sha256 over hashlib's
 * digests. */
Test(digest, blake2b_of_every_size_agrees_with_hashlib, .fini = leak_gate)
{
	static const size_t sizes[] = { 20, 32, 48, 64 }, lens[] = { 0, 3, 128, 129, 255, 1024 };
	struct digest all;
	uint8_t in[1024], raw[BLAKE2B_MAX];
	char hex[DIGEST_HEX_SIZE];

	digest_init(&all, DIGEST_SHA256);
	for (size_t s = 0; s < ARRAY_LEN(sizes); s++)
		for (size_t l = 0; l < ARRAY_LEN(lens); l++) {
			struct blake2b b;

			fill_sequence(in, lens[l], (uint32_t)lens[l]);
			blake2b_init(&b, sizes[s]);
			blake2b_update(&b, in, lens[l]);
			blake2b_final(&b, raw);
			digest_update(&all, raw, sizes[s]);
		}
	digest_final_hex(&all, hex);
	cr_assert_str_eq(hex, "65c9851135043a0666bc2ddb69b2555ae1b5579b89c37554813bd411c03f20e4");
}

Test(digest, sets_agree_with_hashlib_however_they_are_cut, .fini = leak_gate)
{
	static const struct {
		size_t len;
		const char *sha256, *blake2b, *md5;
	} row[] = {
		{ 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		    "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
		    "d41d8cd98f00b204e9800998ecf8427e" },
		{ 1, "084fed08b978af4d7d196a7446a86b58009e636b611db16211b65a9aadff29c5",
		    "e88bd757ad5b9bedf372d8d3f0cf6c962a469db61a265f6418e1ffed86da29ec",
		    "8666683506aacd900bbd5a74ac4edf68" },
		{ 63, "47fb38b12335c9298d09280515c0666489a189d1554bb0ac1a0740806ce9d8b6",
		    "7d780c3264dedf1cddd683d6fe976ddc273c3caf2c54aeadbaba0d43c3ad287d",
		    "4a805576b511a836fefee199fb797ae5" },
		{ 64, "dfa798724b1a8014994f363e5da7474ed26ce3757fb29e07aa47ad5a9352d37b",
		    "e05ae5cb162ab39214830a09e62611c48d77b3a0ceec14483820101f3a74aa02",
		    "7a0cbe2eab91195c56eae7f83588d243" },
		{ 127, "2409a159329f4e770a7d8128130497abb1de01ffb6ad389d97d89ebbeeb7f02c",
		    "7eb3d4fe699cedc52282a1c091627822fe7790ef178af8269c0261d367931246",
		    "72a9cc53dbae65d0146d626d46f6fb74" },
		{ 128, "3a9c1e22e20578eebe442238f431befd688bd56698eb7c77d95d3f97d8f58207",
		    "6afdad1409d770bce274b62a69123c97c86ffb40ce9708f3ff9ae4cbba8ba080",
		    "087b965e51e4b1200ebfd13e9761caa5" },
		{ 129, "956f5da998f608be52587f28902b608909b661f99a1b300e3d3046b4f69f6fb5",
		    "69e98b10112e4b7ae396bfbddaee75cc5fe6a9dc1fffc2b11e7c0fc48de04ae5",
		    "ed0fec46be329a097e88d7e3a1643f35" },
		{ 255, "25708de2a70cc8f1562d45807a420ba115cc2e05c9cba175dee089af80f65a29",
		    "79133c6c55eafb6dd1aa1d75fe1622b86492ce7093b81ba85f29205f6d3a7a78",
		    "e8c569c060472d78e05853052ff5b999" },
		{ 256, "5b1eaad64c2d253d58ed69ccef0eceaf5175bf9ecb153a21b72c429f6fb788e8",
		    "fabff1fa6173588d4cecdeade31b3237760d62664249e44f621deba4b94367ad",
		    "14fb92668585e6a414cc47d4e9108f62" },
		{ 257, "b8e58f6287c8cbe1f4d5c553c4a16d26d8ec1cdee2fd8f70c4df685fb24ac1f6",
		    "c069dcc3628f1598cd4f058da809c5f1c3a4ad536acd12dc514bcc0753f71f8c",
		    "4f937ffae5bcb1c65cd56a70caabe110" },
		{ 1000, "a9425c416f534025a4e2422bd14adba4ec3d4a68d10c3329be8df612964d2b6e",
		    "655483217562ae552fae4c276411ebd441ae1615754212965b82aee8aa76e9d8",
		    "c90582fbbeb1275142915b85da61ade9" },
		{ 100000, "5889ab642baa09c41570b8888cbf45f3762152cea2490ea6b150208a99c92b10",
		    "6b704932a175d8cd18d1efd0b707d636e0044d0414fd154e5ea7c4b2abaeff37",
		    "e82210e5ca4fe2021408617cb7b4c5e7" },
	};
	static const size_t steps[] = { 1, 7, 128, 129, 4096, 1000000 };

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		uint8_t *data = malloc(row[i].len + 1);

		for (size_t k = 0; k < row[i].len; k++)
			data[k] = (uint8_t)((k * 7 + 3) % 251);
		for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
			struct digest_set set;
			struct digest_hexes hex;

			digest_set_init(&set);
			for (size_t at = 0; at < row[i].len; at += steps[s]) {
				size_t left = row[i].len - at;

				digest_set_update(
				    &set, data + at, left < steps[s] ? left : steps[s]);
			}
			digest_set_final(&set, &hex);
			cr_expect_str_eq(
			    hex.sha256, row[i].sha256, "%zu by %zu", row[i].len, steps[s]);
			cr_expect_str_eq(
			    hex.blake2b, row[i].blake2b, "%zu by %zu", row[i].len, steps[s]);
			cr_expect_str_eq(hex.md5, row[i].md5, "%zu by %zu", row[i].len, steps[s]);
			cr_expect_eq(hex.size, row[i].len);
		}
		free(data);
	}
}

Test(digest, begins_anew_behind_each_text, .fini = leak_gate)
{
	for (int kind = 0; kind < DIGEST_COUNT; kind++) {
		struct digest d;
		uint8_t raw[DIGEST_MAX];
		char hex[DIGEST_HEX_SIZE], expected[DIGEST_HEX_SIZE];

		digest_init(&d, (enum digest_kind)kind);
		for (int i = 0; i < 3; i++) {
			digest_update(&d, "abc", (size_t)i + 1);
			digest_hex((enum digest_kind)kind, "abc", (size_t)i + 1, expected);
			if (digest_next(&d, raw))
				digest_to_hex(raw, digest_size((enum digest_kind)kind), hex);
			else
				hex[0] = '\0';
			cr_expect_str_eq(
			    hex, expected, "%s, text %d", digest_name((enum digest_kind)kind), i);
		}
		digest_fini(&d);
	}
}

Test(digest, can_be_given_up_half_way, .fini = leak_gate)
{
	struct digest_set set;

	digest_set_init(&set);
	digest_set_update(&set, "abc", 3);
	digest_set_fini(&set);
	digest_set_fini(&set);
}

Test(digest, writes_the_base64_of_record_files, .fini = leak_gate)
{
	static const uint8_t raw[] = { 255, 250, 1, 2 };
	static const char *const expected[] = { "", "_w", "__o", "__oB", "__oBAg" };

	for (size_t len = 0; len < ARRAY_LEN(expected); len++) {
		struct str out = STR_EMPTY;

		digest_to_base64url(raw, len, &out);
		cr_expect_str_eq(str_text(&out), expected[len]);
		str_fini(&out);
	}
}
