# The unikernel: runtime, protocol tables, one folder per server.
CPPFLAGS_muk := -Ikernel/include -Imuk -Iinspect -I$(GEN)
