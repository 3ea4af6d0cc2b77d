// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.function.LongConsumer;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.InsnGroup;
import org.xenolith.hostcode.kit.pages.TranslationFolder;

/**
 * Takes back what each way through generated code has done, has the interpreter execute the same instructions, and compares. What goes on is the
 * interpreter's state. A way begins where code is entered and ends where it is left, so that there is nothing in it but registers and RAM.
 */
final class MachineCodeLockstep extends MachineCodeEngine {
  private static final String[] WAYS = {"to a branch's target", "by an access", "by what was left to do", "to the interpreter",
      "to another page",
      "to the next page", "for vectors", "by a system instruction", "for floating point", "by another translation", "by an exception",
      "to read a counter", "for a loop that copies"};

  private final CheckedState before = new CheckedState();
  private final CheckedState translated = new CheckedState();
  private final CheckedState interpreted = new CheckedState();
  private final CheckedState next = new CheckedState();
  private final Decoder decoder = new Decoder();
  private final CheckedPages pages;
  private final LongConsumer stores;

  /** @param folder where code is kept for other engines; null for nowhere */
  MachineCodeLockstep(Cpu cpu, TranslationFolder folder) {
    super(cpu, folder);
    pages = new CheckedPages(cpu, state);
    stores = pages::interpreted;
  }

  /** @throws IllegalStateException if the two differ; the message says in what, and of which instruction on */
  @Override
  int enter(int at) {
    state.spill();
    before.take(cpu);
    pages.begin();
    int exit = way(at);
    String difference = compare(before);
    long count = before.left() - translated.left();
    String out = WAYS[exits.kind(exit)];
    cpu.exits.tell(watcher -> watcher.translated(count, out));
    if (!difference.isEmpty() && !early(exit, difference)) {
      long entry = before.pc();
      throw new IllegalStateException(
          ("lockstep: interpreter and machine code differ, entered at 0x%x, page 0x%x of memory, code from byte 0x%x"
              + " on, left after %d instructions %s%n%s%s").formatted(entry, frame(entry), at, count, out, difference, first(count)));
    }
    cpu.mmu.copyContexts();
    return exit;
  }

  /**
   * Whether the two differ only in flags of floating point that the next instruction raises: the host has raised them before code found that the
   * instruction is the interpreter's.
   */
  private boolean early(int exit, String difference) {
    if (exits.kind(exit) != CodeExits.INTERPRET || difference.lines().count() > 1 || !interpreted.lacksOnlyFlags(translated)) {
      return false;
    }
    InsnGroup group = decoder.decode(exits.page(exit).word(exits.index(exit))).group();
    if (group != InsnGroup.FP && group != InsnGroup.ASIMD && group != InsnGroup.ASIMD_SCALAR) {
      return false;
    }
    Cpu c = cpu;
    c.left = 1;
    interpreter.slice();
    next.take(c);
    interpreted.put(c);
    c.left = translated.left();
    return next.hasFlagsOf(translated);
  }

  /** Has code executed from a place on until it is left for something else than a page. Returns the exit; the CPU is what code made of it. */
  private int way(int at) {
    Cpu c = cpu;
    int exit = super.enter(at);
    for (;;) {
      if (exits.kind(exit) == CodeExits.COPY) {
        exit = super.enter(copy(exit));
      } else if (exits.kind(exit) == CodeExits.ACCESS && pages.give(exits.access(exit))) {
        exit = super.enter(exits.place(exit));
      } else {
        break;
      }
    }
    boolean away = exits.kind(exit) == CodeExits.LOOKUP;
    c.pc = away ? c.mmu.branchTarget(state.word(StateLayout.TARGET)) : state.word(StateLayout.PAGE) + exits.index(exit) * 4L;
    c.left = state.word(StateLayout.LEFT) + (away ? 0 : exits.rest(exit));
    state.spill();
    return exit;
  }

  /** Has the interpreter do from there what code has done, and tells how they differ. */
  private String compare(CheckedState from) {
    Cpu c = cpu;
    translated.take(c);
    pages.takeBack();
    from.put(c);
    interpret(from.executed(), from.left() - translated.left());
    c.recount(translated.executed(), translated.left());
    interpreted.take(c);
    String difference = interpreted.differences(translated) + pages.differences();
    pages.end();
    return difference;
  }

  /** Executes so many instructions after those that were executed before, and keeps the pages that they store to. */
  private void interpret(long executed, long count) {
    Cpu c = cpu;
    int write = c.writeContext;
    int userWrite = c.userWriteContext;
    int none = c.readContext;
    int userNone = c.userReadContext;
    c.writeContext = none;
    c.userWriteContext = userNone;
    c.mmu.tellStores(stores);
    try {
      for (long i = 0; i < count; i++) {
        // One at a time: nothing cuts what is left.
        c.recount(executed + i, 1);
        interpreter.slice();
      }
    } finally {
      c.mmu.tellStores(null);
      // Others if a page was marked meanwhile.
      if (c.writeContext == none && c.userWriteContext == userNone) {
        c.writeContext = write;
        c.userWriteContext = userWrite;
      }
    }
  }

  /** Physical address of the page that is executed. */
  private long frame(long pc) {
    return cpu.code[Cpu.tlbIndex(pc)].frame & -4096;
  }

  /** Looks for the first of so many instructions that differs, from the beginning of the way, in code of its own. */
  private String first(long count) {
    long same = 0;
    long differs = count;
    if (tried(count).isEmpty()) {
      return "only in the code that was entered there, not in code from that instruction on\n";
    }
    while (same + 1 < differs) {
      long middle = (same + differs) / 2;
      if (tried(middle).isEmpty()) {
        same = middle;
      } else {
        differs = middle;
      }
    }
    String difference = tried(differs);
    pages.begin();
    before.put(cpu);
    return "first, instruction %d:%n%s%s".formatted(differs, difference, new CheckedTrace(cpu, interpreter).text(same));
  }

  /** How they differ after so many instructions. Then memory is what it was at the beginning of the way. */
  private String tried(long count) {
    Cpu c = cpu;
    pages.restore();
    before.put(c);
    c.recount(before.executed(), count);
    CheckedState from = new CheckedState();
    from.take(c);
    int at = place(c, c.pc);
    state.fill();
    state.word(StateLayout.PAGE, c.pc & -4096);
    pages.begin();
    while (at != NO_CODE) {
      int exit = way(at);
      at = switch (exits.kind(exit)) {
        case CodeExits.CHAIN -> chain(c, exit);
        case CodeExits.BUDGET -> part(c, exit);
        case CodeExits.COUNTER -> system.system(c, exit);
        case CodeExits.VECTORS -> {
          if (!c.fpTrapped) {
            state.vectors();
          }
          yield c.fpTrapped ? NO_CODE : exits.place(exit);
        }
        case CodeExits.NUMBERS -> !c.fpTrapped && state.numbers() ? exits.place(exit) : NO_CODE;
        default -> NO_CODE;
      };
    }
    return compare(from);
  }
}
