// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import java.util.EnumSet;
import java.util.Set;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.OnError;

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
  /** Numbers of the call: the entry, its BAR, memory for a register, the bridge whose window is open, the BAR's lower and upper half. */
  private enum Slot {
    INDEX, NUMBER, ROOM, OPEN, LOW, HIGH
  }

  /** Steps, each with what it does if the access before it has failed. Their order is that of the record; how they follow each other is said by them. */
  private enum Step {
    BEGIN(OnError.IGNORE),
    /** The next entry; or the windows are closed of the bridge that it isn't behind any more, from that for memory on. */
    CHOOSE(OnError.IGNORE),
    /** A BAR: which of its bits can be written, of a wide one in both halves; then it has an address, of a wide one in both halves. */
    SIZE_BAR(OnError.IGNORE), READ_SIZE(OnError.FAIL), SEE_SIZE(OnError.FAIL), READ_UPPER_SIZE(OnError.FAIL), SEE_UPPER_SIZE(
        OnError.FAIL), WRITE_UPPER_ADDRESS(OnError.FAIL), WIDE_PLACED(OnError.FAIL),
    /** Behind the window for memory that for prefetchable memory. */
    CLOSE_PREFETCHABLE(OnError.FAIL),
    /** Behind the limit of that. */
    CLOSE_IO(OnError.FAIL), PASS_ON(OnError.FAIL), CLOSED(OnError.FAIL),
    /** Behind {@link #CLOSE_PREFETCHABLE}: upper halves. */
    CLOSE_PREFETCHABLE_BASE(OnError.FAIL), CLOSE_PREFETCHABLE_LIMIT(OnError.FAIL),
    /** A bridge's BARs are placed, and it is known which addresses its window has: what is behind it comes next. */
    OPEN_WINDOWS(OnError.FAIL);

    private static final Step[] ALL = values();
    private static final Set<Step> OF_A_BRIDGE = EnumSet.of(CHOOSE, CLOSE_PREFETCHABLE, CLOSE_PREFETCHABLE_BASE, CLOSE_PREFETCHABLE_LIMIT,
        CLOSE_IO, PASS_ON, CLOSED);
    private final OnError onError;

    Step(OnError onError) {
      this.onError = onError;
    }
  }

  private BarPlacing() {}

  static EfiStep next(Call call) {
    EfiRam memory = call.firmware().memory();
    long root = call.argument(0);
    long table = call.argument(1);
    Step step = call.step(Step.ALL);
    if (step == Step.BEGIN) {
      call.set(Slot.ROOM, call.room(16));
      return new EfiStep.Go(Step.CHOOSE);
    }
    long room = call.get(Slot.ROOM);
    long bar = call.get(Slot.NUMBER);
    if (call.result() != 0 && step.onError == OnError.FAIL) {
      return EfiStep.done(call.result());
    }
    long open = call.get(Slot.OPEN);
    boolean closing = open != 0 && memory.get32(FunctionTable.entry(table, open - 1) + FunctionTable.END) <= call.get(Slot.INDEX);
    if (step == Step.CHOOSE && !closing && call.get(Slot.INDEX) == FunctionTable.count(memory, table)) {
      return EfiStep.done();
    }
    long entry = FunctionTable.entry(table, closing && Step.OF_A_BRIDGE.contains(step) ? open - 1 : call.get(Slot.INDEX));
    long address = memory.get32(entry + FunctionTable.ADDRESS);
    switch (step) {
      case CHOOSE -> {
        return closing ? FunctionTable.write(call, Step.CLOSE_PREFETCHABLE, root, address, MEMORY_WINDOW, window(memory, table, entry),
            room) : new EfiStep.Go(Step.SIZE_BAR);
      }
      case SIZE_BAR -> {
        return bar >= bars(memory, entry) ? finish(call, entry, address) : FunctionTable.write(call, Step.READ_SIZE, root, address, BAR + 4
            * (int) bar,
            ONES,
            room);
      }
      case READ_SIZE -> {
        return FunctionTable.read(call, Step.SEE_SIZE, root, address, BAR + 4 * (int) bar, 1, room);
      }
      case SEE_SIZE -> {
        call.set(Slot.LOW, memory.get32(room));
        call.set(Slot.HIGH, ONES);
        if (call.get(Slot.LOW) == 0) {
          call.set(Slot.NUMBER, bar + 1);
          return new EfiStep.Go(Step.SIZE_BAR);
        }
        return is64(call) ? FunctionTable.write(call, Step.READ_UPPER_SIZE, root, address, BAR + 4 + 4 * (int) bar, ONES, room) : place(
            call, entry, address);
      }
      case READ_UPPER_SIZE -> {
        return FunctionTable.read(call, Step.SEE_UPPER_SIZE, root, address, BAR + 4 + 4 * (int) bar, 1, room);
      }
      case SEE_UPPER_SIZE -> {
        call.set(Slot.HIGH, memory.get32(room));
        return place(call, entry, address);
      }
      case WRITE_UPPER_ADDRESS -> {
        return is64(call) ? FunctionTable.write(call, Step.WIDE_PLACED, root, address, BAR + 4 + 4 * (int) bar, memory.get64(bar(entry,
            bar)) >>> 32, room)
            : over(call, bar + 1);
      }
      case WIDE_PLACED -> {
        return over(call, bar + 2);
      }
      case CLOSE_PREFETCHABLE -> {
        return FunctionTable.write(call, Step.CLOSE_PREFETCHABLE_BASE, root, address, PREFETCHABLE_WINDOW, prefetchable(memory, table,
            entry), room);
      }
      case CLOSE_PREFETCHABLE_BASE -> {
        return FunctionTable.write(call, Step.CLOSE_PREFETCHABLE_LIMIT, root, address, PREFETCHABLE_BASE, memory.get64(entry
            + FunctionTable.WINDOW_PREFETCHABLE)
            >>> 32, room);
      }
      case CLOSE_PREFETCHABLE_LIMIT -> {
        long last = Math.max(memory.get64(table + FunctionTable.MEMORY_64) - 1, 0);
        return FunctionTable.write(call, Step.CLOSE_IO, root, address, PREFETCHABLE_LIMIT, last >>> 32, room);
      }
      case OPEN_WINDOWS -> {
        return begin(call, entry);
      }
      case CLOSE_IO -> {
        return FunctionTable.write(call, Step.PASS_ON, root, address, IO_WINDOW, ioWindow(memory, table, entry), room);
      }
      case PASS_ON -> {
        return FunctionTable.write(call, Step.CLOSED, root, address, COMMAND, PASS_ON, room);
      }
      default -> {
        call.set(Slot.OPEN, memory.get32(entry + FunctionTable.PARENT));
        return new EfiStep.Go(Step.CHOOSE);
      }
    }
  }

  private static EfiStep over(Call call, long bar) {
    call.set(Slot.NUMBER, bar);
    return new EfiStep.Go(Step.SIZE_BAR);
  }

  private static boolean is64(Call call) {
    return (call.get(Slot.LOW) & 7) == 4;
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
      return FunctionTable.read(call, Step.OPEN_WINDOWS, call.argument(0), address, PREFETCHABLE_WINDOW, 1, call.get(Slot.ROOM));
    }
    return following(call);
  }

  private static EfiStep following(Call call) {
    call.set(Slot.INDEX, call.get(Slot.INDEX) + 1);
    call.set(Slot.NUMBER, 0);
    return new EfiStep.Go(Step.CHOOSE);
  }

  /** A bridge's windows begin. */
  private static EfiStep begin(Call call, long entry) {
    EfiRam memory = call.firmware().memory();
    long table = call.argument(1);
    memory.put64(entry + FunctionTable.WINDOW_MEMORY, align(memory, table + FunctionTable.MEMORY_32, MEBIBYTE));
    memory.put64(entry + FunctionTable.WINDOW_PREFETCHABLE, align(memory, table + FunctionTable.MEMORY_64, MEBIBYTE));
    memory.put64(entry + FunctionTable.WINDOW_IO, align(memory, table + FunctionTable.IO, IO_STEP));
    boolean wide = (memory.get32(call.get(Slot.ROOM)) & WINDOW_TYPE) == WIDE_WINDOW && passesWide(memory, table, call.get(Slot.OPEN));
    memory.put32(entry + FunctionTable.WIDE, wide ? 1 : 0);
    call.set(Slot.OPEN, call.get(Slot.INDEX) + 1);
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
    boolean io = (call.get(Slot.LOW) & 1) != 0;
    long mask = call.get(Slot.LOW) & (io ? ~3L : ~15L);
    long bits = is64(call) ? call.get(Slot.HIGH) << 32 | mask : io && mask >>> 16 == 0 ? 0xFFFF_FFFF_FFFF_0000L | mask
        : 0xFFFF_FFFF_0000_0000L | mask;
    long size = -bits;
    long first = take(memory, table + (io ? FunctionTable.IO : FunctionTable.MEMORY_32), size);
    boolean passed = call.get(Slot.OPEN) == 0 || (call.get(Slot.LOW) & PREFETCHABLE) != 0 && passesWide(memory, table, call.get(Slot.OPEN));
    if (first == 0 && is64(call) && passed) {
      first = take(memory, table + FunctionTable.MEMORY_64, size);
    }
    if (first == 0) {
      call.firmware().report("PCI: 0x%x bytes for BAR %d of %02x:%02x.%x find no room".formatted(size, call.get(Slot.NUMBER), address >>> 8,
          address >>> 3 & 31, address & 7));
    } else {
      memory.put64(bar(entry, call.get(Slot.NUMBER)), first);
      memory.put64(bar(entry, call.get(Slot.NUMBER)) + 8, Bar.number(size, call.get(Slot.LOW)));
    }
    return FunctionTable.write(call, Step.WRITE_UPPER_ADDRESS, call.argument(0), address, BAR + 4 * (int) call.get(Slot.NUMBER), first, call
        .get(Slot.ROOM));
  }
}
