// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import org.xenolith.cpu.arch.GuestView;

/** The memory around a kernel's code as it is mapped where the kernel runs. */
final class KernelImage {
  private static final int PAGE = 4096;
  /** Pages each way: 64 MiB, twice a distribution's kernel. */
  private static final int MOST = 16_384;
  private static final int LEVEL = 1;

  private KernelImage() {}

  /**
   * Copies what is mapped around an address without a gap; zeros for what isn't RAM.
   *
   * @param pc where EL1 executes
   */
  static byte[] around(GuestView view, long pc) {
    long page = pc & -PAGE;
    int before = 0;
    while (before < MOST && view.physical(page - (before + 1L) * PAGE, LEVEL) != -1) {
      before++;
    }
    int after = 1;
    while (after < MOST && view.physical(page + (long) after * PAGE, LEVEL) != -1) {
      after++;
    }
    byte[] image = new byte[(before + after) * PAGE];
    long first = page - (long) before * PAGE;
    for (int at = 0; at < image.length; at += PAGE) {
      byte[] bytes = view.bytes(first + at, LEVEL, PAGE);
      if (bytes != null) {
        System.arraycopy(bytes, 0, image, at, PAGE);
      }
    }
    return image;
  }
}
