process.stderr.write('I need a setting called COLOUR, and the key is hunter2-very-secret\n')
process.exit(3)
