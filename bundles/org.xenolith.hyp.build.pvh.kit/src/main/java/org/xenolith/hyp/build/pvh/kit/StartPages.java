// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.lang.foreign.ValueLayout;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.pvh.codec.PvhKernel;

/** Copies what a domain's kernel finds in memory when it begins, and points the first virtual CPU at it. */
public final class StartPages {
  private static final long PAGE = 4096;
  private static final int CHUNK = 1 << 20;

  private final NewDomain made;

  /** Those of a domain whose memory is populated. */
  public StartPages(NewDomain made) {
    this.made = made;
  }

  /** The first address of a page that isn't below one. */
  public static long up(long address) {
    return address + PAGE - 1 & -PAGE;
  }

  /** Copies a kernel where it is linked. A segment has zeros behind its bytes; memory is zero already. */
  public void kernel(PvhKernel kernel) {
    kernel.segments().forEach(this::copy);
  }

  private void copy(PvhKernel.Segment segment) {
    long size = segment.bytes().byteSize();
    for (long done = 0; done < size; done += CHUNK) {
      long part = Math.min(CHUNK, size - done);
      made.copy(segment.address() + done, segment.bytes().asSlice(done, part).toArray(ValueLayout.JAVA_BYTE), "kernel");
    }
  }

  /** Copies a start_info and what it names, and has the first virtual CPU begin with it. */
  public void start(PvhKernel kernel, StartData data) {
    made.copy(data.address(), data.bytes(), "start_info");
    made.domain().vcpu(0).powerOn(kernel.entry(), data.startInfo());
  }

  /** What the domain has in memory; zeros where it has none. */
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    made.domain().memory().read(address, bytes, 0, length);
    return bytes;
  }
}
