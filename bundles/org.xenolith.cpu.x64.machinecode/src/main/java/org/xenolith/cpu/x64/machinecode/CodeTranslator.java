// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;

/**
 * Makes code of 64-bit instructions of a page, a block at a time: from one that is reached, over conditional branches, to one that never goes on, that there is no code for, or where
 * there is code already. Registers are the guest's before each instruction that may leave, and so are the flags in memory.
 */
final class CodeTranslator {
  /** Instructions of the longest block: they are counted when it begins. */
  private static final int LONGEST = 60;
  /** More than the code of an instruction has, with its ways out. */
  private static final int MOST_BYTES = 512;

  private final X64 code;
  private final SideExits leaving;
  private final CodeBlock block;
  private final FlagCode flags;
  private final AddressCode addresses;
  private final BranchCode branches;
  private final SystemCode system;
  private final VectorCode vectors;
  final CodeTable table = new CodeTable();
  private final Decoder decoder;
  private final byte[] bytes = new byte[NativePage.BYTES];
  private final Instruction[] insns = new Instruction[LONGEST];
  private final CodeTable.Emitter[] emitters = new CodeTable.Emitter[LONGEST];
  private final int[] offsets = new int[LONGEST + 1];
  /** Whether flags are needed in memory behind an instruction. */
  private final boolean[] needed = new boolean[LONGEST + 1];

  CodeTranslator(X64 code, SideExits leaving, Thunks thunks, RegisterCache registers, Decoder decoder) {
    this.code = code;
    this.leaving = leaving;
    this.decoder = decoder;
    block = new CodeBlock(code, leaving, thunks);
    flags = new FlagCode(code);
    addresses = new AddressCode(code, registers, flags, leaving);
    new IntegerCode(code, registers, flags, addresses).addTo(table);
    new ShiftCode(code, registers, flags, addresses).addTo(table);
    new ProductCode(code, registers, flags, addresses, leaving).addTo(table);
    new BitCode(code, registers, flags, addresses).addTo(table);
    new MoveCode(code, registers, flags, addresses, leaving).addTo(table);
    new StringCode(code, registers, flags, addresses, leaving, block).addTo(table);
    StackCode stack = new StackCode(code, registers, addresses);
    stack.addTo(table);
    ReturnCode returns = new ReturnCode(code, registers, flags, addresses, leaving);
    branches = new BranchCode(code, registers, flags, addresses, stack, block, returns);
    branches.addTo(table);
    system = new SystemCode(code, registers, flags, addresses, stack, leaving);
    system.addTo(table);
    vectors = new VectorCode(code, registers, flags, addresses, leaving);
    vectors.addTo(table);
    for (int i = 0; i < LONGEST; i++) {
      insns[i] = new Instruction();
    }
  }

  /** Makes code from an instruction on, at the place that the emitter is at. */
  void translate(NativePage page, int first) {
    page.ram.read(page.offset, bytes, 0, NativePage.BYTES);
    int at = first;
    do {
      at = block(page, at);
    } while (at >= 0);
    leaving.flush();
  }

  /** Translates a block. Returns where another one follows, or a negative number. */
  private int block(NativePage page, int first) {
    code.room(MOST_BYTES);
    code.align();
    page.begins(first, code.at());
    int count = decode(page, first);
    int end = offsets[count];
    // With the first byte of what there is no code for: there may be, once it is written to.
    page.translated(first, end + 1);
    if (count == 0) {
      leaving.begin(page, first);
      leaving.interpret();
      leaving.end(0);
      return -1;
    }
    findNeeded(count);
    flags.lost();
    vectors.begin();
    block.begin(page, first);
    for (int i = 0; i < count; i++) {
      code.room(MOST_BYTES);
      leaving.at(offsets[i], i);
      addresses.begin();
      branches.behind(i);
      system.with(count - i);
      emitters[i].emit(insns[i], offsets[i], offsets[i + 1], needed[i]);
    }
    return follow(page, count, end);
  }

  private int follow(NativePage page, int count, int end) {
    CodeTable.Emitter last = emitters[count - 1];
    if (last == branches) {
      if (!BranchCode.conditional(insns[count - 1].insn())) {
        return -1;
      }
    } else {
      block.ends(count);
    }
    code.room(MOST_BYTES);
    if (end >= NativePage.BYTES) {
      code.test(true, X64.R15, X64.R15);
      leaving.nextIf(X64.E, end);
      block.to(end);
      return -1;
    }
    if (page.entry(end) != 0) {
      block.to(end);
      return -1;
    }
    return end;
  }

  /** Decodes the block that begins at an offset. Returns how many instructions it has that there is code for. */
  private int decode(NativePage page, int first) {
    int count = 0;
    int at = first;
    offsets[0] = first;
    while (count < LONGEST && at < NativePage.BYTES && (count == 0 || page.entry(at) == 0) && !page.hasBreakpoint(at)) {
      Instruction insn = insns[count];
      int length = decoder.decode(bytes, at, NativePage.BYTES, DecodeMode.LONG_64, insn);
      CodeTable.Emitter emitter = length < 0 ? null : table.of(insn);
      if (emitter == null || emitter.alone() && count > 0) {
        break;
      }
      emitters[count++] = emitter;
      at += length;
      offsets[count] = at;
      if (emitter == branches || emitter.alone()) {
        break;
      }
    }
    return count;
  }

  /** Finds which instructions' flags are read, or may be seen, before others take their place. */
  private void findNeeded(int count) {
    needed[count - 1] = true;
    for (int i = count - 1; i > 0; i--) {
      Insn insn = insns[i].insn();
      boolean seen = emitters[i].leaves(insns[i]) || insn.flagsRead() != 0;
      boolean replaced = (insn.flagsWritten() & IntegerCode.ALL) == IntegerCode.ALL;
      needed[i - 1] = seen || !replaced && needed[i];
    }
  }
}
