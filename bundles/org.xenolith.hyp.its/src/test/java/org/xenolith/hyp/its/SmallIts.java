// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import java.util.HashMap;
import java.util.Map;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.testkit.a64.BareMachine;

/**
 * A machine's ITS as far as a driver goes: executes MAPD, MAPC, MAPTI, MOVI, CLEAR and DISCARD, and says which LPI a message makes.
 * Written from the manual for these tests alone.
 */
final class SmallIts extends BareMachine {
  static final long BASE = 0x0A00_0000L;
  private static final long VALID = 1L << 63;

  /** One mapped event. */
  record Event(int lpi, int collection) {}

  final Map<Integer, Integer> devices = new HashMap<>();
  final Map<Integer, Integer> collections = new HashMap<>();
  final Map<Long, Event> events = new HashMap<>();
  final Cpu cpu = add(CpuConfig.cortexA57(0).withLevels(true, false));
  long control;
  long[] tables = {0x0107_0000_0000_0000L, 0x0407_0000_0000_0000L};
  long queue;
  /** Offset that both pointers have: commands are executed at once. */
  long pointer;
  int commands;
  private final RamBus memory;

  /** @param memory where the RAM is */
  SmallIts(RamBus memory) {
    this.memory = memory;
  }

  /** The LPI that a message raises; 0 for none. */
  int message(int device, int event) {
    Event entry = events.get((long) device << 32 | event);
    return (control & 1) == 0 || entry == null || !devices.containsKey(device) || !collections.containsKey(entry.collection) ? 0
        : entry.lpi;
  }

  @Override
  public boolean firmwareCall(Cpu caller, boolean hvc) {
    return false;
  }

  @Override
  public Ram ram(long address) {
    return memory.ram(address);
  }

  @Override
  public long read(long address, int size) {
    return switch ((int) (address - BASE)) {
      case 0x00 -> control;
      case 0x08 -> 0x1F_0001_EF71L;
      case 0x80 -> queue;
      case 0x88, 0x90 -> pointer;
      case 0x100 -> tables[0];
      case 0x108 -> tables[1];
      case 0x110, 0x118, 0x120, 0x128, 0x130, 0x138 -> 0;
      default -> throw ExternalAbort.INSTANCE;
    };
  }

  @Override
  public void write(long address, int size, long value) {
    switch ((int) (address - BASE)) {
      case 0x00 -> control = value;
      case 0x80 -> {
        queue = value;
        pointer = 0;
      }
      case 0x88 -> run(value);
      case 0x100 -> tables[0] = value;
      case 0x108 -> tables[1] = value;
      default -> throw ExternalAbort.INSTANCE;
    }
  }

  private long word(long offset) {
    long at = (queue & 0x000F_FFFF_FFFF_F000L) + offset;
    Ram ram = memory.ram(at);
    return ram.read((int) (at - ram.base), 8);
  }

  private void run(long end) {
    while (pointer != end) {
      if ((control & 1) == 0 || (queue & VALID) == 0) {
        throw new AssertionError("a command for an ITS that isn't up");
      }
      execute(word(pointer), word(pointer + 8), word(pointer + 16));
      commands++;
      pointer = (pointer + 32) % (((queue & 0xFF) + 1) * 4096);
    }
  }

  private void execute(long word0, long word1, long word2) {
    int device = (int) (word0 >>> 32);
    long event = (long) device << 32 | word1 & 0xFFFF_FFFFL;
    switch ((int) word0 & 0xFF) {
      case 0x01 -> events.computeIfPresent(event, (key, old) -> new Event(old.lpi, (int) word2 & 0xFFFF));
      case 0x08 -> {
        if (word2 < 0) {
          devices.put(device, ((int) word1 & 31) + 1);
        } else {
          devices.remove(device);
        }
      }
      case 0x09 -> collections.put((int) word2 & 0xFFFF, (int) (word2 >>> 16));
      case 0x0A -> events.put(event, new Event((int) (word1 >>> 32), (int) word2 & 0xFFFF));
      case 0x0F -> events.remove(event);
      case 0x04, 0x05, 0x0C -> {
      }
      default -> throw new AssertionError("the driver gives command " + Long.toHexString(word0));
    }
  }
}
