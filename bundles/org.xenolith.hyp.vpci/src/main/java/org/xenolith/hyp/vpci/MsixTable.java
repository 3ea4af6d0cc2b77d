// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.nio.ByteBuffer;
import org.xenolith.hyp.api.MessageTranslation.Message;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.StateMismatch;

/**
 * MSI-X of a guest's function (PCI Express Base Specification 5.0, 7.7.2). The pages of the table and of the pending bits aren't
 * mapped; accesses come here. An entry reaches the hardware's table if it leads to the guest's doorbell, else the hardware's is
 * masked.
 */
final class MsixTable {
  private static final int ENABLE = 1 << 15;
  private static final int CHOSEN = 3 << 14;
  private static final int COUNT = 0x7FF;
  private static final int BAR = 7;
  private static final int ENTRY = 16;
  private static final int MASKED = 1;
  private static final long LOW = 0xFFFF_FFFFL;

  private final MessagingFunction function;
  private final LongCell place;
  private final LongCell count;
  /** Offset in a BAR, with the BAR's number in the low bits; so the register has it. */
  private final LongCell table;
  private final LongCell pending;
  private final LongCell control;
  /** As the guest wrote them: address, its upper half, data, control. */
  private int[] entries = {};
  /** Guest addresses of trapped pages and their bytes; 0 bytes while the decoder is off. */
  private long tablePages;
  private long tableBytes;
  private long pendingPages;
  private long pendingBytes;

  MsixTable(MessagingFunction function) {
    this.function = function;
    place = function.state().cell("msix", 0);
    count = function.state().cell("msix-count", 0);
    table = function.state().cell("msix-table", 0);
    pending = function.state().cell("msix-pending", 0);
    control = function.state().cell("msix-control", 0);
    function.state().varying("msix-entries", () -> entries = new int[0], this::save, this::restore);
    GuestFunctionRegisters.msix(function.state(), () -> entries.length, word -> entries[word] & LOW);
  }

  private byte[] save() {
    ByteBuffer bytes = ByteBuffer.allocate(4 * entries.length);
    bytes.asIntBuffer().put(entries);
    return bytes.array();
  }

  private void restore(byte[] saved) {
    if (saved.length % ENTRY != 0) {
      throw new StateMismatch("msix-entries: " + saved.length + " bytes, expected a multiple of " + ENTRY);
    }
    entries = new int[saved.length / 4];
    ByteBuffer.wrap(saved).asIntBuffer().get(entries);
  }

  // ---- life

  /** Where the capability is; 0 if there is none. */
  int place() {
    return (int) place.value;
  }

  /** There is the capability. */
  void begin(int offset) {
    place.value = offset;
    count.value = (function.hardware(offset + 2, 2) & COUNT) + 1;
    table.value = function.hardware(offset + 4, 4) & LOW;
    pending.value = function.hardware(offset + 8, 4) & LOW;
  }

  /** Capabilities and BARs are known. */
  void begin() {
    entries = new int[4 * (int) count.value];
    clear();
  }

  /** The guest's registers are as after power-on. */
  void clear() {
    control.value = 0;
    for (int i = 0; i < entries.length; i++) {
      entries[i] = i % 4 == 3 ? MASKED : 0;
    }
  }

  /** The hardware sends none. */
  void off() {
    if (place.value != 0) {
      function.hardware((int) place.value + 2, 2, 0);
    }
  }

  boolean enabled() {
    return (control.value & ENABLE) != 0;
  }

  /** The guest writes the capability. */
  void control(int field, int value, int lanes) {
    if (field == 0 && lanes >>> 16 != 0) {
      int next = (int) control.value << 16 & ~lanes | value & lanes;
      control.value = next >>> 16 & CHOSEN;
      function.hardware((int) place.value + 2, 2, (int) control.value);
    }
  }

  // ---- pages

  private int tableBar() {
    return (int) table.value & BAR;
  }

  private int pendingBar() {
    return (int) pending.value & BAR;
  }

  private long tableOffset() {
    return table.value & ~BAR;
  }

  private long tableEnd() {
    return tableOffset() + ENTRY * count.value;
  }

  private long pendingEnd() {
    return (pending.value & ~BAR) + (count.value + 63) / 64 * 8;
  }

  /** BARs were mapped or unmapped. */
  void moved() {
    tableBytes = 0;
    pendingBytes = 0;
    if (place.value != 0) {
      if (function.barMapped(tableBar())) {
        long base = function.barSeen(tableBar());
        tablePages = VirtualBars.first(base + tableOffset()) << 12;
        tableBytes = (VirtualBars.end(base + tableEnd()) << 12) - tablePages;
      }
      if (function.barMapped(pendingBar())) {
        long base = function.barSeen(pendingBar());
        pendingPages = VirtualBars.first(base + (pending.value & ~BAR)) << 12;
        pendingBytes = (VirtualBars.end(base + pendingEnd()) << 12) - pendingPages;
      }
    }
  }

