# The version of libgpiod that the release has (1 on bookworm, 2 on trixie) does the same for relays:
# take, set, refuse and let go.
[ -x "$(command -v gpio_probe)" ] || {
	echo "NOT RUN: there is no gpio_probe of this release"
	exit 77
}
start_vgpio
mkfifo /run/lines
gpio_probe </run/lines >/run/probe.out 2>&1 &
probe_pid=$!
exec 4>/run/lines
soon "libgpiod says its version" has /run/probe.out '^libgpiod [12]\.'
head -n 1 /run/probe.out
case $(uname -r) in
6.1.*) version=1 ;;
*) version=2 ;;
esac
expect "it is that of the release" has /run/probe.out "^libgpiod $version\\."

echo "wire 1 gpio:gpiochip0:2 on" >&4
soon "taken, high from the start" has /run/vgpio '^..1'
echo "wire 2 gpio:cp2112_gpio:6:inverted" >&4
soon "found by its label; off is high" has /run/vgpio '^..1...1'
echo "set 1 off" >&4
soon "set low" has /run/vgpio '^..0'
echo "set 2 on" >&4
soon "set, inverted" has /run/vgpio '^..0...0'
echo "wire 3 gpio:gpiochip0:2" >&4
soon "a line that is taken" has /run/probe.out '^another program or a driver has the GPIO line$'
echo "wire 3 gpio:gpiochip0:8" >&4
soon "a line that is not there" has /run/probe.out '^the GPIO chip has no such line$'
echo "wire 3 gpio:gpiochip7:1" >&4
soon "a chip that is not there" has /run/probe.out '^there is no GPIO chip of this name$'
echo "wire 1 none" >&4
echo "wire 3 gpio:0:2" >&4
soon "let go, and taken by another" counts /run/probe.out '^ok$' 6
echo "end" >&4
soon "the probe ends" gone $probe_pid
expect "and holds no line" sh -c '! gpioinfo 2>/dev/null | grep -q mi32'
