# From raw state to words.
CPPFLAGS_inspect := -Ikernel/include -Iinspect -Imuk/protocol -I$(GEN)
