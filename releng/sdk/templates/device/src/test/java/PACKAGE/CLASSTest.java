// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

//@if disk
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
//@end
import static org.junit.jupiter.api.Assertions.assertEquals;
//@if interrupt
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
//@end

//@if disk
import java.util.Arrays;
//@end
import java.util.List;
//@if disk
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
//@end
import org.junit.jupiter.api.Test;
//@if disk
import org.xenolith.block.api.BlockPort;
//@end
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
//@if dma
import org.xenolith.testkit.FakeMemory;
//@end
import org.xenolith.testkit.FakeNode;
//@if disk
import org.xenolith.testkit.block.MemoryDisk;
//@end

/** What every model must keep, by the class that this one extends, and what only this device does. */
class @CLASS@Test extends DeviceModelContract {
//@if interrupt
  private static final int CONTROL = 0x04;
//@end
  private static final int STATUS = 0x08;
  private static final int COMMAND = 0x0C;
//@if disk
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int SECTOR = 0x28;
//@if !dma
  private static final int POSITION = 0x30;
  private static final int DATA = 0x34;
//@end
//@else
  private static final int TOTAL = 0x10;
//@if !dma
  private static final int VALUE = 0x14;
//@end
//@end
//@if dma
  private static final int ADDRESS_LOW = 0x18;
//@if !disk
  private static final int LENGTH = 0x20;
//@end
//@end

  @Override protected DeviceModelFactory factory() {
    return new @CLASS@Component();
  }

  @Override protected PlatformNode node() {
//@if interrupt
    return FakeNode.at("/@NAME@@b000000").compatible("@VENDOR@,@NAME@").window(0xB00_0000, 0x1000).interrupt("/intc", 0, 50, 4).build();
//@else
    return FakeNode.at("/@NAME@@b000000").compatible("@VENDOR@,@NAME@").window(0xB00_0000, 0x1000).build();
//@end
  }

  @Override protected List<@CLASS@Register> registers() {
    return List.of(@CLASS@Register.values());
  }

  /** The table of the manual, once more by hand: a slip in the model's would agree with itself. */
  @Override protected String manual() {
    return """
        000 ID           4E455701 0
//@if interrupt
        004 CONTROL      0        1
//@end
//@if dma disk
        008 STATUS       0        0 w1c=3
//@else
        008 STATUS       0        0 w1c=1
//@end
        00C COMMAND      0        0
//@if !disk
        010 TOTAL        0        0
//@if !dma
        014 VALUE        0        FFFFFFFF
//@end
//@end
//@if dma
        018 ADDRESS_LOW  0        FFFFFFFC
        01C ADDRESS_HIGH 0        FFFFFFFF
//@if !disk
        020 LENGTH       0        FFC
//@end
//@end
//@if disk
        028 SECTOR       0        FFFFFFFF
        02C SECTORS      0        0
//@if !dma
        030 POSITION     0        1FC
        034 DATA         0        0
//@end
//@end
        """;
  }

//@if disk
  @Override protected Set<@CLASS@Register> computed() {
//@if dma
    return Set.of(@CLASS@Register.SECTORS);
//@else
    return Set.of(@CLASS@Register.SECTORS, @CLASS@Register.DATA);
//@end
  }

  /** A disk is plugged in or pulled out. */
  @Override protected void outsideInput(FakeContext context, RandomGenerator random) {
    BlockPort port = context.port(BlockPort.class);
    port.attach(port.device() == null ? disk() : null, "");
  }

  private static MemoryDisk disk() {
    MemoryDisk disk = new MemoryDisk(4);
    new Random(1).nextBytes(disk.content);
    return disk;
  }

//@end
  private FakeContext device() {
    FakeContext context = new FakeContext(node());
    context.create(factory());
    return context;
  }

//@if disk
  @Test void aCommandReadsASector() {
    FakeContext device = device();
    MemoryDisk disk = disk();
    device.port(BlockPort.class).attach(disk, "");
    device.write(SECTOR, 2);
//@if dma
    device.write(ADDRESS_LOW, FakeMemory.BASE + 0x100);
//@end
    device.write(COMMAND, READ);
    assertEquals(1, device.read(STATUS));
    byte[] read = new byte[512];
//@if dma
    device.dma().read(FakeMemory.BASE + 0x100, read, 0, 512);
//@else
    for (int at = 0; at < 512; at += 4) {
      device.write(POSITION, at);
      for (int k = 0; k < 4; k++) {
        read[at + k] = (byte) (device.read(DATA) >>> 8 * k);
      }
    }
//@end
    assertArrayEquals(Arrays.copyOfRange(disk.content, 1024, 1536), read);
  }

