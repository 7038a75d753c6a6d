# commands.sh - this machine's commands that the tests in a guest use, rather than busybox's.
commands="awk cat cmp cp diff fsck.minix grep head ln ls mkdir mkfs.minix mktemp mv rm sed seq
	setpriv sha256sum sleep sort stat tail timeout tr truncate wc"
# NWEB loads this when it starts.
muk_needs=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | awk '/libmicrohttpd\.so/ { print $NF; exit }')
