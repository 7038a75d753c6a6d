# What carries messages between nodes; nothing is built here yet.
