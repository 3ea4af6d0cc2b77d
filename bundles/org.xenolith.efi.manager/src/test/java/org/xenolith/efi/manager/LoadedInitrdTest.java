// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import java.util.Random;
import org.xenolith.testkit.efi.LoadFile2Contract;

/** What a kernel is offered as its first root file system keeps the contract; nothing is behind the path of its handle. */
class LoadedInitrdTest extends LoadFile2Contract {
  /** More than is copied at once. */
  private static final int SIZE = (2 << 20) + 777;
  private static final byte[] PATH = {0x7F, -1, 4, 0};

  @Override
  protected Source source() {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    KernelStart start = new KernelStart(KernelStart.chosen(KernelStart.initrd(KernelStart.INITRD, SIZE)));
    start.memory.write(KernelStart.INITRD, bytes);
    return new Source(start.running().firmware, start.loadFile(), PATH, bytes);
  }
}
