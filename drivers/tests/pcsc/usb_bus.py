"""A USB bus with one reader on it that can be plugged and unplugged, for the service given as arguments.

Reads "plug" and "unplug" from standard input and answers each with a line. Needs umockdev's wrapper around it.
"""

import subprocess
import sys

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402

DEVICE = "/sys/devices/usb1/1-1"
INTERFACE = DEVICE + "/1-1:1.0"
# the driver takes the vendor's digits for the port of its card
DESCRIPTION = r"""P: /devices/usb1/1-1
N: bus/usb/001/001
E: SUBSYSTEM=usb
E: DEVTYPE=usb_device
E: DEVNAME=/dev/bus/usb/001/001
E: BUSNUM=001
E: DEVNUM=001
A: idVendor=9001\n
A: idProduct=0001\n
A: busnum=1\n
A: devnum=1\n
A: manufacturer=Practice\n
A: product=Reader\n

P: /devices/usb1/1-1/1-1:1.0
E: SUBSYSTEM=usb
E: DEVTYPE=usb_interface
E: INTERFACE=11/0/0
E: PRODUCT=9001/1/100
A: bInterfaceNumber=00\n
A: bInterfaceClass=0b\n
"""


def plug(bus):
    bus.add_from_string(DESCRIPTION)
    for place in (DEVICE, INTERFACE):
        bus.uevent(place, "add")


def unplug(bus):
    for place in (INTERFACE, DEVICE):
        bus.uevent(place, "remove")
        bus.remove_device(place)


bus = UMockdev.Testbed.new()
service = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
for word in sys.stdin:
    {"plug": plug, "unplug": unplug}[word.strip()](bus)
service.terminate()
service.wait()
