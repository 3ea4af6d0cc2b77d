// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.nio.charset.StandardCharsets;
import org.xenolith.console.api.SerialPort;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** Virtio devices with work to do. */
final class VirtioDriver implements Driver {
  private static final long[] KNOWN = {-1, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL, Long.MIN_VALUE, Place.RAM + Place.SIZE - 1, Place.RAM
      + Place.SIZE, Place.ITS, Place.DOORBELL, 0x1_0000, 0xFFFF, 0x1FF, 0x200, 0x4000, Place.config(1), DeviceDisk.SECTORS};

  private final VirtioQueues[] devices;
  private final int cards;
  private final int messages;
  private final String console;
  private final int[] requests;
  private final long[] values;

  /**
   * A driver of them all.
   *
   * @param cards    how many of them are PCI devices
   * @param messages how many of those send messages
   * @param console  node of one that is a console
   */
  VirtioDriver(VirtioQueues[] devices, int cards, int messages, String console) {
    this.devices = devices;
    this.cards = cards;
    this.messages = messages;
    this.console = console;
    requests = new int[devices.length];
    values = new long[4 * devices.length + KNOWN.length];
    int at = 0;
    for (VirtioQueues device : devices) {
      values[at++] = device.area();
      values[at++] = device.descriptor(0, 8);
      values[at++] = device.indirect(0);
      values[at++] = device.registers();
    }
    System.arraycopy(KNOWN, 0, values, at, KNOWN.length);
  }

  @Override
  public void prepare(Machine machine, Script script) {
    Gic.version3(script, 1);
    if (messages != 0) {
      Gic.messages(script, 1, messages);
    }
    for (VirtioQueues device : devices) {
      device.plugIn(machine, script);
      device.setUp(script);
    }
    if (machine != null) {
      machine.port(console, SerialPort.class)
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
    VirtioQueues device = devices[number];
    int queue = which >>> 7;
    switch (kind) {
      case 0 -> VirtioRequest.make(device, script, input, requests[number]++, more, values);
      case 1 -> device.describe(script, queue, input.next() & 15, Values.next(input, values), Values.next(input, values), more & 7,
          input.next());
      case 2 -> script.store(device.ring(queue, input.next()), 2, Values.next(input, values));
      case 3 -> device.notify(script, queue, more < 8 ? 0 : Values.next(input, values));
      case 4 -> script.store(device.register(input), device.card() == 0 ? 4 : 1 << (more & 3), Values.next(input, values));
      case 5 -> {
        device.setUp(script);
        requests[number] = 0;
      }
      case 6 -> script.store(Place.config(1 + number % cards) + (input.next() & 0xFF), 1 << (more & 3) % 3, Values.next(input, values));
      default -> script.store8(device.indirect(input.next()), Values.next(input, values));
    }
  }
}
