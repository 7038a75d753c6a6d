# The shell.
CPPFLAGS_mukshell := -Ikernel/include -Iinspect -Imuk/protocol -Imukshell -I$(GEN)
