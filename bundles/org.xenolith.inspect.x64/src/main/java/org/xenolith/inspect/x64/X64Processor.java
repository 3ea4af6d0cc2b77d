// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DebuggerTarget;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.TranslationView;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Disassembler;
import org.xenolith.x64.isa.Feature;
import org.xenolith.x64.isa.Instruction;

/** One x86-64 processor. */
final class X64Processor implements InspectedProcessor {
  /** Bytes of the longest instruction. */
  private static final int LONGEST = 15;
  private static final int USER = 3;
  private static final long TABLES = 0xF_FFFF_FFFF_F000L;

  private final Core cpu;
  private final X64Registers registers;
  private final InspectedMemory user;
  private final InspectedMemory supervisor;
  private final List<InspectedMemory> memories;
  private final X64Calls calls;

  X64Processor(Core cpu, InspectedMemory physical) {
    this.cpu = cpu;
    TranslationView view = new TranslationView(cpu);
    registers = new X64Registers(cpu);
    InspectedMemory guest = new GuestPhysicalMemory(view, physical);
    user = new X64LinearMemory(view, true, physical, guest);
    supervisor = new X64LinearMemory(view, false, physical, guest);
    memories = List.of(user, supervisor, guest, physical);
    calls = new X64Calls(cpu);
  }

  @Override
  public int index() {
    return cpu.index();
  }

  @Override
  public String instructions() {
    return cpu.instructions();
  }

  @Override
  public ProcessorPlace place() {
    boolean guest = cpu.host.attached();
    boolean paging = (cpu.cr0 & 1L << 31) != 0;
    return new ProcessorPlace(cpu.linear(cpu.pc), cpu.cpl == USER ? Privilege.USER : Privilege.KERNEL, "CPL " + cpu.cpl, paging ? "CR3 0x"
        + Long
            .toHexString(cpu.cr3 & TABLES) : "", guest ? cpu.host.nestedRoot() : 0, -1);
  }

  @Override
  public List<RegisterDescription> registers() {
    return registers.descriptions();
  }

  @Override
  public long[] value(String name) {
    return registers.value(name);
  }

  @Override
  public boolean settable(String name) {
    return registers.settable(name);
  }

  @Override
  public void set(String name, long... value) {
    registers.set(name, value);
  }

  @Override
  public Optional<DebuggerTarget> debuggerTarget() {
    return Optional.of(X64DebuggerTarget.target());
  }

  @Override
  public List<InspectedMemory> memories() {
    return memories;
  }

  @Override
  public InspectedMemory memory() {
    return cpu.cpl == USER ? user : supervisor;
  }

  @Override
  public OptionalLong kernelEntry() {
    return cpu.lstar == 0 ? OptionalLong.empty() : OptionalLong.of(cpu.lstar);
  }

  @Override
  public long[] calls(int most, LongUnaryOperator functionAt) {
    return calls.frames(memory(), most, functionAt);
  }

  @Override
  public List<InstructionText> disassemble(long address, int count) {
    Disassembler disassembler = new Disassembler(Decoding.ALL);
    List<InstructionText> texts = new ArrayList<>();
    long at = address;
    while (texts.size() < count) {
      byte[] code = code(at);
      if (code.length == 0) {
        break;
      }
      Instruction instruction = new Instruction();
      boolean known = Decoding.ALL.decode(code, 0, code.length, cpu.mode, instruction) >= 0;
      int length = known ? instruction.length() : 1;
      texts.add(new InstructionText(at, length, known ? disassembler.text(at, instruction) : "(bad)"));
      at += length;
    }
    return texts;
  }

  @Override
  public Optional<List<DataMove>> moves() {
    byte[] code = code(cpu.linear(cpu.pc));
    Instruction instruction = new Instruction();
    return Decoding.ALL.decode(code, 0, code.length, cpu.mode, instruction) < 0 ? Optional.empty() : Optional.of(X64DataMoves.of(cpu,
        memory(),
        instruction));
  }

  /** Made once for all, when somebody first asks. */
  private static final class Decoding {
    static final Decoder ALL = new Decoder(EnumSet.allOf(Feature.class));

    private Decoding() {}
  }

  /** As many bytes of code as there are, those of one instruction at most. */
  private byte[] code(long address) {
    Optional<byte[]> all = memory().read(address, LONGEST);
    for (int length = LONGEST - 1; all.isEmpty() && length > 0; length--) {
      all = memory().read(address, length);
    }
    return all.orElse(new byte[0]);
  }
}
