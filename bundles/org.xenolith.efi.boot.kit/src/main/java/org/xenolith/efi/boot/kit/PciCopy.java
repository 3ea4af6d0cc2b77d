// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiStep;

/** CopyMem of PCI protocols (UEFI 2.10, 14.2 and 14.4): from registers to registers, which may be the same ones in part. */
public final class PciCopy {
  private static final int PIECE = 64;
  private enum Slot {
    DONE
  }

  /** Steps: the first, which reads a piece, and those behind a piece that is read and one that is written. */
  private enum Step {
    BEGIN, READ, WRITTEN
  }

  private PciCopy() {}

  /**
   * Copies piece by piece: all of a piece is read before any of it is written, and the last piece is the first one if what it would overwrite is
   * still to be read. The call's first number is how far it is.
   *
   * @param to    as the CPU sees it
   * @param from  as the CPU sees it
   * @param width without repetition: {@link PciPoll#mayBe}
   * @param count how many, 0 or more
   */
  public static EfiStep next(Call call, long width, long to, long from, long count) {
    int size = PciAccess.size(width);
    long done = call.get(Slot.DONE);
    long piece = Math.min(PIECE, count - done);
    long first = to > from ? count - done - piece : done;
    if (call.isAt(Step.READ)) {
      List<EfiAccess> writes = new ArrayList<>();
      for (int i = 0; i < piece; i++) {
        writes.add(EfiAccess.write(size, to + (first + i) * size, call.accessed(i)));
      }
      call.set(Slot.DONE, done + piece);
      return new EfiStep.Touch(Step.WRITTEN, writes);
    }
    if (piece <= 0) {
      return EfiStep.done();
    }
    List<EfiAccess> reads = new ArrayList<>();
    for (int i = 0; i < piece; i++) {
      reads.add(EfiAccess.read(size, from + (first + i) * size));
    }
    return new EfiStep.Touch(Step.READ, reads);
  }
}
