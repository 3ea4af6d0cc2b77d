// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.net.api.FrameSink;

/** Keeps what arrives. */
final class Receiver implements FrameSink {
  final List<byte[]> frames = new ArrayList<>();
  final List<Integer> offloads = new ArrayList<>();
  Runnable then = () -> {};
  private final int takes;

  Receiver(int takes) {
    this.takes = takes;
  }

  @Override
  public void frame(byte[] bytes, int offset, int length, int offload, int segment) {
    frames.add(Arrays.copyOfRange(bytes, offset, offset + length));
    offloads.add(offload);
    then.run();
  }

  @Override
  public int offloads() {
    return takes;
  }

  /** The only frame since the last call. */
  byte[] only() {
    if (frames.size() != 1) {
      throw new AssertionError("expected one frame, got " + frames.size());
    }
    offloads.clear();
    return frames.removeFirst();
  }
}
