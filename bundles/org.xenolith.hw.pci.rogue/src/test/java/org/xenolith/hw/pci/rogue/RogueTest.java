// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pci.rogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeContext.Message;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

class RogueTest {
  private static final int DEVFN = 2 << 3;
  private static final long BAR0 = 0x1000_0000L;
  private static final long BAR2 = 0x1000_1000L;
  private static final PlatformNode NODE = FakeNode.at("/pcie/rogue@2,0").cells("reg", 2 << 11, 0, 0, 0, 0).build();

  private final FakeContext bus = new FakeContext(FakeNode.at("/pcie")
      .cells("ranges", 0x0200_0000, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x1000_0000).build());
  private PciHost host;
  private FakeContext context;
  private DeviceModel model;

  @BeforeEach
  void plug() {
    host = new PciHost(bus);
    host.claimRanges();
    context = bus.at(NODE);
    model = context.create(new RogueComponent());
    place();
  }

  private void place() {
    host.writeConfig(0, DEVFN, 0x10, 4, (int) BAR0);
    host.writeConfig(0, DEVFN, 0x18, 4, (int) BAR2);
    host.writeConfig(0, DEVFN, 0x20, 4, (int) BAR0 + 0x2000);
    host.writeConfig(0, DEVFN, ConfigTable.COMMAND, 2, 6);
  }

  private long execute(long address, int command, int operand) {
    bus.writeAt(BAR0, 8, address);
    bus.writeAt(BAR0 + 0x10, 4, operand << 8 | command);
    return bus.readAt(BAR0 + 0x14, 4);
  }

  @Test
  void reportsErrorsAndAsksForAttention() {
    int errors = 0x100;
    int power = host.readConfig(0, DEVFN, 0x34, 1);
    assertEquals(1, execute(0, 6, 12));
    assertEquals(1, execute(0, 7, 20));
    assertEquals(3, execute(0, 6, 20), "no correctable error has this bit");
    assertEquals(3, execute(0, 7, 32));
    assertEquals(1 << 12, host.readConfig(0, DEVFN, errors + 16, 4));
    assertEquals(1 << 20, host.readConfig(0, DEVFN, errors + 4, 4));
    assertEquals(1, execute(0, 8, 0));
    assertEquals(0x8000, host.readConfig(0, DEVFN, power + 4, 2) & 0x8000);
  }

  @Test
  void doesWhatItIsTold() {
    bus.writeAt(BAR0 + 8, 8, 0x1122_3344_5566_7788L);
    assertEquals(1, execute(FakeMemory.BASE + 16, 2, 8));
    assertEquals(0x1122_3344_5566_7788L, bus.dma().read(FakeMemory.BASE + 16, 8));
    assertEquals(1, execute(FakeMemory.BASE + 18, 1, 2));
    assertEquals(0x5566, bus.readAt(BAR0 + 8, 8));
    assertEquals(3, execute(FakeMemory.BASE, 1, 3), "no such size");
    assertEquals(3, execute(FakeMemory.BASE, 77, 1));
  }

  @Test
  void isToldWhatIsRefused() {
    assertEquals(2, execute(0x10, 1, 4));
    host.writeConfig(0, DEVFN, ConfigTable.COMMAND, 2, 2);
    assertEquals(2, execute(FakeMemory.BASE, 2, 4), "no bus master");
    assertEquals(2, bus.readAt(BAR0 + 0x18, 4));
  }

  @Test
  void forgesMessages() {
    bus.writeAt(BAR0 + 8, 8, 0x2A);
    assertEquals(1, execute(0x808_0040, 2, 4));
    assertEquals(List.of(new Message(DEVFN, 0x808_0040, 4, 0x2A)), bus.sentMessages(), "but not who it is");
  }

  @Test
  void handOverGoesOn() {
    bus.writeAt(BAR2 + 5, 1, 0x77);
    execute(0x10, 1, 4);
    var record = model.state().save();
    DeviceModel next = new Rogue(bus.at(NODE));
    next.state().restore(record);
    next.restored();
    assertEquals(0x7700, bus.readAt(BAR2 + 4, 2));
    assertEquals(1, bus.readAt(BAR0 + 0x18, 4));
  }

  @Test
  void nothingThatIsWrittenThrows() {
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      long at = BAR0 + random.nextInt(random.nextBoolean() ? 0x20 : 0x3000);
      int size = 1 << random.nextInt(4);
      at &= -size;
      if (random.nextInt(9) == 0) {
        host.writeConfig(0, DEVFN, 0x40 + random.nextInt(0xC0) & ~3, 4, random.nextInt());
        host.writeConfig(0, DEVFN, 0x44, 2, random.nextInt(8) == 0 ? 3 : 0);
        place();
      } else if (random.nextBoolean()) {
        bus.writeAt(at, size, switch (random.nextInt(4)) {
          case 0 -> FakeMemory.BASE + random.nextInt(4096);
          case 1 -> (1 << random.nextInt(4)) << 8 | random.nextInt(7);
          default -> random.nextLong();
        });
      } else {
        bus.readAt(at, size);
      }
      refused += bus.readAt(BAR0 + 0x14, 4) == 2 ? 1 : 0;
    }
    assertTrue(refused > 100, "refused " + refused);
  }
}
