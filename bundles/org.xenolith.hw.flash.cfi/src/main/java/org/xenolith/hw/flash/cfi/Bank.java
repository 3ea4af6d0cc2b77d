// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DirectWindow;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;

/**
 * One bank: a chip of 8 bits, or one or two of 16 side by side, which are given the same commands. The low byte of a write is the command for all of
 * them. Programming and erasing take no time. What can't last, as the disk with the contents is
 * read-only, too short or broken, fails as a locked block does. Source: Intel 290667 (28F640J3), sections 4 and 5; locks as in 306666 (P30).
 */
final class Bank implements MmioHandler {
  /** Bytes of a chip's blocks. */
  private static final long BLOCK = 128 << 10;
  /** Words of the write buffer. */
  private static final int WORDS = 32;
  /** What QEMU's {@code virt} shows: Intel, 28F128J3. */
  private static final int MANUFACTURER = 0x89;
  private static final int DEVICE = 0x18;

  private static final int READY = 0x80;
  private static final int ERASE_FAILED = 0x20;
  private static final int PROGRAM_FAILED = 0x10;
  private static final int LOCKED = 0x02;
  private static final int CONFIRMED = 0xD0;

  private static final Mode[] MODES = Mode.values();

  private final DirectWindow memory;
  private final BankDisk disk;
  private final RegisterFaults faults;
  private final int width;
  private final int chipWidth;
  private final long block;
  private final Query query;

  /** The disk whose contents the bank has. */
  private BlockDevice shown;
  private final LongCell mode;
  private final LongCell status;
  /** Blocks that are locked, a bit each. */
  private final long[] locks;
  /** Words of the buffer that are there, that are expected, where they go (their size in the low four bits) and what they are. */
  private final LongCell filled;
  private final LongCell expected;
  private final long[] places;
  private final long[] values;
  /** Where a command was given whose end is yet to come. */
  private final LongCell place;

  /** @throws ModelException if the window is no power of two that such chips fill */
  Bank(DeviceContext context, DeviceState state, int index, int width, BlockPort port) {
    this.width = width;
    chipWidth = Math.min(width, 2);
    faults = context.faults();
    memory = context.bus().direct(index, 0xFF, AccessRule.UP_TO_WORD, this);
    disk = new BankDisk(port, memory, context.events(), context.instance() + " bank " + index);
    shown = disk.attached();
    int chips = width / chipWidth;
    if (Long.bitCount(memory.size()) != 1 || memory.size() < width) {
      throw new ModelException(context.instance() + ": reg: bank " + index + " has 0x" + Long.toHexString(memory.size())
          + " bytes: expected a power of two, as flash chips have");
    }
    block = Math.min(BLOCK * chips, memory.size());
    query = new Query(memory.size() / chips, chipWidth, block / chips, WORDS * chipWidth);
    String name = "bank" + index + ".";
    mode = state.cell(name + "mode", Mode.ARRAY.ordinal());
    status = state.cell(name + "status", READY);
    // What a read gives depends on the mode: the contents, which are memory, or one of these.
    state.shows(name + "array", List.of(ListedRegister.of("array", 0, (int) memory.size(), "Intel 290667, section 4").saidBy(Bank.class)),
        array -> OptionalLong
            .empty());
    state.shows(name + "chips", List.of(ListedRegister.of("status register", 0, 1, "Intel 290667, section 4.4").saidBy(Bank.class)),
        register -> OptionalLong
            .of(
                status.value));
    locks = state.longs(name + "locks", (int) (memory.size() / block + 63 >> 6));
    place = state.cell(name + "place", 0);
    filled = state.cell(name + "filled", 0);
    expected = state.cell(name + "expected", 0);
    places = state.longs(name + "places", WORDS);
    values = state.longs(name + "values", WORDS);
  }

  /** A disk was attached or taken away: what it has is what the bank has, whatever it was before. */
  void diskChanged() {
    if (disk.attached() != shown) {
      shown = disk.attached();
      disk.load();
    }
  }

  /** Its contents are read directly while that is what it shows. */
  void show() {
    memory.direct(mode() == Mode.ARRAY);
  }

  private Mode mode() {
    return MODES[(int) mode.value];
  }

  private void mode(Mode next) {
    mode.value = next.ordinal();
    show();
  }

  @Override
  public long read(long offset, int size) {
    if (mode() == Mode.ARRAY) {
      return memory.read(offset, size);
    }
    long all = 0;
    for (int lane = 0; lane < size; lane++) {
      all |= (long) lane(offset + lane) << 8 * lane;
    }
    return all;
  }

  /** A byte of what each chip gives for a word. */
  private int lane(long offset) {
    long word = offset / width;
    int answer = switch (mode()) {
      case IDENTIFIER -> identifier(word);
      case QUERY -> query.at(word);
      default -> (int) status.value;
    };
    return answer >> 8 * (offset % chipWidth) & 0xFF;
  }