  @Test void aCommandWritesASector() {
    FakeContext device = device();
    MemoryDisk disk = new MemoryDisk(2);
    device.port(BlockPort.class).attach(disk, "");
    device.write(SECTOR, 1);
//@if dma
    device.write(ADDRESS_LOW, FakeMemory.BASE);
    device.dma().write(FakeMemory.BASE + 508, 4, 0x0403_0201);
//@else
    device.write(POSITION, 508);
    device.write(DATA, 0x0403_0201);
//@end
    device.write(COMMAND, WRITE);
    assertEquals(1, device.read(STATUS));
    assertArrayEquals(new byte[] {1, 2, 3, 4}, Arrays.copyOfRange(disk.content, 1020, 1024));
  }

  @Test void whatCanNotBeCarriedOutIsAnError() {
    FakeContext device = device();
//@if dma
    device.write(ADDRESS_LOW, FakeMemory.BASE);
//@end
    device.write(COMMAND, READ);
    assertEquals(3, device.read(STATUS), "no disk");
    MemoryDisk disk = new MemoryDisk(2);
    device.port(BlockPort.class).attach(disk, "");
    device.write(COMMAND, 7);
    assertEquals(3, device.read(STATUS), "no such command");
    device.write(SECTOR, 2);
    device.write(COMMAND, READ);
    assertEquals(3, device.read(STATUS), "behind the end");
    device.write(SECTOR, 1);
    device.write(COMMAND, READ);
    assertEquals(1, device.read(STATUS));
    disk.readOnly = true;
    device.write(COMMAND, WRITE);
    assertEquals(3, device.read(STATUS), "a disk that takes no writes");
    disk.broken = true;
    device.write(COMMAND, READ);
    assertEquals(3, device.read(STATUS), "a broken disk");
//@if dma
    disk.broken = false;
    device.write(ADDRESS_LOW, 0);
    device.write(COMMAND, READ);
    assertEquals(3, device.read(STATUS), "no memory there");
//@end
  }
//@else
//@if dma
  @Test void aCommandAddsUpWhatIsInMemory() {
    FakeContext device = device();
    device.dma().write(FakeMemory.BASE + 0x100, 4, 0xFFFF_FFFFL);
    device.dma().write(FakeMemory.BASE + 0x104, 4, 43);
    device.dma().write(FakeMemory.BASE + 0x108, 4, 5);
    device.write(ADDRESS_LOW, FakeMemory.BASE + 0x100);
    device.write(LENGTH, 8);
    device.write(COMMAND, 1);
    assertEquals(42, device.read(TOTAL), "two words, in 32 bits");
    assertEquals(1, device.read(STATUS));
  }

  @Test void memoryThatIsNotThereIsAnError() {
    FakeContext device = device();
    device.write(LENGTH, 8);
    device.write(COMMAND, 1);
    assertEquals(3, device.read(STATUS));
    device.write(STATUS, 3);
    assertEquals(0, device.read(STATUS));
  }
//@else
  @Test void aCommandAddsTheValue() {
    FakeContext device = device();
    for (long value : new long[] {0xFFFF_FFFFL, 43}) {
      device.write(VALUE, value);
      device.write(COMMAND, 1);
    }
    assertEquals(42, device.read(TOTAL), "in 32 bits");
    assertEquals(1, device.read(STATUS));
    device.write(STATUS, 1);
    assertEquals(0, device.read(STATUS));
  }
//@end
//@end
//@if interrupt

  @Test void interruptsUntilTheGuestHasTakenNotice() {
    FakeContext device = device();
    device.write(COMMAND, 1);
    assertFalse(device.interrupt(0).level(), "not enabled");
    device.write(CONTROL, 1);
    assertTrue(device.interrupt(0).level());
    device.write(STATUS, 1);
    assertFalse(device.interrupt(0).level());
    device.write(COMMAND, 1);
    assertTrue(device.interrupt(0).level());
  }
//@end
}
