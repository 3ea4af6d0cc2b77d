// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A generator with two algorithms; the correct one keeps the contract. */
class TwinRngTest extends RngContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, KEEPS_THE_SIZE, LIST_WHERE_IS_NO_ROOM, SIZE_OF_ONE, SIZE_NOT_SAID, LISTED_TWICE, NOBODYS_ALGORITHM, ONE_BYTE_LESS, ONE_BYTE_MORE,
    FIRST_PIECE_ONLY,
    SECOND_ALGORITHM_GIVES_NOTHING, WANTS_AN_ALGORITHM, THE_SAME_AGAIN, REPEATS_ITSELF, ANY_ALGORITHM, WRITES_THEN_REFUSES,
    NOTHING_IS_A_VALUE, NO_PLACE_IS_FINE,
    NO_SIZE_IS_FINE, NO_LIST_IS_FINE, ANY_PLACE, BEGINNING_AND_END_ONLY, WRAPS_SIZES, BREAKS_AFTER_AN_ERROR, LIST_ANYWHERE,
    ZEROS_WITHOUT_A_SOURCE
  }

  private static final EfiGuid FIRST = EfiGuid.of("e43176d7-b6e8-4827-b784-7ffdc4b68561");
  private static final EfiGuid SECOND = EfiGuid.of("44f0de6e-4d8c-4045-a8c7-4dd168856b9e");
  private static final EfiGuid ZEROS = EfiGuid.of("00000000-0000-0000-0000-000000000000");
  private static final int PIECE = 1000;

  Defect defect = Defect.NONE;

  private final class Twin implements Generator {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long protocol = firmware.room(16);
    private final Random random = new Random(1);
    private boolean failing;
    private boolean broken;

    Twin() {
      memory.put64(protocol, firmware.guest(call -> EfiStep.done(information(call))));
      memory.put64(protocol + 8, firmware.guest(call -> EfiStep.done(value(call))));
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long protocol() {
      return protocol;
    }

    @Override
    public void fails() {
      failing = true;
    }

    private EfiStatus information(Call call) {
      long size = call.argument(1);
      long list = call.argument(2);
      if (size == 0 && defect == Defect.NO_SIZE_IS_FINE || list == 0 && defect == Defect.NO_LIST_IS_FINE
          || defect == Defect.LIST_ANYWHERE && list < FakeRam.BASE && list != 0) {
        return EfiStatus.SUCCESS;
      }
      if (size == 0) {
        return EfiStatus.INVALID_PARAMETER;
      }
      long room = memory.get64(size);
      boolean fits = Long.compareUnsigned(room, 2 * EfiGuid.SIZE) >= 0;
      if (!fits && defect == Defect.SIZE_OF_ONE) {
        memory.put64(size, EfiGuid.SIZE);
      } else if (!(fits ? defect == Defect.KEEPS_THE_SIZE : defect == Defect.SIZE_NOT_SAID)) {
        memory.put64(size, 2 * EfiGuid.SIZE);
      }
      if (fits && list == 0) {
        return EfiStatus.INVALID_PARAMETER;
      }
      if (fits || defect == Defect.LIST_WHERE_IS_NO_ROOM) {
        memory.write(list, FIRST.toBytes());
        memory.write(list + EfiGuid.SIZE, (defect == Defect.LISTED_TWICE ? FIRST : defect == Defect.NOBODYS_ALGORITHM ? ZEROS : SECOND)
            .toBytes());
      }
      return fits ? EfiStatus.SUCCESS : EfiStatus.BUFFER_TOO_SMALL;
    }

    private boolean known(EfiGuid algorithm) {
      return algorithm.equals(FIRST) || algorithm.equals(SECOND) || defect == Defect.NOBODYS_ALGORITHM && algorithm.equals(ZEROS);
    }

    private EfiStatus value(Call call) {
      long size = call.argument(2);
      long place = call.argument(3);
      if (size == 0 && defect != Defect.NOTHING_IS_A_VALUE || place == 0 && defect != Defect.NO_PLACE_IS_FINE) {
        return EfiStatus.INVALID_PARAMETER;
      }
      if (size == 0 || place == 0) {
        return EfiStatus.SUCCESS;
      }
      EfiGuid algorithm = call.argument(1) == 0 ? defect == Defect.WANTS_AN_ALGORITHM ? ZEROS : FIRST : memory.guid(call.argument(1));
      if (!known(algorithm) && defect != Defect.ANY_ALGORITHM) {
        if (defect == Defect.WRITES_THEN_REFUSES) {
          memory.put64(place, 0);
        }
        return EfiStatus.UNSUPPORTED;
      }
      if (defect == Defect.SECOND_ALGORITHM_GIVES_NOTHING && algorithm.equals(SECOND)) {
        return EfiStatus.SUCCESS;
      }
      return drawn(defect == Defect.WRAPS_SIZES ? size & 0xFFFF : size, place);
    }

    private boolean isMemory(long place, long size) {
      try {
        firmware.requireMemory(place, size);
        return true;
      } catch (EfiError e) {
        return false;
      }
    }

    private EfiStatus drawn(long size, long place) {
      boolean ends = defect == Defect.BEGINNING_AND_END_ONLY && size > 0 && isMemory(place, 1) && isMemory(place + size - 1, 1);
      if (!ends && !isMemory(place, size)) {
        broken = defect == Defect.BREAKS_AFTER_AN_ERROR;
        return defect == Defect.ANY_PLACE ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
      }
      if (broken || failing && defect != Defect.ZEROS_WITHOUT_A_SOURCE) {
        return EfiStatus.DEVICE_ERROR;
      }
      byte[] bytes = new byte[(int) size];
      if (!failing) {
        (defect == Defect.THE_SAME_AGAIN ? new Random(2) : random).nextBytes(bytes);
      }
      for (int at = 256; defect == Defect.REPEATS_ITSELF && at < bytes.length; at++) {
        bytes[at] = bytes[at - 256];
      }
      int given = switch (defect) {
        case ONE_BYTE_LESS -> bytes.length - 1;
        case ONE_BYTE_MORE -> bytes.length + 1;
        case FIRST_PIECE_ONLY -> Math.min(PIECE, bytes.length);
        default -> bytes.length;
      };
      if (isMemory(place, given)) {
        memory.write(place, Arrays.copyOf(bytes, given));
      }
      return EfiStatus.SUCCESS;
    }
  }

  @Override
  protected Generator generator() {
    return new Twin();
  }
}
