// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.SystemRegisters;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.NativePage;

/**
 * Makes code of the instructions of a page, in one pass: from one that is reached, over conditional branches, to one that never goes on or
 * where there is code already. Registers and flags are the guest's before each instruction, so that each can leave.
 */
final class CodeTranslator {
  /** Instructions of the longest block: they are counted when it begins. */
  static final int LONGEST = 100;
  /** More than the code of an instruction has, with its ways out. */
  private static final int MOST_BYTES = 512;

  private final X64 code;
  private final Thunks thunks;
  private final SideExits leaving;
  private final CodeBlock block;
  private final FlagCode flags;
  private final VectorCache held = new VectorCache();
  private final CopyCode copies;
  private final Decoder decoder;
  final CodeTable table = new CodeTable();
  private NativePage page;
  private int at;

  /** @param features what the host can do */
  CodeTranslator(X64 code, Thunks thunks, CodeExits exits, GuestRegisters registers, Decoder decoder, SystemRegisters system,
      HostFeatures features) {
    this.code = code;
    this.thunks = thunks;
    this.decoder = decoder;
    leaving = new SideExits(code, exits, thunks);
    block = new CodeBlock(code, leaving, thunks);
    flags = new FlagCode(code);
    copies = new CopyCode(code, registers, leaving);
    IntegerCode integers = new IntegerCode(code, registers, flags, held);
    AccessCode accesses = new AccessCode(code, registers, integers, leaving);
    integers.addTo(table);
    new BitCode(code, registers, flags, held).addTo(table);
    new MultiplyCode(code, registers).addTo(table);
    accesses.addTo(table);
    new ExclusiveCode(code, registers, accesses).addTo(table);
    X64Vectors instructions = new X64Vectors(code, held);
    new ChecksumCode(code, instructions, registers).addTo(table);
    VectorRegisters vectors = new VectorRegisters(code, instructions, leaving, block);
    new VectorAccessCode(code, instructions, registers, accesses, vectors).addTo(table);
    PermutationCode permutations = new PermutationCode(code, instructions, vectors);
    permutations.addTo(table);
    new StructureCode(code, instructions, registers, accesses, vectors, permutations).addTo(table);
    new ShiftCode(instructions, vectors, held).addTo(table);
    WideCode wide = new WideCode(instructions, vectors);
    wide.addTo(table);
    new ReductionCode(code, instructions, vectors, permutations, wide).addTo(table);
    if (features.sha()) {
      new ShaCode(code, instructions, vectors).addTo(table);
    }
    new VectorCode(instructions, vectors, held).addTo(table);
    new LaneCode(code, instructions, registers, vectors).addTo(table);
    new FloatCode(code, instructions, registers, vectors, flags, leaving, features.fused()).addTo(table);
    new FloatLaneCode(code, instructions, vectors, leaving, features.fused()).addTo(table);
    new BranchCode(code, registers, flags, block).addTo(table);
    new SystemCode(code, registers, flags, accesses, leaving, system, block).addTo(table);
  }

  /** Makes code from an instruction on, at the place that the emitter is at. */
  void translate(NativePage of, int first) {
    page = of;
    at = first;
    while (block()) {
      // The next one comes straight on.
    }
    page.translated(first, at);
    leaving.flush();
  }

  /** Translates a block. Returns whether another one follows. */
  private boolean block() {
    int first = at;
    page.begins(first, code.at());
    begin(first);
    Insn insn = covered(first);
    if (insn == null) {
      // Counted where it is executed.
      interpret();
      return false;
    }
    int loop = CopyLoop.at(page, first, decoder);
    if (loop != CopyLoop.NONE) {
      copies.emit(loop);
    }
    block.count();
    for (;;) {
      emit(insn);
      if (block.end() == CodeBlock.End.ALWAYS) {
        return false;
      }
      if (block.end() == CodeBlock.End.MAYBE || at == NativePage.WORDS || at - first == LONGEST || page.entry(at) != 0) {
        if (block.end() == CodeBlock.End.NONE) {
          block.ends(at);
        }
        return follow();
      }
      insn = covered(at);
      if (insn == null) {
        block.ends(at);
        leaving.at(at);
        interpret();
        return false;
      }
    }
  }

  /** The interpreter has the next instruction. It has code as others have: what is kept of it is void once it is written to. */
  private void interpret() {
    leaving.interpret();
    at++;
  }

  /** Makes code of so many instructions at the beginning of a block that has more, and leaves behind them. */
  void part(NativePage of, int first, int instructions) {
    page = of;
    at = first;
    begin(first);
    block.count();
    while (at < first + instructions) {
      emit(covered(at));
    }
    block.ends(at);
    leaving.at(at);
    leaving.next();
    leaving.flush();
  }

  private void begin(int first) {
    block.begin(page, first);
    flags.begin();
    held.begin();
    code.room(MOST_BYTES);
  }

  /** An instruction that there is code for, or null. */
  private Insn covered(int index) {
    int word = page.word(index);
    Insn insn = decoder.decode(word);
    return table.covers(insn, word) && !page.hasBreakpoint(index) ? insn : null;
  }

  /** Emits the next instruction. */
  private void emit(Insn insn) {
    code.room(MOST_BYTES);
    leaving.at(at);
    flags.next();
    held.next();
    table.emit(insn, page.word(at), at);
    leaving.behind();
    at++;
  }

  /** Goes on with the next instruction. Returns whether its block is to be translated now. */
  private boolean follow() {
    if (at == NativePage.WORDS) {
      leaving.at(at);
      // With nothing left nobody looks the next page up.
      code.test(true, X64.R15, X64.R15);
      int some = code.jumpShortIf(X64.NE);
      leaving.next();
      code.patchShort(some);
      block.address(X64.RAX, at * 4L);
      code.jumpTo(thunks.direct());
      return false;
    }
    if (page.entry(at) != 0) {
      code.jumpTo(page.entry(at));
      return false;
    }
    return true;
  }
}
