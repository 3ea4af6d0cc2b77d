// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** One file, which is there by its name; the correct one keeps the contract. */
class TwinLoadFileTest extends LoadFile2Contract {
  /** What is wrong with it. */
  enum Defect {
    NONE, LAST_BYTE_MISSING, ONE_BYTE_MORE, FIRST_PIECE_ONLY, EVEN_PLACES_ONLY, GOES_ON_WHERE_IT_WAS, KEEPS_THE_SIZE, FILLS_THE_ROOM,
    SIGNED_SIZES, SIZES_OF_32_BITS, SAYS_32_BITS, SAYS_128_BITS, SIZE_NOT_SAID, SAYS_WHAT_IS_MISSING, LOADS_WHAT_FITS, LOADS_THEN_REFUSES,
    WANTS_A_BUFFER, NOTHING_TOO_SMALL_WITHOUT_A_BUFFER, NO_SIZE_WITHOUT_A_BUFFER, BOOT_POLICY_IS_FINE, BOOT_POLICY_IS_INVALID,
    BOOT_POLICY_OF_64_BITS, LOADS_BY_THE_BOOT_POLICY, ANY_PATH, ITS_BEGINNING_IS_ENOUGH, OTHER_PATHS_ARE_INVALID, SIZE_OF_OTHER_PATHS,
    NO_PATH_IS_FINE, BROKEN_PATHS_ARE_NOT_FOUND, NO_SIZE_IS_FINE, NO_SIZE_IS_NONE, ANY_PLACE, ANY_SIZE, NO_MEMORY_IS_TOO_SMALL,
    BREAKS_AFTER_AN_ERROR
  }

  private static final byte[] PATH = new DevicePath().file("\\a").file("b").bytes();
  private static final int FILE = 3001;
  private static final int PIECE = 1000;

  Defect defect = Defect.NONE;

  private final class Twin {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final byte[] file = new byte[FILE];
    private int from;
    private boolean broken;

    Source source() {
      new Random(1).nextBytes(file);
      long protocol = firmware.room(8);
      memory.put64(protocol, firmware.guest(call -> EfiStep.done(load(call))));
      return new Source(firmware, protocol, PATH, file);
    }

    private EfiStatus load(Call call) {
      if (broken) {
        return EfiStatus.DEVICE_ERROR;
      }
      try {
        EfiStatus status = by(call.argument(2), call);
        return status == EfiStatus.SUCCESS ? found(call.argument(1), call.argument(3), call.argument(4)) : status;
      } catch (EfiError e) {
        broken = defect == Defect.BREAKS_AFTER_AN_ERROR;
        return defect == Defect.NO_MEMORY_IS_TOO_SMALL ? EfiStatus.BUFFER_TOO_SMALL : e.status();
      }
    }

    private EfiStatus by(long policy, Call call) {
      if ((defect == Defect.BOOT_POLICY_OF_64_BITS ? policy : policy & 0xFF) == 0 || defect == Defect.BOOT_POLICY_IS_FINE) {
        return EfiStatus.SUCCESS;
      }
      if (defect == Defect.LOADS_BY_THE_BOOT_POLICY) {
        memory.write(call.argument(4), file);
      }
      return defect == Defect.BOOT_POLICY_IS_INVALID ? EfiStatus.INVALID_PARAMETER : EfiStatus.UNSUPPORTED;
    }

    private EfiStatus found(long path, long size, long buffer) {
      boolean same = path == 0 ? defect == Defect.NO_PATH_IS_FINE : isTheFile(path);
      if (path == 0 && !same) {
        return EfiStatus.INVALID_PARAMETER;
      }
      if (size == 0) {
        return defect == Defect.NO_SIZE_IS_FINE ? EfiStatus.SUCCESS : defect == Defect.NO_SIZE_IS_NONE ? EfiStatus.BUFFER_TOO_SMALL
            : EfiStatus.INVALID_PARAMETER;
      }
      if (same || defect == Defect.SIZE_OF_OTHER_PATHS && buffer == 0) {
        return sized(size, buffer);
      }
      return defect == Defect.OTHER_PATHS_ARE_INVALID ? EfiStatus.INVALID_PARAMETER : EfiStatus.NOT_FOUND;
    }

