// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.bench.TestBed.GuestFiles;

/** The command lines that boot one guest on bare metal, ours and QEMU's. */
record GuestLines(List<String> ours, List<String> peer) {
  /**
   * Makes them.
   *
   * @param memory MiB
   * @param words  the guest's command line
   */
  static GuestLines of(TestBed bed, GuestFiles guest, int memory, Path tree, String words) throws IOException, InterruptedException {
    return new GuestLines(bed.ours(tree, "--kernel", guest.kernel(), "--initrd", guest.initrd(), "--append", words),
        bed.qemu(memory, false, tree, "-kernel", guest.kernel(), "-initrd", guest.initrd(), "-append", words));
  }

  /** Boots it on one side, until it powers off. */
  EmulatorRun toItsEnd(boolean isOurs) throws IOException, InterruptedException {
    return EmulatorRun.toItsEnd(isOurs ? ours : peer, TestBed.MARKER);
  }
}