  private int identifier(long word) {
    long inBlock = word % (block / width);
    return word == 0 ? MANUFACTURER : word == 1 ? DEVICE : inBlock == 2 && locked(word * width) ? 1 : 0;
  }

  @Override
  public void write(long offset, int size, long value) {
    switch (mode()) {
      case PROGRAM -> {
        if (programmable(offset, size)) {
          program(offset, size, value);
          keep(offset, size);
        }
        mode(Mode.STATUS);
      }
      case ERASE -> {
        if ((value & 0xFF) == CONFIRMED) {
          erase(offset);
        } else {
          sequence();
        }
        mode(Mode.STATUS);
      }
      case LOCK -> {
        lock(offset, (int) value & 0xFF);
        mode(Mode.STATUS);
      }
      case COUNT -> count(offset, value);
      case BUFFER -> buffer(offset, size, value);
      case CONFIRM -> {
        if ((value & 0xFF) == CONFIRMED) {
          programBuffer();
        } else {
          sequence();
        }
        mode(Mode.STATUS);
      }
      default -> command(offset, (int) value & 0xFF, value);
    }
  }

  private void command(long offset, int command, long value) {
    switch (command) {
      // The second is what chips of the other command set are reset with by who looks which they are.
      case 0xFF, 0xF0 -> mode(Mode.ARRAY);
      case 0x70 -> mode(Mode.STATUS);
      case 0x50 -> status.value = READY;
      case 0x90 -> mode(Mode.IDENTIFIER);
      case 0x98 -> mode(Mode.QUERY);
      case 0x40, 0x10 -> mode(Mode.PROGRAM);
      case 0x20 -> mode(Mode.ERASE);
      case 0x60 -> mode(Mode.LOCK);
      case 0xE8 -> {
        place.value = offset;
        filled.value = 0;
        mode(Mode.COUNT);
      }
      // Nothing is ever busy: there is nothing to suspend, or to go on with.
      case 0xB0, CONFIRMED -> mode(Mode.STATUS);
      default -> {
        faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
        mode(Mode.ARRAY);
      }
    }
  }

  private void programBuffer() {
    long from = Long.MAX_VALUE;
    long to = 0;
    for (int i = 0; i < filled.value; i++) {
      long offset = places[i] >>> 4;
      int size = (int) places[i] & 15;
      if (programmable(offset, size)) {
        program(offset, size, values[i]);
        from = Math.min(from, offset);
        to = Math.max(to, offset + size);
      }
    }
    if (from < to) {
      keep(from, to - from);
    }
  }

  private boolean programmable(long offset, int size) {
    if (locked(offset) || !disk.takes(offset, size)) {
      status.value |= PROGRAM_FAILED | LOCKED;
      return false;
    }
    return true;
  }

  /** Bits become zero, never one. */
  private void program(long offset, int size, long value) {
    memory.write(offset, size, memory.read(offset, size) & value);
  }

  private void keep(long offset, long length) {
    if (!disk.keep(offset, length)) {
      status.value |= PROGRAM_FAILED;
    }
  }

  private void erase(long offset) {
    long from = offset & -block;
    if (locked(offset) || !disk.takes(from, block)) {
      status.value |= ERASE_FAILED | LOCKED;
      return;
    }
    memory.fill(from, block, 0xFF);
    if (!disk.keep(from, block)) {
      status.value |= ERASE_FAILED;
    }
  }

  private void lock(long offset, int command) {
    int number = (int) (offset / block);
    switch (command) {
      case 0x01, 0x2F -> locks[number >> 6] |= 1L << number;
      case CONFIRMED -> locks[number >> 6] &= ~(1L << number);
      default -> sequence();
    }
  }

  private boolean locked(long offset) {
    int number = (int) (offset / block);
    return (locks[number >> 6] >>> number & 1) != 0;
  }

  /** What was expected of a sequence of commands isn't what came. */
  private void sequence() {
    status.value |= ERASE_FAILED | PROGRAM_FAILED;
  }

  /** The number of words that follow, less one. */
  private void count(long offset, long value) {
    long words = (chipWidth == 1 ? value & 0xFF : value & 0xFFFF) + 1;
    if (words > WORDS || offset / block != place.value / block) {
      sequence();
      mode(Mode.STATUS);
      return;
    }
    expected.value = words;
    mode(Mode.BUFFER);
  }

  private void buffer(long offset, int size, long value) {
    if (offset / block != place.value / block || filled.value >= WORDS) {
      sequence();
      mode(Mode.STATUS);
      return;
    }
    places[(int) filled.value] = offset << 4 | size;
    values[(int) filled.value++] = value;
    if (filled.value >= expected.value) {
      mode(Mode.CONFIRM);
    }
  }
}
