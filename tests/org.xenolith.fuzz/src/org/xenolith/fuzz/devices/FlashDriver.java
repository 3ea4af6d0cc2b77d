// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.PlainAssembly;
import org.xenolith.machine.control.Machine;

/** Five banks of flash that were programmed before. What a disk can keep is on it; where it ends the bank stays erased. */
final class FlashDriver implements Driver {
  private static final FlashNode BYTES = new FlashNode(0x1000_0000, 1, 256 << 10, List.of(new FlashNode.Bank(512, false),
      new FlashNode.Bank(0,
          false)));
  private static final FlashNode WORDS = new FlashNode(0x1100_0000, 4, 512 << 10, List.of(new FlashNode.Bank(1024, true),
      new FlashNode.Bank(
          700, false), new FlashNode.Bank(0, false)));
  static final DeviceBoard BOARD = DeviceBoard.withFlash(List.of(), List.of(BYTES, WORDS));

  private static final int BANKS = 5;
  private static final int[] COMMANDS = {0xFF, 0x70, 0x50, 0x90, 0x98, 0x40, 0x10, 0x20, 0x60, 0xE8, 0xB0, 0xD0, 0x01, 0x2F, 0xF0, 0};
  private static final int CONFIRM = 0xD0;
  private static final long[] VALUES = {-1, 0xFF, 0xFFFF, 0xFFFF_FFFFL, 0xFF00_FF00L, 0x1F, 0x20, 0x001F_001F, 0x00FF_00FF, 0x0040_0040,
      0x00E8_00E8, 0x00D0_00D0, 0x0020_0020, 0x0060_0060, Long.MIN_VALUE};

  private static FlashNode node(int bank) {
    return bank < BYTES.banks().size() ? BYTES : WORDS;
  }

  private static long base(int bank) {
    return bank < BYTES.banks().size() ? BYTES.bank(bank) : WORDS.bank(bank - BYTES.banks().size());
  }

  @Override
  public void prepare(Machine machine, Script script) {
    Gic.version3(script, 1);
    for (int bank = 0; bank < BANKS; bank++) {
      program(script, bank, 0x100, 0x5A00_A55AL);
    }
  }

  /** Programs a word and shows the contents again. */
  private static void program(Script script, int bank, long offset, long value) {
    int width = node(bank).width();
    script.store(base(bank) + offset, width, 0x0040_0040);
    script.store(base(bank) + offset, width, value);
    script.store(base(bank), width, 0x00FF_00FF);
  }

  /** A place in a bank: near the beginning or the end of one of its blocks, or of its disk, or anywhere. */
  private static long offset(int bank, InputBytes input) {
    int how = input.next();
    long block = node(bank).block();
    long at = (how & 0x0F) * 4L;
    long size = node(bank).size();
    return switch (how >> 4) {
      case 0, 1, 2 -> at;
      case 3 -> block + at;
      case 4 -> block - 4 - at;
      case 5 -> size - 4 - at;
      case 6 -> 700 * 512 - 32 + at;
      case 7 -> 0x100 + at;
      case 8 -> input.next(3) & size - 1;
      case 9 -> size - 1 - (how & 0x0F);
      default -> (input.next(2) << 2) & size - 1;
    };
  }

  @Override
  public long register(InputBytes input) {
    int bank = input.next() % BANKS;
    return base(bank) + offset(bank, input);
  }

  @Override
  public long[] values() {
    return VALUES;
  }

  @Override
  public void step(int kind, int more, InputBytes input, Script script) {
    int bank = input.next() % BANKS;
    int width = node(bank).width();
    int size = (more & 8) == 0 ? width : 1 << (more & 3) % 3;
    long at = base(bank) + offset(bank, input);
    switch (kind) {
      case 0 -> {
        script.store(at, size, (more & 1) == 0 ? 0x0040_0040 : 0x0010_0010);
        script.store(at, size, Values.next(input, VALUES));
      }
      case 1 -> buffer(script, at, size, more, input);
      case 2 -> {
        script.store(at, size, 0x0020_0020);
        script.store(at, size, (more & 1) == 0 ? 0x00D0_00D0 : Values.next(input, VALUES));
      }
      case 3 -> {
        script.store(at, size, 0x0060_0060);
        script.store(at, size, new long[] {1, CONFIRM, 0x2F, Values.next(input, VALUES)}[more & 3]);
      }
      case 4 -> script.store(at, size, COMMANDS[more] * 0x0001_0001L);
      case 5 -> script.load(at, 1 << (more & 3));
      case 6 -> {
        script.store(at, size, 0x00FF_00FF);
        script.copy(Place.DEVICES + (long) more * 256, at & -8, 1 + (input.next() & 31));
      }
      default -> {
        script.store(at, size, 0x00FF_00FF);
        script.move(Place.DEVICES, at, 4);
      }
    }
  }

  /** A write to the buffer: so many words, of which one may lie elsewhere. @param more bit 0: too few; bit 1: one elsewhere; bit 2: not confirmed */
  private static void buffer(Script script, long at, int size, int more, InputBytes input) {
    int words = input.next() & 0x3F;
    long value = Values.next(input, VALUES);
    script.store(at, size, 0x00E8_00E8);
    script.store(at, size, words * 0x0001_0001L);
    for (int i = 0; i <= words - (more & 1); i++) {
      long elsewhere = (more & 2) != 0 && i == words / 2 ? (long) input.next() << 10 : 0;
      script.store(at + (long) i * size + elsewhere, size, value + i);
    }
    if ((more & 4) == 0) {
      script.store(at, size, 0x00D0_00D0);
    }
  }

  @Override
  public List<String> wrong(AttackedMachine attacked) {
    List<String> wrong = new ArrayList<>();
    int disk = 0;
    for (int bank = 0; bank < BANKS; bank++) {
      FlashNode.Bank there = node(bank).banks().get(bank < BYTES.banks().size() ? bank : bank - BYTES.banks().size());
      if (there.sectors() == 0) {
        continue;
      }
      if (!PlainAssembly.holds(attacked.machine, base(bank), attacked.disks.get(disk++).content())) {
        wrong.add("bank " + bank + " has other contents than its disk");
      }
      byte[] beyond = new byte[node(bank).size() - there.bytes()];
      Arrays.fill(beyond, (byte) 0xFF);
      if (!PlainAssembly.holds(attacked.machine, base(bank) + there.bytes(), beyond)) {
        wrong.add("bank " + bank + " was changed where its disk has ended");
      }
    }
    return wrong;
  }
}
