# Relays of the running gateway are lines of a chip that the kernel drives: they follow Power at once,
# also inverted ones; a line that another program has is told; they are let go when mi32 ends.
start_vgpio
chmod 666 /dev/gpiochip0
start_mi32 --radio none --listen none
same "a line" "$(mi32_says Relay1 gpio:gpiochip0:1)" '{"Relay1":"gpio:gpiochip0:1"}'
same "by the chip's label, inverted" "$(mi32_says Relay2 gpio:cp2112_gpio:4:inverted)" '{"Relay2":"gpio:cp2112_gpio:4:inverted"}'
same "none of this number" "$(mi32_says Relay3 gpio:0:8 || true)" \
	"{\"Command\":\"Error\",\"Input\":\"RELAY3\",\"Reason\":\"the GPIO chip has no such line: 'gpioinfo' lists the lines\"}"
soon "both are off" has /run/vgpio '^.0..1'
same "switched on" "$(mi32_says Power0 on)" '{"POWER1":"ON","POWER2":"ON"}'
soon "both lines follow" has /run/vgpio '^.1..0'
same "toggled" "$(mi32_says Power1 2)" '{"POWER1":"OFF"}'
soon "one line follows" has /run/vgpio '^.0..0'

same "a line that is taken" "$(mi32_says Relay3 gpio:0:4 || true)" \
	"{\"Command\":\"Error\",\"Input\":\"RELAY3\",\"Reason\":\"another program or a driver has the GPIO line: 'gpioinfo' says who; free it or choose another line\"}"
expect "gpioinfo says who" sh -c 'gpioinfo 2>/dev/null | grep -q mi32'
stop_mi32
expect "let go at the end" sh -c '! gpioinfo 2>/dev/null | grep -q mi32'

start_mi32 --radio none --listen none
soon "PowerOnState 3: as it was" has /run/vgpio '^.0..0'
same "and told so" "$(mi32_says Power0)" '{"POWER1":"OFF","POWER2":"ON"}'
stop_mi32
chmod 600 /dev/gpiochip0
start_mi32 --radio none --listen none
same "without the right" "$(mi32_says Power1 1 || true)" \
	'{"Command":"Error","Input":"POWER1","Reason":"the GPIO chip may not be used: let mi32'"'"'s user use it: the group gpio, often"}'
