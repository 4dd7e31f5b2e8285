# The device wants encryption and nobody confirms the pairing: that is said, and the connection, which
# the kernel then ends, is not waited for.
needs_kernel 6.12 "its ecdh-nist-p256 fails its self-test in the emulator, so the kernel cannot pair"
cat >/run/attributes <<-END
	service fff0
	char fff1 read 736563726574 secure
END
start_btvirt -L
start_mi32 --radio hci0,hci1
soon "hci0 listens" has /run/mi32.log 'hci0 listens:'
soon "hci1 listens" has /run/mi32.log 'hci1 listens:'
mkfifo /run/server
gatt-server /run/attributes </run/server >/run/server.log 2>&1 &
exec 4>/run/server
soon "the server listens" has /run/server.log '^listening'
probe "$(sed -n 's/listening //p' /run/server.log)" fff0 read fff1 read fff1
tells "said, and then lost" "1 5 fff1 0003 " \
	"# The device wants a Bluetooth pairing, which did not come about." \
	"1 2 fff1 0003 " "# The connection was lost: bring the device nearer."
