// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.fwcfg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.firmware.api.FwCfgFile;
import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** The registers as the specification has them, byte by byte. */
class FwCfgTest {
  private static final int SELECTOR = 8;
  private static final int DMA = 16;
  private static final long REQUEST = 0x4000_1000L;
  private static final long BUFFER = 0x4000_2000L;
  private static final int READ = 2;
  private static final int SKIP = 4;
  private static final int SELECT = 8;
  private static final int WRITE = 16;

  private FakeContext context = new FakeContext(node());
  private DeviceModel model;

  private static PlatformNode node() {
    return FakeNode.at("/fw-cfg@9020000").compatible("qemu,fw-cfg-mmio").window(0x902_0000, 0x18).build();
  }

  @BeforeEach
  void create() {
    model = context.create(new FwCfgComponent());
    FwCfgPort port = context.port(FwCfgPort.class);
    port.file("etc/second", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    port.file("bootorder", "disk\0".getBytes(StandardCharsets.US_ASCII));
  }

  private void select(int key) {
    context.write(0, SELECTOR, 2, Short.reverseBytes((short) key));
  }

  private long data(int size) {
    return context.read(0, 0, size);
  }

  private long request(int control, int length, long address) {
    context.dma().write(REQUEST, 4, Integer.reverseBytes(control));
    context.dma().write(REQUEST + 4, 4, Integer.reverseBytes(length));
    context.dma().write(REQUEST + 8, 8, Long.reverseBytes(address));
    context.write(0, DMA, 8, Long.reverseBytes(REQUEST));
    return Integer.reverseBytes((int) context.dma().read(REQUEST, 4));
  }

  private byte[] buffer(int length) {
    byte[] bytes = new byte[length];
    context.dma().read(BUFFER, bytes, 0, length);
    return bytes;
  }

  @Test
  void dataAreAStreamWhateverTheSizeOfAnAccess() {
    select(0);
    assertEquals('Q', data(1));
    assertEquals('E' | 'M' << 8, data(2));
    assertEquals('U', data(1));
    assertEquals(0, data(8), "behind the end");
    select(0x21);
    assertEquals(0x0807_0605_0403_0201L, data(8));
    assertEquals(9, data(4));
  }

  @Test
  void theDirectoryHasFilesByNameWithTheirKeys() {
    select(FwCfgPort.DIRECTORY);
    assertEquals(0x0200_0000, data(4), "two, big-endian");
    assertEquals(0x0500_0000, data(4), "bytes of the first");
    assertEquals(0x2000, data(2), "its key 0x20");
    assertEquals(0, data(2));
    StringBuilder name = new StringBuilder();
    for (long c; (c = data(1)) != 0;) {
      name.append((char) c);
    }
    assertEquals("bootorder", name.toString());
  }

  @Test
  void whatIsNotThereReadsAsZeros() {
    for (int key : new int[] {0x3FFF, 0x1234, 0xFFFF, 0x8000}) {
      select(key);
      assertEquals(0, data(8), Integer.toHexString(key));
    }
  }

  @Test
  void aRequestCopiesAnItemAndClearsItsControl() {
    assertEquals(0, request(0x21 << 16 | SELECT | READ, 4, BUFFER));
    assertArrayEquals(new byte[] {1, 2, 3, 4}, buffer(4));
    assertEquals(0, request(SKIP, 2, 0));
    Arrays.fill(buffer(8), (byte) 0xEE);
    assertEquals(0, request(READ, 6, BUFFER));
    assertArrayEquals(new byte[] {7, 8, 9, 0, 0, 0}, buffer(6));
    assertEquals(0x4746_4320_554D_4551L, context.read(0, DMA, 8), "QEMU CFG");
  }

  @Test
  void theAddressOfARequestCanBeWrittenInHalves() {
    context.dma().write(REQUEST, 4, Integer.reverseBytes(SELECT | READ));
    context.dma().write(REQUEST + 4, 4, Integer.reverseBytes(4));
    context.dma().write(REQUEST + 8, 8, Long.reverseBytes(BUFFER));
    context.write(0, DMA, 4, 0);
    context.write(0, DMA + 4, 4, Integer.toUnsignedLong(Integer.reverseBytes((int) REQUEST)));
    assertArrayEquals("QEMU".getBytes(StandardCharsets.US_ASCII), buffer(4));
  }

  @Test
  void noItemThatIsNoDevicesCanBeWritten() {
    assertEquals(1, request(0x21 << 16 | SELECT | WRITE, 4, BUFFER));
    assertEquals(0, request(0x21 << 16 | SELECT | READ, 1, BUFFER));
    assertEquals(1, buffer(1)[0]);
  }

  @Test
  void theDeviceSaysItselfWhatItIs() {
    select(1);
    assertEquals(3, data(4), "by registers and by DMA");
  }

  /** A request of 4 GiB is one write of a register, and held the machine for minutes. */
  @Test
  void aLongRequestIsCarriedOutPieceByPiece() {
    int piece = 1 << 20;
    int length = 2 * piece + 5000;
    byte[] ones = new byte[length];
    Arrays.fill(ones, (byte) 0xEE);
    context.dma().write(BUFFER, ones, 0, length);
    int control = 0x21 << 16 | SELECT | READ;
    assertEquals(control, request(control, length, BUFFER), "not done yet");
    assertEquals(0, context.dma().read(BUFFER + piece - 1, 1));
    assertEquals(0xEE, context.dma().read(BUFFER + piece, 1), "copied at once");
    context.clock().advance(100_000);
    assertEquals(0xEE, context.dma().read(BUFFER + 2 * piece, 1));
    takeOver();
    context.clock().advance(100_000);
    assertEquals(0, context.dma().read(REQUEST, 4));
    byte[] expected = new byte[length];
    for (int i = 0; i < 9; i++) {
      expected[i] = (byte) (i + 1);
    }
    assertArrayEquals(expected, buffer(length));
  }

  /** Another model takes over in the middle. */
  private void takeOver() {
    StateRecord record = model.state().save();
    FakeContext old = context;
    context = old.successor();
    model = context.create(new FwCfgComponent());
    model.state().restore(record);
    context.takeAlarms(old);
    model.restored();
  }

  @Test
  void aRequestInTheMiddleOfALongOneIsRefused() {
    int length = 2 << 20;
    request(SELECT | READ, length, BUFFER);
    long other = REQUEST + 16;
    context.dma().write(other, 4, Integer.reverseBytes(READ));
    context.dma().write(other + 4, 4, Integer.reverseBytes(1));
    context.write(0, DMA, 8, Long.reverseBytes(other));
    assertEquals(1, Integer.reverseBytes((int) context.dma().read(other, 4)));
    context.clock().advance(100_000);
    assertEquals(0, context.dma().read(REQUEST, 4));
  }

  @Test
  void aLongRequestThatLeavesMemoryFails() {
    request(READ, -1, BUFFER);
    for (int i = 0; i < 4; i++) {
      context.clock().advance(100_000);
    }
    assertEquals(1, Integer.reverseBytes((int) context.dma().read(REQUEST, 4)));
    assertEquals(Map.of("dma", Long.MAX_VALUE), context.deadlines(), "nothing is left");
  }

  private static final class Written implements FwCfgFile {
    private final byte[] bytes = {1, 2, 3, 4};

    @Override
    public String name() {
      return "etc/device";
    }

    @Override
    public int length() {
      return bytes.length;
    }

    @Override
    public byte[] content() {
      return bytes.clone();
    }

    @Override
    public void written(int offset, byte[] more) {
      System.arraycopy(more, 0, bytes, offset, more.length);
    }
  }

  @Test
  void aDevicesFileIsWrittenByRequests() {
    Written file = new Written();
    context.port(FwCfgPort.class).attach(file, context);
    int select = 0x21 << 16 | SELECT;
    context.dma().write(BUFFER, 4, 0xD4C3_B2A1L);
    assertEquals(0, request(select | WRITE, 2, BUFFER));
    assertArrayEquals(new byte[] {(byte) 0xA1, (byte) 0xB2, 3, 4}, file.bytes);
    assertEquals(0, request(WRITE, 2, BUFFER + 2), "it goes on where it was");
    assertArrayEquals(new byte[] {(byte) 0xA1, (byte) 0xB2, (byte) 0xC3, (byte) 0xD4}, file.bytes);
    assertEquals(1, request(WRITE, 1, BUFFER), "behind the end");
    assertEquals(1, request(select | WRITE, 5, BUFFER), "more than it has");
    assertEquals(1, request(select | WRITE, -1, BUFFER), "4 GiB");
    assertEquals(1, request(select | WRITE, 4, 1L << 60), "from nowhere");
    assertEquals(0, request(select | SKIP, 3, 0));
    assertEquals(0, request(WRITE, 1, BUFFER));
    assertArrayEquals(new byte[] {(byte) 0xA1, (byte) 0xB2, (byte) 0xC3, (byte) 0xA1}, file.bytes);
    assertEquals(0, request(select | READ, 4, BUFFER));
    assertArrayEquals(file.bytes, buffer(4));
    context.port(FwCfgPort.class).detach(file);
    assertEquals(0, request(select | WRITE, 4, BUFFER), "goes nowhere");
    select(0x21);
    assertEquals(0, data(8));
  }

  @Test
  void aRequestIntoNowhereFailsAndIsTold() {
    assertEquals(1, request(0x21 << 16 | SELECT | READ, 4, 1L << 60));
    context.write(0, DMA, 8, Long.reverseBytes(1L << 60));
    context.write(0, DMA, 8, -1L);
    assertEquals(List.of("fw-cfg-bad-request", "fw-cfg-bad-request", "fw-cfg-bad-request"), context.reportedEvents().stream().map(
        FakeContext.Event::kind).toList());
  }

  @Test
  void anotherVersionReadsOn() {
    select(0x21);
    data(4);
    FakeContext next = context.successor();
    DeviceModel heir = next.create(new FwCfgComponent());
    heir.state().restore(model.state().save());
    heir.restored();
    context = next;
    assertEquals(5, data(1));
  }
}
