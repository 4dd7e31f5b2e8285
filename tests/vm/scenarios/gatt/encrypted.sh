# A characteristic that can only be read on an encrypted link: mi32 asks the kernel for encryption, once,
# which pairs, and reads it then. By BlueZ's emulator on both sides, whose links can be encrypted.
needs_kernel 6.12 "its ecdh-nist-p256 fails its self-test in the emulator, so the kernel cannot pair"
cat >/run/attributes <<-END
	service fff0
	char fff1 read 68656c6c6f
	char fff2 read 736563726574 secure
END
start_btvirt -L
start_mi32 --radio hci0,hci1 # which switches both on by the management socket: else the kernel knows no pairing
soon "hci0 listens" has /run/mi32.log 'hci0 listens:'
soon "hci1 listens" has /run/mi32.log 'hci1 listens:'
mkfifo /run/server
gatt-server /run/attributes </run/server >/run/server.log 2>&1 &
exec 4>/run/server
soon "the server listens" has /run/server.log '^listening'
own=$(sed -n 's/listening //p' /run/server.log)
btmon >/run/btmon.out &
confirm >/run/confirm.log & # both sides; without an agent nobody would
soon "the agent is there" has /run/confirm.log '^ready'
probe "$own" fff0 read fff1 read fff2 read+ fff2
tells "read" "1 0 fff1 0003 68656c6c6f" "1 0 fff2 0005 736563726574" "1 0 fff2 0005 736563726574"
expect "refused first, then repeated" counts_at_least /run/server.log '^read fff2' 3
soon "the link was encrypted" has /run/btmon.out 'Encryption Change'
