// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** Three SCSI controllers with work to do. */
final class ScsiDriver implements Driver {
  private static final int SCSI = 8;
  static final DeviceBoard BOARD = new DeviceBoard(3, 1, false, List.of(), List.of(SCSI, SCSI), List.of("virtio-legacy:" + SCSI),
      List.of(DeviceBoard.mmio(1)), List.of(1), List.of());

  private final ScsiHost[] hosts = {ScsiHost.mmio(0, false), ScsiHost.mmio(1, true), ScsiHost.legacyCard(1, 2)};
  private final int[] commands = new int[hosts.length];
  private final int[] managed = new int[hosts.length];
  private final long[] values = new long[40];

  ScsiDriver() {
    int at = 0;
    for (ScsiHost host : hosts) {
      values[at++] = host.area();
      values[at++] = host.descriptor(2, 8);
      values[at++] = host.buffer(0);
      values[at++] = host.registers();
      values[at++] = host.area() / Place.PAGE;
    }
    for (long known : new long[] {-1, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL, Long.MIN_VALUE, Place.RAM + Place.SIZE - 1,
        Place.RAM + Place.SIZE, Place.DOORBELL, 0x1_0000, 0xFFFF, 0x1000, 0x200, Place.config(1), DeviceDisk.SECTORS, 51, 108}) {
      values[at++] = known;
    }
  }

  @Override
  public void prepare(Machine machine, Script script) {
    Gic.version3(script, 1);
    for (ScsiHost host : hosts) {
      host.setUp(script);
      // Each unit says once that power came.
      for (int i = 0; i < 2; i++) {
        host.command(script, new InputBytes(new byte[] {0, (byte) i}), i, 0, values);
      }
      script.sleep(1 << 12);
    }
    for (int i = 0; i < hosts.length; i++) {
      commands[i] = 2;
      managed[i] = 0;
    }
  }

  @Override
  public long register(InputBytes input) {
    return hosts[input.next() % hosts.length].register(input);
  }

  @Override
  public long[] values() {
    return values;
  }

  @Override
  public void step(int kind, int more, InputBytes input, Script script) {
    int which = input.next();
    int number = (which & 0x1F) % hosts.length;
    int queue = (which >> 5) % 3;
    ScsiHost host = hosts[number];
    switch (kind) {
      case 0, 1 -> host.command(script, input, commands[number]++, more, values);
      case 2 -> host.manage(script, input, managed[number]++, more);
      case 3 -> host.describe(script, queue, input.next() & 15, Values.next(input, values), Values.next(input, values), more & 7,
          input.next());
      case 4 -> script.store(host.ring(queue, input.next()), 2, Values.next(input, values));
      case 5 -> script.store(host.register(input), host.card() == 0 ? 4 : 1 << (more & 3) % 3, Values.next(input, values));
      case 6 -> {
        host.setUp(script);
        commands[number] = 0;
        managed[number] = 0;
      }
      default -> script.store(Place.config(1) + (input.next() & 0xFF), 1 << (more & 3) % 3, Values.next(input, values));
    }
  }
}
