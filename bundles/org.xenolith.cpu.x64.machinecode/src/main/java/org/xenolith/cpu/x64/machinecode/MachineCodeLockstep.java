// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.function.LongConsumer;
import org.xenolith.hostcode.kit.pages.TranslationFolder;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.TlbEntry;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Disassembler;

/**
 * Takes back what each way through generated code has done to memory, has the interpreter execute the same instructions from where it began, and compares. A way begins where code is
 * entered and ends where it is left, so that there is nothing in it but registers and RAM: what faults, goes to a device or needs a walk is outside of it.
 */
final class MachineCodeLockstep extends MachineCodeEngine {
  private static final String[] WAYS = {"to a branch's target", "by an access", "by what was left to do", "to the interpreter",
      "to another page", "to the next page", "for vectors"};
  /** Instructions of a way that a message shows at the most. */
  private static final int SHOWN = 24;
  private static final int LONGEST = 15;

  private final CheckedState before = new CheckedState();
  private final CheckedState translated = new CheckedState();
  private final CheckedState interpreted = new CheckedState();
  private final CheckedPages pages;
  private final LongConsumer stores;

  /** @param folder where code is kept for other engines; null for nowhere */
  MachineCodeLockstep(Core cpu, TranslationFolder folder) {
    super(cpu, folder);
    pages = new CheckedPages(cpu, state);
    stores = pages::interpreted;
    cpu.mmu.withholdStores();
  }

  /** @throws IllegalStateException if the two differ; the message says in what, and what was executed */
  @Override
  int enter(int at) {
    Core c = cpu;
    long entry = c.pc;
    long left = c.left;
    long executed = c.executed();
    boolean refetch = c.refetch;
    long between = c.inputs.pendingBetween();
    before.ofCode(c, state);
    pages.begin();
    int out = super.enter(at);
    translated.ofCode(c, state);
    boolean away = exits.kind(out) == ExitKinds.LOOKUP;
    translated.pc(away ? state.word(StateLayout.TARGET) : state.word(StateLayout.PAGE) + exits.index(out));
    long count = left - state.word(StateLayout.LEFT) - (away ? 0 : exits.rest(out));
    pages.takeBack();
    before.put(c);
    c.pc = entry;
    interpret(executed, count);
    interpreted.of(c);
    interpreted.pc(c.pc);
    String difference = interpreted.differences(translated) + pages.differences();
    if (!difference.isEmpty()) {
      pages.restore();
      before.put(c);
      c.pc = entry;
      c.recount(executed, left);
      String way = way(count);
      throw new IllegalStateException(
          "lockstep: interpreter and machine code differ, entered at 0x%x, code from byte 0x%x on, left after %d instructions %s%n%s%s"
              .formatted(entry, at, count, WAYS[exits.kind(out)],
                  difference, way));
    }
    // What goes on is code's state, which is the same; what is pending between instructions, code says itself.
    c.inputs.pendingBetween(between);
    c.recount(executed + count, left - count);
    c.refetch = refetch;
    return out;
  }

  /** A store of code's waits until its page has been copied. */
  @Override
  boolean grants(TlbEntry entry, boolean isStore, long tag) {
    return isStore ? entry.withholds(tag) && pages.give(entry, tag) : super.grants(entry, false, tag);
  }

  /** Executes so many instructions after those that were executed before, one at a time: nothing cuts what is left. */
  private void interpret(long executed, long count) {
    cpu.mmu.tellStores(stores);
    try {
      for (long i = 0; i < count; i++) {
        cpu.recount(executed + i, 1);
        interpreter.slice();
      }
    } finally {
      cpu.mmu.tellStores(null);
    }
  }

  /** What the interpreter executes from here on, with what it makes of it. */
  private String way(long count) {
    StringBuilder text = new StringBuilder();
    Disassembler disassembler = new Disassembler(interpreter.decoder());
    long executed = cpu.executed();
    byte[] bytes = new byte[LONGEST];
    for (long i = 0; i < count && i < SHOWN; i++) {
      text.append("  0x%x: %s%n".formatted(cpu.pc, instruction(disassembler, bytes)));
      cpu.recount(executed + i, 1);
      interpreter.slice();
    }
    return text.toString();
  }

  private String instruction(Disassembler disassembler, byte[] bytes) {
    Ram ram = cpu.env.bus().ram(cpu.mmu.code(cpu.pc).frame);
    int offset = (int) (cpu.mmu.code(cpu.pc).frame - ram.base) + (int) (cpu.pc & 0xFFF);
    int length = Math.min(LONGEST, 4096 - (int) (cpu.pc & 0xFFF));
    ram.read(offset, bytes, 0, length);
    return disassembler.disassemble(cpu.pc, bytes, 0, length, DecodeMode.LONG_64);
  }

  @Override
  public void close() {
    cpu.mmu.giveStores();
    super.close();
  }
}
