// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.kit.RamImages;

/** What RAM, and the memory of windows, held at a moment, in the process' memory. */
interface KeptMemory extends AutoCloseable {
  /** Replaces the content of a machine's. */
  void into(AddressSpace space) throws IOException;

  /** Whether bytes may have been written between an earlier one of the same machine and this. */
  default boolean written(KeptMemory earlier, long address, long length) {
    return true;
  }

  @Override
  void close();

  /**
   * That of a machine that stands still: pages that the host shares until they are written, where it can; else those that were written, compressed.
   *
   * @param next whether it is one of many that follow each other soon
   */
  static KeptMemory of(AddressSpace space, boolean next) throws IOException {
    if (!RamImages.possible()) {
      return compressed(space);
    }
    try {
      return new Shared(space.images(next));
    } catch (OutOfMemoryError refused) {
      throw new IOException("its memory can't be shared: " + refused.getMessage(), refused);
    }
  }

  /** By pages that the host shares, or copies of what was written. */
  record Shared(RamImages images) implements KeptMemory {
    @Override
    public void into(AddressSpace space) throws IOException {
      try {
        space.restore(images);
      } catch (OutOfMemoryError refused) {
        throw new IOException("its memory can't be shared: " + refused.getMessage(), refused);
      }
    }

    @Override
    public boolean written(KeptMemory earlier, long address, long length) {
      return !(earlier instanceof Shared other) || images.written(other.images, address, length);
    }

    @Override
    public void close() {
      images.close();
    }
  }

  /** In the form of {@link SparseRam}. */
  static KeptMemory compressed(AddressSpace of) throws IOException {
    ByteArrayOutputStream ram = new ByteArrayOutputStream();
    SparseRam.write(of, ram);
    byte[] bytes = ram.toByteArray();
    return new KeptMemory() {
      @Override
      public void into(AddressSpace space) throws IOException {
        SparseRam.read(space, new ByteArrayInputStream(bytes), "RAM");
      }

      @Override
      public void close() {
        // Nobody refers to it any more soon.
      }
    };
  }
}
