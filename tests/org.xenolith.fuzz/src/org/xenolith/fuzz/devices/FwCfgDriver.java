// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** A fw_cfg with some items, one of them larger than what is copied at once, and a flash, to which no DMA may go. */
final class FwCfgDriver implements Driver {
  private static final String NODE = "/fw-cfg@9020000";
  private static final long REGISTERS = 0x0902_0000L;
  private static final long SELECTOR = REGISTERS + 8;
  private static final long DMA = REGISTERS + 16;
  private static final FlashNode FLASH = new FlashNode(0x1000_0000, 4, 256 << 10, List.of(new FlashNode.Bank(512, true)));
  static final DeviceBoard BOARD = DeviceBoard.withFlash(List.of("fw-cfg=on"), List.of(FLASH));

  /** Requests are 32 bytes apart. */
  private static final int REQUESTS = 16;
  private static final int SELECT = 8;
  private static final int[] KEYS = {0, 1, 3, 5, 0x19, 0x20, 0x21, 0x22, 0x23, 0x24, 0x3FFF, 0x4019, 0x8000, 0x8020, 0xC021, 0xFFFF};
  private static final long[] VALUES = {-1, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL, Long.MIN_VALUE, Long.MAX_VALUE, 0x1_0000, 0xFFFF,
      0x1_0001,
      0x1000, 4, Place.RAM, Place.RAM - 4, Place.RAM + Place.SIZE - 8, Place.RAM + Place.SIZE, REGISTERS, SELECTOR, DMA, DMA + 4,
      0x1000_0000L,
      Place.UART, Place.GICD, Place.DEVICES, Place.DEVICES + 0x1000, Place.DOORBELL, 0x1_0000_0000L, 0};

  @Override
  public void prepare(Machine machine, Script script) {
    Gic.version3(script, 1);
    script.store(SELECTOR, 2, Short.reverseBytes((short) 0x20) & 0xFFFF);
    if (machine == null) {
      return;
    }
    FwCfgPort port = machine.port(NODE, FwCfgPort.class);
    port.item(0, "QEMU".getBytes(StandardCharsets.US_ASCII));
    port.number(1, 4, 3);
    port.number(5, 2, 1);
    byte[] large = new byte[70_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 7);
    }
    port.file("empty", new byte[0]);
    port.file("large", large);
    port.file("one", new byte[] {1});
    port.file("some", new byte[300]);
  }

  @Override
  public long register(InputBytes input) {
    int which = input.next();
    return REGISTERS + ((which & 0x80) != 0 ? which & 0x1F : new int[] {0, 8, 16, 20, 4, 18, 12, 22}[which & 7]);
  }

  @Override
  public long[] values() {
    return VALUES;
  }

  @Override
  public boolean bigEndian() {
    return true;
  }

  @Override
  public void step(int kind, int more, InputBytes input, Script script) {
    switch (kind) {
      case 0 -> script.store(SELECTOR, 2, Short.reverseBytes((short) KEYS[more]) & 0xFFFF);
      case 1 -> script.store(SELECTOR, 2, input.next(2));
      case 2 -> script.load(REGISTERS + (input.next() & 7), 1 << (more & 3));
      case 3, 4 -> {
        long at = Place.DEVICES + 32L * (input.next() % REQUESTS);
        int control = new int[] {2, 4, SELECT, 0x10, 2 | SELECT, 4 | SELECT, 0x10 | SELECT, input.next()}[more & 7];
        int key = (control & SELECT) != 0 ? KEYS[input.next() & 15] : 0;
        request(script, at, key << 16 | control, Values.next(input, VALUES), kind == 3 ? Place.DEVICES + 0x1000 : Values.next(input,
            VALUES));
        go(script, at, (more & 8) != 0);
      }
      case 5 -> go(script, Values.next(input, VALUES), (more & 1) != 0);
      case 6 -> script.store4(DMA + 4L * (more & 1), Integer.reverseBytes((int) Values.next(input, VALUES)) & 0xFFFF_FFFFL);
      // A request that lies in what it writes.
      default -> {
        long at = Place.DEVICES + 0x1000;
        request(script, at, KEYS[more] << 16 | SELECT | 2, Values.next(input, VALUES), at - (input.next() & 31));
        go(script, at, false);
      }
    }
  }

  /** Writes a request down. */
  private static void request(Script script, long at, int control, long length, long address) {
    script.store4(at, Integer.reverseBytes(control) & 0xFFFF_FFFFL);
    script.store4(at + 4, Integer.reverseBytes((int) length) & 0xFFFF_FFFFL);
    script.store8(at + 8, Long.reverseBytes(address));
  }

  private static void go(Script script, long at, boolean halves) {
    if (halves) {
      script.store4(DMA, Integer.reverseBytes((int) (at >>> 32)) & 0xFFFF_FFFFL);
      script.store4(DMA + 4, Integer.reverseBytes((int) at) & 0xFFFF_FFFFL);
    } else {
      script.store8(DMA, Long.reverseBytes(at));
    }
  }

  @Override
  public List<String> wrong(AttackedMachine attacked) {
    return attacked.disks.getFirst().written() ? List.of("flash was written") : List.of();
  }
}
