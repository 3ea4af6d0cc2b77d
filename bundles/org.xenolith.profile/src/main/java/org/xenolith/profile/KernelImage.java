package org.xenolith.profile;

import java.util.Arrays;
import org.xenolith.cpu.arch.GuestView;

/** The memory around a kernel's code as it is mapped where the kernel runs. */
final class KernelImage {
  private static final int PAGE = 4096;
  /** Pages each way: 64 MiB, twice a distribution's kernel. */
  private static final int MOST = 16_384;
  private static final int LEVEL = 1;

  private KernelImage() { }

  /**
   * Copies what is mapped around an address without a gap.
   *
   * @param pc where EL1 executes
   */
  static byte[] around(GuestView view, long pc) {
    long page = pc & -PAGE;
    int before = 0;
    while (before < MOST && view.physical(page - (before + 1L) * PAGE, LEVEL) != -1) {
      before++;
    }
    byte[] image = new byte[2 * MOST * PAGE];
    long first = page - (long) before * PAGE;
    int pages = 0;
    for (byte[] bytes; pages < 2 * MOST && (bytes = view.bytes(first + (long) pages * PAGE, LEVEL, PAGE)) != null; pages++) {
      System.arraycopy(bytes, 0, image, pages * PAGE, PAGE);
    }
    return Arrays.copyOf(image, pages * PAGE);
  }
}