    private boolean isTheFile(long path) {
      byte[] asked;
      try {
        asked = DevicePath.read(memory, path);
      } catch (EfiError e) {
        if (defect == Defect.BROKEN_PATHS_ARE_NOT_FOUND) {
          return false;
        }
        throw e;
      }
      int nodes = PATH.length - PathBench.END.length;
      boolean begins = asked.length >= nodes && Arrays.equals(Arrays.copyOf(asked, nodes), Arrays.copyOf(PATH, nodes));
      return defect == Defect.ANY_PATH || (defect == Defect.ITS_BEGINNING_IS_ENOUGH ? begins : Arrays.equals(asked, PATH));
    }

    private EfiStatus sized(long size, long buffer) {
      if (defect == Defect.ANY_SIZE && !isMemory(size, 8)) {
        return EfiStatus.SUCCESS;
      }
      long room = memory.get64(size);
      boolean fits = switch (defect) {
        case SIGNED_SIZES -> room >= FILE;
        case SIZES_OF_32_BITS -> (room & 0xFFFF_FFFFL) >= FILE;
        default -> Long.compareUnsigned(room, FILE) >= 0;
      };
      if (buffer == 0 && defect == Defect.WANTS_A_BUFFER) {
        return EfiStatus.INVALID_PARAMETER;
      }
      if (!(buffer == 0 ? defect == Defect.NO_SIZE_WITHOUT_A_BUFFER : defect == (fits ? Defect.KEEPS_THE_SIZE : Defect.SIZE_NOT_SAID))) {
        say(size, room, fits);
      }
      if (buffer == 0) {
        return fits || defect == Defect.NOTHING_TOO_SMALL_WITHOUT_A_BUFFER ? EfiStatus.SUCCESS : EfiStatus.BUFFER_TOO_SMALL;
      }
      if (!fits && (defect == Defect.LOADS_WHAT_FITS || defect == Defect.LOADS_THEN_REFUSES)) {
        memory.write(buffer, Arrays.copyOf(file, (int) room));
      }
      return fits ? loaded(room, buffer) : defect == Defect.LOADS_WHAT_FITS ? EfiStatus.SUCCESS : EfiStatus.BUFFER_TOO_SMALL;
    }

    private void say(long size, long room, boolean fits) {
      if (defect == Defect.SAYS_32_BITS) {
        memory.put32(size, FILE);
        return;
      }
      memory.put64(size, defect == Defect.SAYS_WHAT_IS_MISSING && !fits ? FILE - room : FILE);
      if (defect == Defect.SAYS_128_BITS) {
        memory.put64(size + 8, 0);
      }
    }

    private static boolean isMemory(long place, long length) {
      return place >= FakeRam.BASE && place - FakeRam.BASE <= FakeRam.SIZE - length;
    }

    private EfiStatus loaded(long room, long buffer) {
      if (defect == Defect.ANY_PLACE && !isMemory(buffer, FILE)) {
        return EfiStatus.SUCCESS;
      }
      int given = switch (defect) {
        case LAST_BYTE_MISSING -> FILE - 1;
        case ONE_BYTE_MORE -> FILE + 1;
        case FIRST_PIECE_ONLY -> PIECE;
        case FILLS_THE_ROOM -> (int) Math.min(room & Long.MAX_VALUE, FILE + PIECE);
        default -> FILE;
      };
      memory.write(defect == Defect.EVEN_PLACES_ONLY ? buffer & -2 : buffer, Arrays.copyOf(Arrays.copyOfRange(file, from, from + FILE),
          given));
      from = defect == Defect.GOES_ON_WHERE_IT_WAS ? FILE : 0;
      return EfiStatus.SUCCESS;
    }
  }

  @Override
  protected Source source() {
    return new Twin().source();
  }
}
