// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.console.api.SerialPort;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** Seven virtio devices with work to do. */
final class VirtioDriver implements Driver {
  private static final int BLOCK = 2;
  private static final int NET = 1;
  private static final int CONSOLE = 3;
  private static final int[] MMIO = {BLOCK, NET, NET, CONSOLE, BLOCK};
  private static final int[] PCI = {BLOCK, NET};
  private static final int CONSOLE_SLOT = 3;
  static final DeviceBoard BOARD = new DeviceBoard(3, 1, false, List.of(), List.of(BLOCK, NET, NET, CONSOLE, BLOCK),
      List.of("virtio:2", "virtio:1"), List.of(DeviceBoard.mmio(4)));

  private final VirtioDevice[] devices = new VirtioDevice[MMIO.length + PCI.length];
  private final int[] requests = new int[devices.length];
  private final long[] values = new long[48];

  VirtioDriver() {
    for (int i = 0; i < devices.length; i++) {
      devices[i] = i < MMIO.length ? VirtioDevice.mmio(i, MMIO[i], i) : VirtioDevice.pci(i - MMIO.length + 1, PCI[i - MMIO.length], i);
    }
    int at = 0;
    for (VirtioDevice device : devices) {
      values[at++] = device.area();
      values[at++] = device.descriptor(0, 8);
      values[at++] = device.indirect(0);
      values[at++] = device.registers();
    }
    for (long known : new long[] {-1, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL, Long.MIN_VALUE, Place.RAM + Place.SIZE - 1,
        Place.RAM + Place.SIZE,
        Place.ITS, Place.DOORBELL, 0x1_0000, 0xFFFF, 0x1FF, 0x200, 0x4000, Place.config(1), DeviceDisk.SECTORS}) {
      values[at++] = known;
    }
  }

  @Override
  public void prepare(Machine machine, Script script) {
    Gic.version3(script, 1);
    Gic.messages(script, 1, 2);
    for (VirtioDevice device : devices) {
      device.plugIn(machine, script);
      device.setUp(script);
    }
    if (machine != null) {
      machine.port(DeviceBoard.mmio(CONSOLE_SLOT), SerialPort.class)
          .offer("typed while nobody listened, and more of it than a buffer takes".repeat(40).getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public long register(InputBytes input) {
    return devices[input.next() % devices.length].register(input);
  }

  @Override
  public long[] values() {
    return values;
  }

  @Override
  public void step(int kind, int more, InputBytes input, Script script) {
    int which = input.next();
    int number = (which & 0x7F) % devices.length;
    VirtioDevice device = devices[number];
    int queue = which >>> 7;
    switch (kind) {
      case 0 -> device.request(script, input, requests[number]++, more, values);
      case 1 -> device.describe(script, queue, input.next() & 15, Values.next(input, values), Values.next(input, values), more & 7,
          input.next());
      case 2 -> script.store(device.ring(queue, input.next()), 2, Values.next(input, values));
      case 3 -> device.notify(script, queue, more < 8 ? 0 : Values.next(input, values));
      case 4 -> script.store(device.register(input), device.card() == 0 ? 4 : 1 << (more & 3), Values.next(input, values));
      case 5 -> {
        device.setUp(script);
        requests[number] = 0;
      }
      case 6 -> script.store(Place.config(1 + (number & 1)) + (input.next() & 0xFF), 1 << (more & 3) % 3, Values.next(input, values));
      default -> script.store8(device.indirect(input.next()), Values.next(input, values));
    }
  }
}
