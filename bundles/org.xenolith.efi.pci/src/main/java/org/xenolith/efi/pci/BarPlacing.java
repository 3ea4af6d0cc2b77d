// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/**
 * Gives base addresses to what was found (PCI Local Bus 3.0, 6.2.5.1), and windows to bridges (PCI-to-PCI Bridge 1.2, 3.2.5): in the order of the
 * table, where what is behind a bridge follows it. Arguments: root bridge, table.
 */
final class BarPlacing {
  private static final int COMMAND = 4;
  /** A bridge passes I/O, memory and what masters behind it want. */
  private static final long PASS_ON = 7;
  private static final int BAR = 0x10;
  private static final int IO_WINDOW = 0x1C;
  private static final int MEMORY_WINDOW = 0x20;
  private static final int PREFETCHABLE_WINDOW = 0x24;
  private static final int PREFETCHABLE_BASE = 0x28;
  private static final int PREFETCHABLE_LIMIT = 0x2C;
  /** Of the register of a prefetchable window: which addresses it has; 1: of 64 bits. */
  private static final long WINDOW_TYPE = 15;
  private static final long WIDE_WINDOW = 1;
  /** Of a BAR's register: what is read ahead does no harm. */
  private static final long PREFETCHABLE = 8;
  private static final long ONES = 0xFFFF_FFFFL;
  private static final long MEBIBYTE = 1 << 20;
  private static final long IO_STEP = 4096;
  /** A window whose base is above its limit passes nothing on. */
  private static final long CLOSED = 0xFFF0;
  // Numbers of the call: the entry, its BAR, room, the bridge whose window is open, the BAR's lower and upper half.
  private static final int INDEX = 0;
  private static final int NUMBER = 1;
  private static final int ROOM = 2;
  private static final int OPEN = 3;
  private static final int LOW = 4;
  private static final int HIGH = 5;

  private BarPlacing() {}

  static EfiStep next(Call call) {
    EfiRam memory = call.firmware().memory();
    long root = call.argument(0);
    long table = call.argument(1);
    if (call.step() == 0) {
      call.set(ROOM, call.room(16));
      return new EfiStep.Go(1);
    }
    long room = call.get(ROOM);
    long bar = call.get(NUMBER);
    if (call.step() > 2 && call.step() < 20 && call.result() != 0) {
      return EfiStep.done(call.result());
    }
    long open = call.get(OPEN);
    boolean closing = open != 0 && memory.get32(FunctionTable.entry(table, open - 1) + FunctionTable.END) <= call.get(INDEX);
    if (call.step() == 1 && !closing && call.get(INDEX) == FunctionTable.count(memory, table)) {
      return EfiStep.done();
    }
    long entry = FunctionTable.entry(table, closing && (call.step() == 1 || call.step() > 8) ? open - 1 : call.get(INDEX));
    long address = memory.get32(entry + FunctionTable.ADDRESS);
    switch (call.step()) {
      case 1 -> {
        return closing ? FunctionTable.write(call, 9, root, address, MEMORY_WINDOW, window(memory, table, entry), room) : new EfiStep.Go(2);
      }
      case 2 -> {
        return bar >= bars(memory, entry) ? finish(call, entry, address) : FunctionTable.write(call, 3, root, address, BAR + 4 * (int) bar,
            ONES,
            room);
      }
      case 3 -> {
        return FunctionTable.read(call, 4, root, address, BAR + 4 * (int) bar, 1, room);
      }
      case 4 -> {
        call.set(LOW, memory.get32(room));
        call.set(HIGH, ONES);
        if (call.get(LOW) == 0) {
          call.set(NUMBER, bar + 1);
          return new EfiStep.Go(2);
        }
        return is64(call) ? FunctionTable.write(call, 5, root, address, BAR + 4 + 4 * (int) bar, ONES, room) : place(call, entry, address);
      }
      case 5 -> {
        return FunctionTable.read(call, 6, root, address, BAR + 4 + 4 * (int) bar, 1, room);
      }
      case 6 -> {
        call.set(HIGH, memory.get32(room));
        return place(call, entry, address);
      }
      case 7 -> {
        return is64(call) ? FunctionTable.write(call, 8, root, address, BAR + 4 + 4 * (int) bar, memory.get64(bar(entry, bar)) >>> 32, room)
            : over(call, bar + 1);
      }
      case 8 -> {
        return over(call, bar + 2);
      }
      case 9 -> {
        return FunctionTable.write(call, 13, root, address, PREFETCHABLE_WINDOW, prefetchable(memory, table, entry), room);
      }
      case 13 -> {
        return FunctionTable.write(call, 14, root, address, PREFETCHABLE_BASE, memory.get64(entry + FunctionTable.WINDOW_PREFETCHABLE)
            >>> 32, room);
      }
      case 14 -> {
        long last = Math.max(memory.get64(table + FunctionTable.MEMORY_64) - 1, 0);
        return FunctionTable.write(call, 10, root, address, PREFETCHABLE_LIMIT, last >>> 32, room);
      }
      case 15 -> {
        return begin(call, entry);
      }
      case 10 -> {
        return FunctionTable.write(call, 11, root, address, IO_WINDOW, ioWindow(memory, table, entry), room);
      }
      case 11 -> {
        return FunctionTable.write(call, 12, root, address, COMMAND, PASS_ON, room);
      }
      default -> {
        call.set(OPEN, memory.get32(entry + FunctionTable.PARENT));
        return new EfiStep.Go(1);
      }
    }
  }

