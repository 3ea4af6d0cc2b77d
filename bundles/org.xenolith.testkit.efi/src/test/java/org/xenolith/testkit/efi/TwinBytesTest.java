// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A disk of bytes in an array; the correct one keeps the contract. */
class TwinBytesTest extends DiskIoContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, READS_ONE_LESS, READS_WHOLE_SECTORS, WRITES_WHOLE_SECTORS, ANY_PLACE, ANY_MEDIUM, NOTHING_IS_AN_ERROR
  }

  private static final int SIZE = 32 << 10;
  private static final int SECTOR = 512;
  private static final long MEDIUM = 3;

  Defect defect = Defect.NONE;

  @Override
  protected Disk disk() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    byte[] bytes = new byte[SIZE];
    long protocol = firmware.room(24);
    firmware.memory().put64(protocol + 8, firmware.guest(call -> EfiStep.done(transfer(firmware, bytes, call, false))));
    firmware.memory().put64(protocol + 16, firmware.guest(call -> EfiStep.done(transfer(firmware, bytes, call, true))));
    return new Disk(firmware, protocol, MEDIUM, bytes);
  }

  private EfiStatus transfer(FakeFirmware firmware, byte[] bytes, Call call, boolean write) {
    long at = call.argument(2);
    long size = call.argument(3);
    if (call.argument(1) != MEDIUM && defect != Defect.ANY_MEDIUM) {
      return EfiStatus.MEDIA_CHANGED;
    }
    if (size == 0) {
      return defect == Defect.NOTHING_IS_AN_ERROR ? EfiStatus.BAD_BUFFER_SIZE : EfiStatus.SUCCESS;
    }
    if (at < 0 || at >= SIZE || size < 0 || size > SIZE - at) {
      return defect == Defect.ANY_PLACE ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    int count = (int) size;
    if (write) {
      byte[] now = firmware.memory().read(call.argument(4), count);
      System.arraycopy(now, 0, bytes, (int) at, count);
      if (defect == Defect.WRITES_WHOLE_SECTORS) {
        Arrays.fill(bytes, (int) at + count, Math.min(SIZE, ((int) at + count + SECTOR - 1) / SECTOR * SECTOR), (byte) 0);
      }
      return EfiStatus.SUCCESS;
    }
    int given = switch (defect) {
      case READS_ONE_LESS -> count - 1;
      case READS_WHOLE_SECTORS -> Math.min(SIZE - (int) at, (count + SECTOR - 1) / SECTOR * SECTOR);
      default -> count;
    };
    firmware.memory().write(call.argument(4), Arrays.copyOfRange(bytes, (int) at, (int) at + given));
    return EfiStatus.SUCCESS;
  }
}
