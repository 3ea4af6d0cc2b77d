// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** What a guest does to one NVMe controller (NVM Express 1.4). It counts what it put into the queues. */
final class NvmeController {
  static final int AREA = 0x1_0000;
  private static final int ENTRIES = 16;
  private static final int QUEUES = 3;
  private static final int PAGE = 0x1000;
  private static final int MSIX_TABLE = 0x2000;
  private static final int DOORBELLS = 0x1000;
  private static final int LISTS = 6 * PAGE;
  private static final int DATA = 8 * PAGE;
  private static final int ENABLED = 0x0046_0001;
  private static final int[] REGISTERS = {0x14, 0, 4, 8, 0xC, 0x10, 0x1C, 0x20, 0x24, 0x28, 0x2C, 0x30, 0x34, 0x38, 0x1000, 0x1004, 0x1008,
      0x100C, 0x1010, 0x1014, 0x1018, 0x1044, 0x2000, 0x2008, 0x200C, 0x2010, 0x201C, 0x3000, 0x1FFC, 0x3FFC};
  private static final int[] IO = {2, 1, 0, 8, 9, 5, 4, 0xC};
  private static final int[] ADMIN = {6, 0xA, 9, 2, 1, 5, 0, 4, 8, 0xC, 0x10, 0x14};

  private final int card;
  final long registers;
  final long area;
  private final int[] tails = new int[QUEUES];

  NvmeController(int card, long area) {
    this.card = card;
    this.area = area;
    registers = Place.bar(card);
  }

  private long submission(int queue) {
    return area + 2L * queue * PAGE;
  }

  private long completion(int queue) {
    return submission(queue) + PAGE;
  }

  void setUp(Machine machine, Script script) {
    Pci.setUp(machine, script, card, MSIX_TABLE, QUEUES);
    enable(script);
    script.sleep(1000);
    for (int i = 0; i < 64; i++) {
      // Pages of a list, the first half of them good.
      script.store8(area + LISTS + 8L * i, data(i & 7));
    }
  }

  /** Begins anew, and creates the queues for I/O. */
  void enable(Script script) {
    java.util.Arrays.fill(tails, 0);
    script.store4(registers + 0x14, 0);
    script.store4(registers + 0x24, ENTRIES - 1 | ENTRIES - 1 << 16);
    script.store8(registers + 0x28, submission(0));
    script.store8(registers + 0x30, completion(0));
    script.store4(registers + 0x14, ENABLED);
    for (int queue = 1; queue < QUEUES; queue++) {
      long shape = queue | (ENTRIES - 1L) << 16;
      command(script, 0, 5, 0, completion(queue), 0, shape | (3L | (long) queue << 16) << 32, 0);
      command(script, 0, 1, 0, submission(queue), 0, shape | (1L | (long) queue << 16) << 32, 0);
    }
    ring(script, 0);
    script.sleep(1000);
    script.store4(registers + DOORBELLS + 4, tails[0]);
  }

  long data(int page) {
    return area + DATA + (long) page * PAGE;
  }

  long list(int entry) {
    return area + LISTS + 8L * (entry & 0x3FF);
  }

  /** Puts a command into a queue. */
  void command(Script script, int queue, long first, int namespace, long prp1, long prp2, long dwords10, long dwords12) {
    long at = submission(queue) + 64L * tails[queue];
    script.store8(at, first & 0xFFFF | (long) (tails[queue] + 16 * queue) << 16 | (long) namespace << 32);
    script.store8(at + 24, prp1);
    script.store8(at + 32, prp2);
    script.store8(at + 40, dwords10);
    script.store8(at + 48, dwords12);
    tails[queue] = (tails[queue] + 1) % ENTRIES;
  }

  void ring(Script script, int queue) {
    script.store4(registers + DOORBELLS + 8L * queue, tails[queue]);
  }

  /** A command for I/O. @param more bit 0: which queue; 1: not rung; 2: the data's place is the input's; 3: consumes what is complete */
  void io(Script script, InputBytes input, int more, long[] known) {
    int which = input.next();
    int queue = 1 + (more & 1);
    int opcode = (which & 0x80) != 0 ? which & 0x7F : IO[which % IO.length];
    int blocks = input.next();
    long from = (more & 4) != 0 && (which & 0x40) != 0 ? Values.next(input, known) : input.next();
    long prp1 = (more & 4) != 0 ? Values.next(input, known) : data(tails[queue] & 3);
    long prp2 = (more & 4) != 0 ? Values.next(input, known) : blocks < 16 ? data(4) : list(0);
    command(script, queue, opcode, (which & 0x20) != 0 ? input.next() : 1, prp1, prp2, opcode == 9 ? blocks & 7 | 4L << 32 : from, blocks);
    if ((more & 2) == 0) {
      ring(script, queue);
    }
    if ((more & 8) != 0) {
      script.sleep(200);
      script.store4(registers + DOORBELLS + 8L * queue + 4, tails[queue]);
    }
  }

  /** A command for the controller. */
  void admin(Script script, InputBytes input, int more, long[] known) {
    int which = input.next();
    int opcode = (which & 0x80) != 0 ? which & 0x7F : ADMIN[which % ADMIN.length];
    long low = Values.next(input, known);
    long high = Values.next(input, known);
    long place = (more & 4) != 0 ? Values.next(input, known) : data(5);
    command(script, 0, opcode, (more & 1) != 0 ? input.next() : 0, place, data(6), low & 0xFFFF_FFFFL | high << 32,
        (more & 8) != 0 ? Values.next(input, known) : 0);
    if ((more & 2) == 0) {
      ring(script, 0);
    }
  }

  void doorbell(Script script, InputBytes input, int more, long[] known) {
    script.store(registers + DOORBELLS + 4L * (input.next() & 31), (more & 1) == 0 ? 4 : 8, Values.next(input, known));
  }

  long register(InputBytes input) {
    int which = input.next();
    return registers + ((which & 0x80) != 0 ? (which & 0x7F) << 3 : REGISTERS[which % REGISTERS.length]);
  }

  /** A word of a submission or completion queue. */
  long queued(int which, int word) {
    return (which % 2 == 0 ? submission(which / 2 % QUEUES) : completion(which / 2 % QUEUES)) + 8L * (word & 0x7F);
  }

  int card() {
    return card;
  }
}