  boolean covers(long ipa) {
    return Long.compareUnsigned(ipa - tablePages, tableBytes) < 0 || Long.compareUnsigned(ipa - pendingPages, pendingBytes) < 0;
  }

  /** The first guest page from {@code page} on of a BAR that isn't mapped; {@code end} if all are. */
  long hole(int bar, long page, long end) {
    long first = end;
    if (place.value != 0 && bar == tableBar()) {
      first = Math.min(first, hole(bar, page, end, tableOffset(), tableEnd()));
    }
    if (place.value != 0 && bar == pendingBar()) {
      first = Math.min(first, hole(bar, page, end, pending.value & ~BAR, pendingEnd()));
    }
    return first;
  }

  private long hole(int bar, long page, long end, long from, long to) {
    long base = function.barSeen(bar);
    return VirtualBars.end(base + to) <= page ? end : Math.max(page, VirtualBars.first(base + from));
  }

  /** The page behind what is left out at a page; pages that touch are found by asking again. */
  long holeEnd(int bar, long page, long end) {
    return page >= end ? end : page + 1;
  }

  // ---- accesses of the guest to those pages

  private int bar(long ipa) {
    return Long.compareUnsigned(ipa - tablePages, tableBytes) < 0 ? tableBar() : pendingBar();
  }

  /** A load of 1, 2, 4 or 8 bytes, naturally aligned. */
  long read(long ipa, int size) {
    int bar = bar(ipa);
    long offset = ipa - function.barSeen(bar);
    if (offset < 0 || offset > function.barSize(bar) - size) {
      return Header.none(size);
    }
    if (inTable(bar, offset)) {
      int at = (int) (offset - tableOffset()) / 4;
      long value = size == 8 ? (long) entries[at + 1] << 32 | entries[at] & LOW : entries[at] >>> 8 * (offset & 3);
      return value & Header.none(size);
    }
    return function.around().hardware().read(function.barHost(bar) + offset, size);
  }

  /** A store of 1, 2, 4 or 8 bytes, naturally aligned. */
  void write(long ipa, int size, long value) {
    int bar = bar(ipa);
    long offset = ipa - function.barSeen(bar);
    if (offset < 0 || offset > function.barSize(bar) - size) {
      return;
    }
    if (!inTable(bar, offset)) {
      boolean pendingBits = bar == pendingBar() && offset >= (pending.value & ~BAR) && offset < pendingEnd();
      if (!pendingBits) {
        function.around().hardware().write(function.barHost(bar) + offset, size, value);
      }
      return;
    }
    int at = (int) (offset - tableOffset()) / 4;
    if (size < 4) {
      refuse(at / 4, "a store of " + size + " bytes");
      return;
    }
    set(at, (int) value);
    if (size == 8) {
      set(at + 1, (int) (value >>> 32));
    }
    settle(at / 4, function.doorbell(), true);
  }

  private boolean inTable(int bar, long offset) {
    return bar == tableBar() && offset >= tableOffset() && offset < tableEnd();
  }

  private void set(int at, int value) {
    entries[at] = switch (at & 3) {
      case 0 -> value & ~3;
      case 3 -> value & MASKED;
      default -> value;
    };
  }

  /** The hardware's memory decoder just turned on: its table becomes what the guest wrote. */
  void settle() {
    if (entries.length > 0) {
      Doorbell doorbell = function.doorbell();
      for (int i = 0; i < entries.length / 4; i++) {
        settle(i, doorbell, false);
      }
    }
  }

  private void settle(int entry, Doorbell doorbell, boolean tell) {
    long bar = function.barHost(tableBar());
    if (bar < 0 || tableEnd() > function.barSize(tableBar())) {
      return;
    }
    long hardware = bar + tableOffset() + (long) ENTRY * entry;
    int at = 4 * entry;
    long address = (long) entries[at + 1] << 32 | entries[at] & LOW;
    boolean masked = (entries[at + 3] & MASKED) != 0;
    Message message = doorbell.message(entry, address, entries[at + 2]);
    if (message != null) {
      hardware(hardware, (int) message.address(), (int) (message.address() >>> 32), message.data(), entries[at + 3]);
    } else {
      function.around().hardware().write(hardware + 12, 4, MASKED);
      if (!masked && tell) {
        refuse(entry, "it leads to 0x%x with %d, %s".formatted(address, entries[at + 2], doorbell.expected()));
      }
    }
  }

  private void hardware(long entry, int... words) {
    for (int i = 0; i < words.length; i++) {
      function.around().hardware().write(entry + 4 * i, 4, words[i] & LOW);
    }
  }

  private void refuse(int entry, String why) {
    function.refuse((int) place.value, "MSI-X entry %d stays masked: %s".formatted(entry, why));
  }
}
