// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A judge who knows one file; the correct one keeps the contract. */
class TwinSecurityTest extends SecurityContract {
  /** What is wrong with him. */
  enum Defect {
    NONE, DENIES_ALL, ALLOWS_ALL, OTHER_STATUS, WANTS_A_PATH, WITHOUT_A_PATH_ALL, TRUSTS_THE_BOOT_MANAGER, CHANGES_THE_FILE, KEEPS_PAGES,
    KEEPS_PAGES_OF_THE_DENIED, HEADERS_ONLY, CODE_ONLY, NOT_THE_LAST_BYTE, LESS_IS_ENOUGH, NOTHING_IS_FINE, SIZES_OF_32_BITS,
    NO_MEMORY_IS_FINE, DEVICE_IS_NO_QUESTION, SIZE_MEANS_A_FILE, BREAKS_WITHOUT_A_FILE, PATH_MATTERS, NO_PATH_IS_FINE,
    BREAKS_AFTER_AN_ERROR, STATE_WITHOUT_A_FILE, STATE_IS_THE_STATUS, STATE_OF_64_BITS, STATE_KEEPS_PAGES, FAILS_OPEN, STATE_FAILS_OPEN,
    WITHOUT_MEMORY_ALL
  }

  private static final byte[] FILE = EfiProgram.of("mov x0, #0\nret\n");
  private static final byte[] OTHER = EfiProgram.of("mov x0, #1\nret\n");
  private static final int CODE = 0x1000;

  Defect defect = Defect.NONE;

  private final class Twin implements Security {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long interfaces = firmware.room(16);
    private final long policy = firmware.guest(call -> EfiStep.done());
    private boolean broken;

    Twin() {
      memory.put64(interfaces, firmware.guest(this::state));
      memory.put64(interfaces + 8, firmware.guest(this::file));
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long security() {
      return interfaces;
    }

    @Override
    public long security2() {
      return interfaces + 8;
    }

    @Override
    public byte[] allowed() {
      return FILE.clone();
    }

    @Override
    public byte[] forbidden() {
      return OTHER.clone();
    }

    private EfiStep state(Call call) {
      long status = call.argument(1);
      if (call.argument(2) == 0 && defect != Defect.STATE_WITHOUT_A_FILE) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      if (defect == Defect.STATE_IS_THE_STATUS && status != 0 || defect == Defect.STATE_OF_64_BITS && status >>> 32 != 0) {
        return EfiStep.done(defect == Defect.STATE_IS_THE_STATUS ? EfiStatus.LOAD_ERROR : EfiStatus.UNSUPPORTED);
      }
      if (call.step() == 0) {
        return EfiStep.call(1, policy);
      }
      if (defect == Defect.STATE_KEEPS_PAGES) {
        firmware.pages(1);
      }
      boolean open = call.argument(2) == 0 || call.result() != 0 && defect == Defect.STATE_FAILS_OPEN;
      return EfiStep.done(open ? EfiStatus.SUCCESS : EfiStatus.ACCESS_DENIED);
    }

    private EfiStep file(Call call) {
      long path = call.argument(1);
      if (broken) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      if (call.argument(2) == 0 && !(defect == Defect.SIZE_MEANS_A_FILE && call.argument(3) != 0)) {
        broken = path == 0 && defect == Defect.BREAKS_WITHOUT_A_FILE;
        return EfiStep.done(defect == Defect.DEVICE_IS_NO_QUESTION ? EfiStatus.UNSUPPORTED : EfiStatus.SUCCESS);
      }
      if (call.step() == 0) {
        return EfiStep.call(1, policy);
      }
      if (call.result() != 0) {
        return EfiStep.done(defect == Defect.FAILS_OPEN ? EfiStatus.SUCCESS : EfiStatus.ACCESS_DENIED);
      }
      try {
        return EfiStep.done(judgement(call, path));
      } catch (EfiError e) {
        broken = defect == Defect.BREAKS_AFTER_AN_ERROR;
        boolean fine = defect == (e.status() == EfiStatus.OUT_OF_RESOURCES ? Defect.WITHOUT_MEMORY_ALL : Defect.NO_MEMORY_IS_FINE);
        return EfiStep.done(fine ? EfiStatus.SUCCESS : e.status());
      }
    }

    private EfiStatus judgement(Call call, long path) {
      if (defect == Defect.PATH_MATTERS && path != 0) {
        DevicePath.read(memory, path);
      }
      boolean fine = defect == Defect.ALLOWS_ALL || path == 0 && defect == Defect.WITHOUT_A_PATH_ALL || (call.argument(4) & 0xFF) != 0
          && defect == Defect.TRUSTS_THE_BOOT_MANAGER || defect == Defect.NO_PATH_IS_FINE && path != 0 && !isPath(path);
      long page = firmware.pages(1);
      boolean kept = defect == Defect.KEEPS_PAGES;
      try {
        boolean good = fine || isKnown(call.argument(2), call.argument(3));
        good &= defect != Defect.DENIES_ALL && !(path == 0 && defect == Defect.WANTS_A_PATH);
        kept |= !good && defect == Defect.KEEPS_PAGES_OF_THE_DENIED;
        return good ? EfiStatus.SUCCESS : defect == Defect.OTHER_STATUS ? EfiStatus.LOAD_ERROR : EfiStatus.ACCESS_DENIED;
      } finally {
        if (!kept) {
          firmware.freePages(page, 1);
        }
      }
    }

    private boolean isPath(long path) {
      try {
        return DevicePath.read(memory, path).length > 0;
      } catch (EfiError e) {
        return false;
      }
    }

    private boolean isKnown(long at, long size) {
      long length = defect == Defect.SIZES_OF_32_BITS ? size & 0xFFFF_FFFFL : size;
      if (length == 0 && defect == Defect.NOTHING_IS_FINE) {
        return true;
      }
      if (length < 0 || length > FakeRam.SIZE) {
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "no file is so long");
      }
      byte[] file = memory.read(at, (int) length);
      if (defect == Defect.CHANGES_THE_FILE && length > 0) {
        memory.put8(at, 0);
      }
      if (defect == Defect.LESS_IS_ENOUGH) {
        return length > 0x1000 && Arrays.equals(file, 0, Math.min(file.length, FILE.length), FILE, 0, Math.min(file.length, FILE.length));
      }
      return file.length == FILE.length && switch (defect) {
        case HEADERS_ONLY -> Arrays.equals(file, 0, CODE, FILE, 0, CODE);
        case CODE_ONLY -> Arrays.equals(file, CODE, file.length, FILE, CODE, FILE.length);
        case NOT_THE_LAST_BYTE -> Arrays.equals(file, 0, file.length - 1, FILE, 0, file.length - 1);
        default -> Arrays.equals(file, FILE);
      };
    }
  }

  @Override
  protected Security security() {
    return new Twin();
  }
}
