// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;

/** Accesses of one trap whose results nobody learns: the program makes them before it does what the verdict says. */
final class PostedAccesses {
  private static final int MOST = 256;
  /** How many there are stands before them. */
  private static final int HEADER = 16;

  private final List<EfiAccess> accesses = new ArrayList<>();

  /** Adds some. @return false if there are too many, of which none was added */
  boolean add(List<EfiAccess> more) {
    return accesses.size() + more.size() <= MOST && accesses.addAll(more);
  }

  /** Comes to a verdict, before which is to be done what was added on the way to it. */
  Verdict before(EfiRam memory, Supplier<Verdict> run) {
    try {
      Verdict verdict = run.get();
      if (accesses.isEmpty() || verdict.code() == FirmwareProgram.STAND) {
        return verdict;
      }
      boolean hasStack = verdict.code() == FirmwareProgram.CALL || verdict.code() == FirmwareProgram.WAIT;
      long list = (hasStack ? verdict.x3() : verdict.frame()) - HEADER - (long) FirmwareProgram.ACCESS * accesses.size() & -HEADER;
      memory.put64(list, accesses.size());
      write(memory, list + HEADER, accesses);
      return verdict.behind(list);
    } finally {
      accesses.clear();
    }
  }

  /** Writes a list as the program reads it. */
  static void write(EfiRam memory, long list, List<EfiAccess> accesses) {
    long at = list;
    for (EfiAccess access : accesses) {
      memory.put64(at, Integer.toUnsignedLong(access.size()) << 32 | access.kind().ordinal());
      memory.put64(at + 8, access.address());
      memory.put64(at + 16, access.value());
      for (int i = 0; i < access.others().length; i++) {
        memory.put64(at + 24 + 8L * i, access.others()[i]);
      }
      at += FirmwareProgram.ACCESS;
    }
  }
}
