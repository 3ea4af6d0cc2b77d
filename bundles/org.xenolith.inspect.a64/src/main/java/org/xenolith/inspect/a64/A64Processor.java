// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.TranslationView;
import org.xenolith.a64.isa.Disassembler;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DebuggerTarget;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;

/** One A64 processor. */
final class A64Processor implements InspectedProcessor {
  /** HCR_EL2.VM. */
  private static final long STAGE_2 = 1;
  /** HCR_EL2.{E2H,TGE}. */
  private static final long HOST = 1L << 34 | 1L << 27;
  private static final int ASID_16 = 36;
  private static final int ASID_OF_UPPER = 22;
  private static final int ID = 48;

  private final Cpu cpu;
  private final TranslationView view;
  private final A64Registers registers;
  private final List<A64Memory> levels = new ArrayList<>();
  private final List<InspectedMemory> memories = new ArrayList<>();
  private final A64Calls calls;
  private Disassembler disassembler;
  private A64Moves moves;

  A64Processor(Cpu cpu, InspectedMemory physical) {
    this.cpu = cpu;
    view = new TranslationView(cpu);
    registers = new A64Registers(cpu);
    calls = new A64Calls(cpu);
    InspectedMemory intermediate = cpu.config.el2() ? new IntermediateMemory(view, physical) : null;
    for (int level = 0; level <= 3; level++) {
      if (level < 2 || (level == 2 ? cpu.config.el2() : cpu.config.el3())) {
        levels.add(new A64Memory(view, level, physical, level < 2 ? intermediate : null));
      } else {
        levels.add(null);
      }
    }
    levels.stream().filter(each -> each != null).forEach(memories::add);
    if (intermediate != null) {
      memories.add(intermediate);
    }
    memories.add(physical);
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
    int level = cpu.el;
    boolean guest = level <= 1 && cpu.config.el2() && (register(SysReg.HCR_EL2) & STAGE_2) != 0;
    long tables = guest ? register(SysReg.VTTBR_EL2) : 0;
    return new ProcessorPlace(cpu.pc, Privilege.values()[level], "EL" + level, level <= 1 ? "ASID " + asid() : "", tables, guest
        ? (int) (tables >>> ID) : -1);
  }

  /** Of TTBR0_EL1 or TTBR1_EL1, as TCR_EL1 says, in 8 or 16 bits. */
  private int asid() {
    long control = register(SysReg.TCR_EL1);
    SysReg holder = (control >>> ASID_OF_UPPER & 1) != 0 ? SysReg.TTBR1_EL1 : SysReg.TTBR0_EL1;
    int asid = (int) (register(holder) >>> ID);
    return (control >>> ASID_16 & 1) != 0 ? asid : asid & 0xFF;
  }

  private long register(SysReg register) {
    return cpu.sys[register.ordinal()];
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
  public boolean debuggersStepOverAccesses() {
    return true;
  }

  @Override
  public Optional<DebuggerTarget> debuggerTarget() {
    return Optional.of(A64DebuggerTarget.target());
  }

  @Override
  public List<InspectedMemory> memories() {
    return List.copyOf(memories);
  }

  @Override
  public InspectedMemory memory() {
    return levels.get(cpu.el);
  }

  @Override
  public OptionalLong kernelEntry() {
    // With HCR_EL2.{E2H,TGE} programs run on what is at EL2.
    boolean host = cpu.config.el2() && (register(SysReg.HCR_EL2) & HOST) == HOST;
    long vectors = cpu.el == 2 && host ? register(SysReg.VBAR_EL2) : cpu.el <= 1 && !host ? register(SysReg.VBAR_EL1) : 0;
    return vectors == 0 ? OptionalLong.empty() : OptionalLong.of(vectors);
  }

  @Override
  public long[] calls(int most, LongUnaryOperator functionAt) {
    return calls.frames(memory(), most, functionAt);
  }

  @Override
  public List<InstructionText> disassemble(long address, int count) {
    if (disassembler == null) {
      disassembler = new Disassembler();
    }
    List<InstructionText> texts = new ArrayList<>();
    for (long at = address & -4; texts.size() < count; at += 4) {
      Optional<byte[]> bytes = memory().read(at, 4);
      if (bytes.isEmpty()) {
        break;
      }
      texts.add(new InstructionText(at, 4, disassembler.disassemble(at, (int) A64Memory.word(bytes.get(), 0, 4))));
    }
    return texts;
  }

  @Override
  public Optional<List<DataMove>> moves() {
    if (moves == null) {
      moves = new A64Moves(cpu);
    }
    return memory().read(cpu.pc, 4).flatMap(bytes -> moves.of((int) A64Memory.word(bytes, 0, 4)));
  }
}
