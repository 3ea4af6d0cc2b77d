// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.platform.api.AddressWindow;

/**
 * A window that a model has claimed.
 *
 * @param range    where it is
 * @param index    number in the node's {@code reg}; -1 for another one
 * @param messages null if it takes none
 */
public record ClaimedWindow(AddressWindow range, int index, AccessRule rule, MmioHandler handler, MessageInput messages) {
  /**
   * What is left of it where a model's windows are in each other, as a bridge's registers in what it passes on, or the other way
   * round: the inner one has its bytes. Itself if none is in it.
   */
  public List<ClaimedWindow> without(Collection<ClaimedWindow> others) {
    List<AddressWindow> holes = others.stream().map(ClaimedWindow::range).filter(this::holds)
        .sorted((a, b) -> Long.compareUnsigned(a.base(), b.base())).toList();
    if (holes.isEmpty()) {
      return List.of(this);
    }
    List<ClaimedWindow> pieces = new ArrayList<>();
    long at = range.base();
    for (AddressWindow hole : holes) {
      add(pieces, at, hole.base());
      at = Long.compareUnsigned(hole.end(), at) > 0 ? hole.end() : at;
    }
    add(pieces, at, range.end());
    return pieces;
  }

  private boolean holds(AddressWindow other) {
    return !other.equals(range) && Long.compareUnsigned(other.base() - range.base(), range.size()) < 0
        && Long.compareUnsigned(other.size(), range.size() - (other.base() - range.base())) <= 0;
  }

  private void add(List<ClaimedWindow> pieces, long from, long to) {
    if (Long.compareUnsigned(from, to) < 0) {
      pieces.add(new ClaimedWindow(new AddressWindow(from, to - from), index, rule, behind(from - range.base()),
          messages == null ? null : (device, offset, width, value) -> messages.message(device, from - range.base() + offset, width,
              value)));
    }
  }

  private MmioHandler behind(long start) {
    return start == 0 ? handler : new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return handler.read(start + offset, size);
      }

      @Override
      public void write(long offset, int size, long value) {
        handler.write(start + offset, size, value);
      }
    };
  }
}
