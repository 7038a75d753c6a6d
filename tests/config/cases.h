/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases.h - wrong configurations and what is said of them.
 */
enum { MUK, MOLFS, RDISK, WEB, FTP };

static const struct {
	int file;
	const char *text; /* instead of the good one; NULL: the file is absent */
	const char *want;
} cases[] = {
	{ MUK, "", "muk.cfg:1: the file has no block muk; expected 'muk NAME { ... };'" },
	{ MUK, "# nothing\n",
	  "muk.cfg:1: the file has no block muk; expected 'muk NAME { ... };'" },
	{ MUK, "muk",
	  "muk.cfg:1: the file ends here; expected the block's name, as in 'muk SERVER1 {'" },
	{ MUK, "muk M", "muk.cfg:1: the file ends here; expected '{' after the block's name" },
	{ MUK, "muk M {\n\tdcid 0;\n",
	  "muk.cfg:3: the file ends here; expected an entry, as in 'dcid 0;', or the block's end "
	  "'}'" },
	{ MUK, "muk M\n\tdcid 0;\n};\n",
	  "muk.cfg:2: found 'dcid'; expected '{' after the block's name" },
	{ MUK, "muk M {\n\tdcid 0\n\tpm_ep 0;\n};\n",
	  "muk.cfg:3: found 'pm_ep'; expected ';' after the entry's value" },
	{ MUK, "muk M {\n\tdcid;\n};\n", "muk.cfg:2: found ';'; expected a value" },
	{ MUK, "muk M {\n\tdcid 0 1;\n};\n",
	  "muk.cfg:2: found '1'; expected ';' after the entry's value" },
	{ MUK, "muk M {\n\tdcid \"0;\n};\n",
	  "muk.cfg:2: the text \"0; has no end: close it with \" on the same line" },
	{ MUK, "muk M {\n\t3com 0;\n};\n",
	  "muk.cfg:2: found '3com'; expected an entry, as in 'dcid 0;', or the block's end '}'" },
	{ MUK, "muk M {\n\t\"dcid\" 0;\n};\n",
	  "muk.cfg:2: found \"dcid\"; expected an entry, as in 'dcid 0;', or the block's end '}'" },
	{ MUK, "muk M {\n\tdcid 0;\n};\n}\n",
	  "muk.cfg:4: found '}'; expected a block, as in 'muk SERVER1 {'" },
	{ MUK, "{ dcid 0; };\n", "muk.cfg:1: found '{'; expected a block, as in 'muk SERVER1 {'" },
	{ MUK, "muk M {\n\tdcid { };\n};\n", "muk.cfg:2: found '{'; expected a value" },
	{ MUK, "\nmok M {\n\tdcid 0;\n};\n", "muk.cfg:2: unknown block mok; expected muk" },
	{ MUK, "muk A { dcid 0; };\nmuk B { dcid 1; };\n",
	  "muk.cfg:2: one block muk too many; a file has at most 1" },
	{ MUK, "muk \"two words\" {\n\tdcid 0;\n};\n",
	  "muk.cfg:1: name is \"two words\"; expected a name of 1 to 15 letters, digits, '_', '-' "
	  "or '.' (the MUK's name)" },
	{ MUK, "muk a_name_of_16byte {\n\tdcid 0;\n};\n",
	  "muk.cfg:1: name is \"a_name_of_16byte\"; expected a name of 1 to 15 letters, digits, "
	  "'_', '-' or '.' (the MUK's name)" },
	{ MUK, "muk \"\" { dcid 0; };\n",
	  "muk.cfg:1: name is \"\"; expected a name of 1 to 15 letters, digits, '_', '-' or '.' "
	  "(the MUK's name)" },
	{ MUK, "muk M {\n\tdcid 0;\n\tpm_epp 0;\n};\n",
	  "muk.cfg:3: unknown entry pm_epp in a block muk; did you mean pm_ep?" },
	{ MUK, "muk M {\n\tdcid 0;\n\tcolour red;\n};\n",
	  "muk.cfg:3: unknown entry colour in a block muk; expected one of name, dcid, pm_ep, "
	  "fs_ep, is_ep, rd_ep, web_ep, ftp_ep, fs_cfg, rd_cfg, web_cfg, ftp_cfg, runtime, "
	  "is_file, wis_port, tty" },
	{ MUK, "muk M {\n\n\tdicd 0;\n};\n",
	  "muk.cfg:3: unknown entry dicd in a block muk; did you mean dcid?" },
	{ MUK, "muk M {\n\tpm_ep 0;\n};\n",
	  "muk.cfg:1: this block muk has no dcid; add it: a whole number from 0 to 63, the number "
	  "of its DC" },
	{ MUK, "muk M {\n\tdcid 0;\n\tpm_ep 0;\n\tpm_ep 2;\n};\n",
	  "muk.cfg:4: an entry is there twice at 'pm_ep 2;'; keep one of them" },
	{ MUK, "muk M {\n\tdcid 0;\n\tname \"N\";\n};\n",
	  "muk.cfg:3: an entry is there twice at 'name \"N\";'; keep one of them" },
	{ MUK, "muk M {\n\tdcid 0;\n\tweb_ep 22;\n\tnweb_ep 22;\n\tweb_cfg \"m3nweb.cfg\";\n};\n",
	  "muk.cfg:4: nweb_ep and web_ep (line 3) are the same; keep one of them" },
	{ MUK, "muk M {\n\tdcid 0;\n\tfs_ep 1;\n};\n",
	  "muk.cfg:3: this fs_ep needs fs_cfg as well; add it: the name of a file, the "
	  "configuration of FS" },
	{ MUK, "muk M {\n\tdcid zero;\n};\n",
	  "muk.cfg:2: dcid is \"zero\"; expected a whole number from 0 to 63 (the number of its "
	  "DC)" },
	{ MUK, "muk M {\n\tdcid \"0\";\n};\n",
	  "muk.cfg:2: dcid is \"0\"; expected a whole number from 0 to 63 (the number of its DC)" },
	{ MUK, "muk M {\n\tdcid 0.5;\n};\n",
	  "muk.cfg:2: dcid is \"0.5\"; expected a whole number from 0 to 63 (the number of its "
	  "DC)" },
	{ MUK, "muk M {\n\tdcid 64;\n};\n",
	  "muk.cfg:2: dcid is 64; expected a whole number from 0 to 63 (the number of its DC)" },
	{ MUK, "muk M {\n\tdcid -1;\n};\n",
	  "muk.cfg:2: dcid is -1; expected a whole number from 0 to 63 (the number of its DC)" },
	{ MUK, "muk M {\n\tdcid 4294967296;\n};\n",
	  "muk.cfg:2: dcid is 4294967296; expected a whole number from 0 to 63 (the number of its "
	  "DC)" },
	{ MUK, "muk M {\n\tdcid 0;\n\tpm_ep 64;\n};\n",
	  "muk.cfg:3: pm_ep is 64; expected an endpoint from -1 to 63 (-1: none) (where PM is)" },
	{ MUK, "muk M {\n\tdcid 0;\n\tpm_ep -2;\n};\n",
	  "muk.cfg:3: pm_ep is -2; expected an endpoint from -1 to 63 (-1: none) (where PM is)" },
	{ MUK, "muk M {\n\tdcid 0;\n\truntime fibers;\n};\n",
	  "muk.cfg:3: runtime is \"fibers\"; expected one of the words coroutines, threads (what "
	  "tasks are)" },
	{ MUK, "muk M {\n\tdcid 0;\n\truntime 1;\n};\n",
	  "muk.cfg:3: runtime is 1; expected one of the words coroutines, threads (what tasks "
	  "are)" },
	{ MUK, "muk M {\n\tdcid 0;\n\twis_port 65536;\n};\n",
	  "muk.cfg:3: wis_port is 65536; expected a whole number from 1 to 65535 (the port of "
	  "WIS)" },
	{ MUK, "muk M {\n\tdcid 0;\n\tis_file 3;\n};\n",
	  "muk.cfg:3: is_file is 3; expected the name of a file (where IS appends its tables)" },
	{ MUK, "muk M {\n\tdcid 0;\n\tfs_cfg \"\";\n};\n",
	  "muk.cfg:3: fs_cfg is \"\"; expected the name of a file (the configuration of FS)" },
	{ MUK, "muk M {\n\tdcid 0;\n\tpm_ep 0;\n\trd_ep 0;\n\trd_cfg \"rdisk.cfg\";\n};\n",
	  "muk.cfg:4: rd_ep is 0, which is pm_ep's (line 3); give each server an endpoint of its "
	  "own" },
	{ MUK, "muk M {\n\tdcid 0;\n\tis_ep 8;\n\tpm_ep 8;\n};\n",
	  "muk.cfg:3: is_ep is 8, which is pm_ep's (line 4); give each server an endpoint of its "
	  "own" },
	{ MUK, NULL, "muk.cfg: cannot read the configuration: No such file or directory" },
	{ MOLFS, NULL,
	  "muk.cfg:9: fs_cfg: cannot read molfs.cfg: No such file or directory; write the file's "
	  "name from the folder of this file, or its whole path" },
	{ MUK, "muk M {\n\tdcid 0;\n\trd_ep 3;\n\trd_cfg \"sub\";\n};\n",
	  "muk.cfg:4: rd_cfg: cannot read sub: it is a folder; write the file's name from the "
	  "folder of this file, or its whole path" },
	{ MUK, "muk: {\n  dcid = 0;\n",
	  "muk.cfg:3: the file ends here; expected the block's end '};'" },
	{ MUK, "muk: {\n  dcid = ;\n};\n",
	  "muk.cfg:2: this is not understood at 'dcid = ;'; expected 'entry = value;'" },
	{ MUK, "muk: { name = \"M\";\n  dcid = 0; dcid = 1;\n};\n",
	  "muk.cfg:2: an entry is there twice at 'dcid = 0; dcid = 1;'; keep one of them" },
	{ MUK, "muk: { name = \"M\";\n  dcid = true;\n};\n",
	  "muk.cfg:2: dcid is true; expected a whole number from 0 to 63 (the number of its DC)" },
	{ MUK, "muk: { name = \"M\";\n  dcid = 4294967296;\n};\n",
	  "muk.cfg:2: dcid is 4294967296; expected a whole number from 0 to 63 (the number of its "
	  "DC)" },
	{ MUK, "muk: { name = \"M\";\n  dcid = [ 0 ];\n};\n",
	  "muk.cfg:2: dcid is a list; expected a whole number from 0 to 63 (the number of its "
	  "DC)" },
	{ MUK, "muk: { name = \"M\";\n  dcid = 0.5;\n};\n",
	  "muk.cfg:2: dcid is 0.5; expected a whole number from 0 to 63 (the number of its DC)" },
	{ MUK, "muk: { dcid = 0; };\n",
	  "muk.cfg:1: this block muk has no name; add it: a name of 1 to 15 letters, digits, '_', "
	  "'-' or '.', the MUK's name" },
	{ MUK, "name = \"M\";\ndcid = 0;\n",
	  "muk.cfg:1: name stands outside of a block; write it in 'muk: { ... };'" },
	{ MUK, "muk = 3;\n",
	  "muk.cfg:1: found a value where a block was expected, as in 'muk: { ... };'" },
	{ MUK, "muk: ( 3 );\n",
	  "muk.cfg:1: found a value where a block was expected, as in 'muk: { ... };'" },
	{ MUK, "mok: { dcid = 0; };\n", "muk.cfg:1: unknown block mok; expected muk" },
	{ MUK, "muk: { name = \"M\"; dcid = 0;\n  fs_epp = 1; };\n",
	  "muk.cfg:2: unknown entry fs_epp in a block muk; did you mean fs_ep?" },
	{ MUK, "@include \"sub/absent.cfg\"\n",
	  "muk.cfg:1: cannot open include file at '@include \"sub/absent.cfg\"'; expected 'entry = "
	  "value;'" },
	{ MOLFS, "device A {\n\tmajor 3;\n\tminor 0;\n\ttype RDISK_IMG;\n};\n",
	  "molfs.cfg:1: one device must have root_dev YES, the others NO" },
	{ MOLFS, "device A {\n\tmajor 3;\n\tminor 0;\n\ttype FILE_IMAGE;\n\troot_dev YES;\n};\n",
	  "molfs.cfg:4: type is \"FILE_IMAGE\"; expected one of the words RDISK_IMG, FILE_IMG, "
	  "MEMORY_IMG (who has the image)" },
	{ MOLFS, "device A {\n\tmajor 3;\n\tminor 0;\n\ttype FILE_IMG;\n\troot_dev YES;\n};\n",
	  "molfs.cfg:4: this type needs filename as well; add it: the name of a file, the image, "
	  "unless RDISK has it" },
	{ MOLFS,
	  "device A { major 3; minor 0; type RDISK_IMG; root_dev YES; };\ndevice B { major 3; "
	  "minor 1; type RDISK_IMG; root_dev YES; };\n",
	  "molfs.cfg:1: one device must have root_dev YES, the others NO" },
	{ MOLFS, "device A {\n\tmajor 3;\n\tminor 0;\n\ttype RDISK_IMG;\n\troot_dev maybe;\n};\n",
	  "molfs.cfg:5: root_dev is \"maybe\"; expected YES or NO (its file system is /)" },
	{ RDISK, "device A {\n\tmajor 3;\n\tminor 0;\n\ttype FILE_IMAGE;\n};\n",
	  "rdisk.cfg:4: this type needs image_file as well; add it: the name of a file, the "
	  "image" },
	{ RDISK,
	  "device A {\n\tmajor 3;\n\tminor 0;\n\ttype FILE_IMAGE;\n\timage_file "
	  "\"absent.img\";\n};\n",
	  "rdisk.cfg:5: image_file: cannot read absent.img: No such file or directory; write the "
	  "file's name from the folder of this file, or its whole path" },
	{ RDISK,
	  "device A { major 3; minor 0; type MEMORY_IMAGE; };\ndevice B {\n\tmajor 3;\n\tminor "
	  "0;\n\ttype MEMORY_IMAGE;\n};\n",
	  "rdisk.cfg:4: minor is 0, which an earlier block has; give each its own" },
	{ RDISK, "device A {\n\tmajor 3;\n\tminor 0;\n\ttype MEMORY_IMAGE;\n\tbuffer 100;\n};\n",
	  "rdisk.cfg:5: buffer is 100; expected a whole number from 512 to 1073741824 (bytes moved "
	  "at once; of a memory image without file: its size)" },
	{ RDISK, "device A {\n\tmayor 3;\n\tminor 0;\n};\n",
	  "rdisk.cfg:2: unknown entry mayor in a block device; did you mean major?" },
	{ WEB, "websrv S {\n\tport 70000;\n};\n",
	  "m3nweb.cfg:2: port is 70000; expected a whole number from 0 to 65535 (the TCP port; 0: "
	  "any that is free)" },
	{ WEB, "websrv S {\n\tport 8080;\n\tendpoint 20;\n};\n",
	  "m3nweb.cfg:3: endpoint is 20; expected an endpoint: 22 (NWEB's, as in muk.cfg)" },
	{ WEB, "websrv S {\n\trootdir \"/\";\n};\n",
	  "m3nweb.cfg:1: this block websrv has no port; add it: a whole number from 0 to 65535, "
	  "the TCP port; 0: any that is free" },
	{ WEB, "websrv A { port 1; };\nwebsrv B { port 2; };\n",
	  "m3nweb.cfg:2: one block websrv too many; a file has at most 1" },
	{ FTP, "m3ftp S {\n\twindow 100;\n};\n",
	  "m3ftp.cfg:2: window is 100; expected a whole number from 4096 to 8388608 (bytes of the "
	  "largest piece)" },
	{ FTP, "m3ftp: { endpoint = 14; };\n@include \"sub\"\n",
	  "m3ftp.cfg:2: \"sub\" cannot be included, it is no file" },
	{ FTP, "m3ftp S {\n\tendpoint 3;\n};\n",
	  "m3ftp.cfg:2: endpoint is 3; expected an endpoint: 14 (M3FTP's, as in muk.cfg)" },
};
