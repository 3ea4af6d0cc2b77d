// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;

/** The layer's functions, step by step, without a machine: the test is what is behind the registers. */
class @CLASS@LayerTest {
  private static final long BASE = 0x400_0000L;
  private static final int SIZE = 16 << 10;

  private final FakeFirmware firmware = new FakeFirmware(tree());
  private final @CLASS@Layer layer = new @CLASS@Layer();
  private final byte[] flash = new byte[SIZE];
  private int stores;
  private long disk;

  /** A board with flash. */
  static Fdt tree() {
    return Fdt.of(new FdtNode("", List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 2)), List.of(new FdtNode(
        "flash@4000000", List.of(FdtProperty.ofStrings("compatible", "@VENDOR@,@NAME@"), FdtProperty.ofU64("reg", BASE, SIZE)), List.of()))));
  }

  @BeforeEach void connect() {
    new Random(1).nextBytes(flash);
    firmware.registers(this::access);
    layer.begin(firmware);
    long handle = firmware.handles().handles(@CLASS@Layer.MARK).getFirst();
    assertEquals(0, firmware.connect(layer, handle));
    disk = firmware.handles().find(handle, Protocol.BLOCK_IO);
  }

  private long access(EfiAccess access) {
    stores += access.kind() == EfiAccess.Kind.READ ? 0 : 1;
    return ByteBuffer.wrap(flash).order(ByteOrder.LITTLE_ENDIAN).getLong((int) (access.address() - BASE));
  }

  private EfiStatus call(int function, long... arguments) {
    return EfiStatus.of(firmware.call(firmware.memory().get64(disk + function), arguments));
  }

  @Test void wholeDiskIsWhatIsInTheFlash() {
    long buffer = firmware.room(SIZE);
    assertEquals(SIZE / 512, BlockMedia.blocks(firmware.memory(), disk));
    assertEquals(EfiStatus.SUCCESS, call(BlockMedia.READ, disk, 0, 0, SIZE, buffer));
    assertArrayEquals(flash, firmware.memory().read(buffer, SIZE));
    assertEquals(EfiStatus.SUCCESS, call(BlockMedia.READ, disk, 0, 7, 1024, buffer));
    assertArrayEquals(Arrays.copyOfRange(flash, 7 * 512, 9 * 512), firmware.memory().read(buffer, 1024));
    assertArrayEquals(Arrays.copyOfRange(flash, 1024, 2048), firmware.memory().read(buffer + 1024, 1024), "nothing behind them");
  }

  @Test void whatCallersGetWrongHasAStatus() {
    long buffer = firmware.room(1024);
    assertEquals(EfiStatus.MEDIA_CHANGED, call(BlockMedia.READ, disk, 1, 0, 512, buffer));
    assertEquals(EfiStatus.BAD_BUFFER_SIZE, call(BlockMedia.READ, disk, 0, 0, 100, buffer));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(BlockMedia.READ, disk, 0, SIZE / 512 - 1, 1024, buffer));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(BlockMedia.READ, disk + 8, 0, 0, 512, buffer), "no interface");
    assertEquals(EfiStatus.INVALID_PARAMETER, call(BlockMedia.READ, disk, 0, 0, 512, 16), "no memory");
    assertEquals(EfiStatus.SUCCESS, call(BlockMedia.READ, disk, 0, 0, 0, 0), "nothing is asked for");
  }

  @Test void flashIsNeverWritten() {
    assertEquals(EfiStatus.WRITE_PROTECTED, call(BlockMedia.WRITE, disk, 0, 0, 512, firmware.room(512)));
    assertEquals(EfiStatus.SUCCESS, call(BlockMedia.FLUSH, disk));
    assertEquals(0, stores);
  }
}