  private static EfiStep over(Call call, long bar) {
    call.set(NUMBER, bar);
    return new EfiStep.Go(2);
  }

  private static boolean is64(Call call) {
    return (call.get(LOW) & 7) == 4;
  }

  private static long bar(long entry, long bar) {
    return entry + FunctionTable.BARS + 16 * bar;
  }

  private static int bars(EfiRam memory, long entry) {
    return switch ((int) memory.get32(entry + FunctionTable.HEADER)) {
      case 0 -> 6;
      case 1 -> 2;
      default -> 0;
    };
  }

  /** All BARs of a function are placed: of a bridge it is asked which addresses its prefetchable window has. */
  private static EfiStep finish(Call call, long entry, long address) {
    if (call.firmware().memory().get32(entry + FunctionTable.SECONDARY) != 0) {
      return FunctionTable.read(call, 15, call.argument(0), address, PREFETCHABLE_WINDOW, 1, call.get(ROOM));
    }
    return following(call);
  }

  private static EfiStep following(Call call) {
    call.set(INDEX, call.get(INDEX) + 1);
    call.set(NUMBER, 0);
    return new EfiStep.Go(1);
  }

  /** A bridge's windows begin. */
  private static EfiStep begin(Call call, long entry) {
    EfiRam memory = call.firmware().memory();
    long table = call.argument(1);
    memory.put64(entry + FunctionTable.WINDOW_MEMORY, align(memory, table + FunctionTable.MEMORY_32, MEBIBYTE));
    memory.put64(entry + FunctionTable.WINDOW_PREFETCHABLE, align(memory, table + FunctionTable.MEMORY_64, MEBIBYTE));
    memory.put64(entry + FunctionTable.WINDOW_IO, align(memory, table + FunctionTable.IO, IO_STEP));
    boolean wide = (memory.get32(call.get(ROOM)) & WINDOW_TYPE) == WIDE_WINDOW && passesWide(memory, table, call.get(OPEN));
    memory.put32(entry + FunctionTable.WIDE, wide ? 1 : 0);
    call.set(OPEN, call.get(INDEX) + 1);
    return following(call);
  }

  /** Whether prefetchable memory above 4 GiB is passed on by a bridge and those in front of it. @param bridge its number from 1; 0: none */
  private static boolean passesWide(EfiRam memory, long table, long bridge) {
    return bridge == 0 || memory.get32(FunctionTable.entry(table, bridge - 1) + FunctionTable.WIDE) != 0;
  }

  /** Moves the next address of a kind up; what it is then. */
  private static long align(EfiRam memory, long at, long step) {
    long next = memory.get64(at) + step - 1 & -step;
    memory.put64(at, next);
    return next;
  }

  private static long window(EfiRam memory, long table, long entry) {
    return window(memory.get64(entry + FunctionTable.WINDOW_MEMORY), align(memory, table + FunctionTable.MEMORY_32, MEBIBYTE));
  }

  private static long prefetchable(EfiRam memory, long table, long entry) {
    return window(memory.get64(entry + FunctionTable.WINDOW_PREFETCHABLE), align(memory, table + FunctionTable.MEMORY_64, MEBIBYTE));
  }

  private static long window(long first, long end) {
    return first == end ? CLOSED : first >>> 16 & 0xFFF0 | (end - 1 >>> 16 & 0xFFF0) << 16;
  }

  private static long ioWindow(EfiRam memory, long table, long entry) {
    long first = memory.get64(entry + FunctionTable.WINDOW_IO);
    long end = align(memory, table + FunctionTable.IO, IO_STEP);
    return first == end ? 0xF0 : first >>> 8 & 0xF0 | end - 1 & 0xF000;
  }

  /** Takes room of one kind; 0 if there is none. */
  private static long take(EfiRam memory, long at, long size) {
    long first = memory.get64(at) + size - 1 & -size;
    if (size <= 0 || first < memory.get64(at) || first + size > memory.get64(at + 8) || first + size < 0) {
      return 0;
    }
    memory.put64(at, first + size);
    return first;
  }

  private static EfiStep place(Call call, long entry, long address) {
    EfiRam memory = call.firmware().memory();
    long table = call.argument(1);
    boolean io = (call.get(LOW) & 1) != 0;
    long mask = call.get(LOW) & (io ? ~3L : ~15L);
    long bits = is64(call) ? call.get(HIGH) << 32 | mask : io && mask >>> 16 == 0 ? 0xFFFF_FFFF_FFFF_0000L | mask
        : 0xFFFF_FFFF_0000_0000L | mask;
    long size = -bits;
    long first = take(memory, table + (io ? FunctionTable.IO : FunctionTable.MEMORY_32), size);
    boolean passed = call.get(OPEN) == 0 || (call.get(LOW) & PREFETCHABLE) != 0 && passesWide(memory, table, call.get(OPEN));
    if (first == 0 && is64(call) && passed) {
      first = take(memory, table + FunctionTable.MEMORY_64, size);
    }
    if (first == 0) {
      call.firmware().report("PCI: 0x%x bytes for BAR %d of %02x:%02x.%x find no room".formatted(size, call.get(NUMBER), address >>> 8,
          address >>> 3 & 31, address & 7));
    } else {
      memory.put64(bar(entry, call.get(NUMBER)), first);
      memory.put64(bar(entry, call.get(NUMBER)) + 8, Bar.number(size, call.get(LOW)));
    }
    return FunctionTable.write(call, 7, call.argument(0), address, BAR + 4 * (int) call.get(NUMBER), first, call.get(ROOM));
  }
}
