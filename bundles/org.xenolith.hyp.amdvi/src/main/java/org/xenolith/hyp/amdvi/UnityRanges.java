// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.firmware.kit.UnityRange;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.hyp.pci.kit.StreamAttachments.Attachment;
import org.xenolith.regs.StateMismatch;
import org.xenolith.xen.abi.XenErrno;

/**
 * Memory that firmware has for devices, at its own addresses in the tables of the domain that has one of them: from when the domain has the first
 * until it has none (48882, 5.2.2.3). What a domain had there by itself at the same address stays.
 */
final class UnityRanges {
  private static final int RECORD = 4 + 8 + 8;
  private static final int PAGE_BITS = 12;

  private final List<UnityRange> ranges;
  private final StreamAttachments attachments;
  private final P2mPort p2m;
  private final FrameHeap heap;
  private final List<Mapped> mapped = new ArrayList<>();

  /** Frames that were mapped for a domain. @param serial the domain's */
  private record Mapped(int serial, long first, long count) {}

  UnityRanges(List<UnityRange> ranges, StreamAttachments attachments, P2mPort p2m, FrameHeap heap) {
    this.ranges = ranges;
    this.attachments = attachments;
    this.p2m = p2m;
    this.heap = heap;
  }

  /** Nobody is given RAM that firmware has for devices. */
  void reserve() {
    ranges.forEach(range -> {
      for (long frame = first(range); frame < first(range) + count(range); frame++) {
        heap.allocateAt(FrameHeap.HYPERVISOR, frame, 1);
      }
    });
  }

  private static long first(UnityRange range) {
    return range.base() >>> PAGE_BITS;
  }

  private static long count(UnityRange range) {
    return range.size() >>> PAGE_BITS;
  }

  /**
   * A stream is about to be a domain's.
   *
   * @return 0, or -EBUSY if the domain has something else at such an address, or what mapping gives; then nothing was mapped
   */
  int open(long stream, Domain domain) {
    int before = mapped.size();
    for (UnityRange range : ranges) {
      if (range.isOf(stream)) {
        int error = map(range, domain);
        if (error != 0) {
          while (mapped.size() > before) {
            Mapped last = mapped.removeLast();
            p2m.unmap(domain, last.first, last.count);
          }
          return error;
        }
      }
    }
    return 0;
  }

  private int map(UnityRange range, Domain domain) {
    long first = first(range);
    for (long frame = first; frame < first + count(range); frame++) {
      if (has(domain.serial(), frame)) {
        continue;
      }
      PageType type = p2m.type(domain, frame);
      boolean same = type == PageType.DEVICE ? domain.directMapped()
          : type != PageType.NONE && p2m.translate(domain, frame << PAGE_BITS, range.writable()) == frame << PAGE_BITS;
      if (type != PageType.NONE && !same) {
        return -XenErrno.XEN_EBUSY;
      }
      int error = same ? 0 : p2m.map(domain, frame, frame, 1, range.writable() ? PageType.DEVICE : PageType.RAM_READ_ONLY);
      if (error != 0) {
        return error;
      }
      if (!same) {
        mapped.add(new Mapped(domain.serial(), frame, 1));
      }
    }
    return 0;
  }

  private boolean has(int serial, long frame) {
    return mapped.stream().anyMatch(each -> each.serial == serial && each.first == frame);
  }

  /** A stream is a domain's no longer: what was mapped for it alone goes. @param domain null if it is gone with all its tables */
  void close(int serial, Domain domain) {
    for (Mapped each : List.copyOf(mapped)) {
      if (each.serial == serial && !needed(each)) {
        mapped.remove(each);
        if (domain != null) {
          p2m.unmap(domain, each.first, each.count);
        }
      }
    }
  }

  /** Whether a stream that the domain still has is one of those. */
  private boolean needed(Mapped frames) {
    for (Attachment attached : attachments.copy()) {
      for (UnityRange range : ranges) {
        if (attached.serial() == frames.serial && range.isOf(attached.stream()) && frames.first >= first(range)
            && frames.first < first(range) + count(range)) {
          return true;
        }
      }
    }
    return false;
  }

  // ---- State

  void clear() {
    mapped.clear();
  }

  byte[] save() {
    ByteBuffer bytes = ByteBuffer.allocate(mapped.size() * RECORD);
    mapped.forEach(each -> bytes.putInt(each.serial).putLong(each.first).putLong(each.count));
    return bytes.array();
  }

  void restore(byte[] saved) {
    if (saved.length % RECORD != 0) {
      throw new StateMismatch("unity ranges: " + saved.length + " bytes, expected a multiple of " + RECORD);
    }
    mapped.clear();
    ByteBuffer bytes = ByteBuffer.wrap(saved);
    while (bytes.hasRemaining()) {
      mapped.add(new Mapped(bytes.getInt(), bytes.getLong(), bytes.getLong()));
    }
  }
}
