// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Locale;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Program;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.BareMachine;

/**
 * One CPU with flat memory that runs sequences at EL0. The MMU is on, because without it all memory would be Device memory,
 * which allows no unaligned access. A sequence ends in an SVC where the driver would save the state; any exception to EL1 makes
 * a hypervisor call, which ends the run.
 */
final class EngineUnderTest extends BareMachine {
  private static final long GUEST = 0x1000_0000L;
  private static final long KERNEL = 0x8000_0000L;
  private static final int SVC_ZERO = 0xD4000001;
  /** The engine that not every host can have. */
  static final String MACHINE_CODE = "machinecode";
  private static final int BUDGET = 100_000;

  private static final String BOOT = """
        ldr x0, =0xFF
        msr mair_el1, x0
        ldr x0, =0x200803519
        msr tcr_el1, x0
        ldr x0, =0x80002000
        msr ttbr0_el1, x0
        isb
        ldr x0, =0x34D5D805
        msr sctlr_el1, x0
        isb
        ldr x0, =0x300000
        msr cpacr_el1, x0
        ldr x0, =0x80000800
        msr vbar_el1, x0
        isb
        hvc #0
        eret
      """;

  private final Ram guest;
  private final Cpu cpu;
  private final CpuEngine engine;

  EngineUnderTest(CpuEngineFactory factory) {
    super(new Ram(GUEST, 0x1000_0000), new Ram(KERNEL, 0x1_0000));
    guest = ram(GUEST);
    cpu = add(CpuConfig.cortexA57(0).withLse(true));
    Ram kernel = ram(KERNEL);
    Program boot = Assembler.program(KERNEL, BOOT);
    kernel.write(0, boot.bytes(), 0, boot.bytes().length);
    for (int vector = 0; vector < 16; vector++) {
      kernel.write(0x800 + vector * 0x80, 4, 0xD4000002);
      kernel.write(0x804 + vector * 0x80, 4, 0xD69F03E0);
    }
    // Level 1 of a 39-bit space: the first GiB for EL0, the third for EL1; normal memory, accessed.
    kernel.write(0x2000, 8, 1L | 1 << 6 | 3 << 8 | 1 << 10);
    kernel.write(0x2010, 8, KERNEL | 1L | 3 << 8 | 1 << 10 | 1L << 54);
    cpu.powerOn(KERNEL, 0);
    engine = factory.create(cpu);
    run();
  }

  /** The factory of the engine that the system property {@code xenolith.engine} names. */
  static CpuEngineFactory factory() {
    return factory(System.getProperty("xenolith.engine", "interpreter"));
  }

  /** Whether machine code can be on this host. Where it can and this process doesn't offer it, {@link #factory(String)} fails. */
  static boolean hasMachineCode() {
    return System.getProperty("os.arch").equals("amd64") && System.getProperty("os.name").equals("Linux");
  }

  /** The engines of this host, the best last. */
  static List<String> here() {
    return hasMachineCode() ? List.of("interpreter", "regions", MACHINE_CODE) : List.of("interpreter", "regions");
  }

  /** The factory of an engine: a service, or a class without OSGi. */
  static CpuEngineFactory factory(String name) {
    Bundle bundle = FrameworkUtil.getBundle(EngineUnderTest.class);
    try {
      if (bundle != null) {
        BundleContext context = bundle.getBundleContext();
        for (ServiceReference<CpuEngineFactory> reference : context.getServiceReferences(CpuEngineFactory.class,
            "(xenolith.engine=" + name + ")")) {
          return context.getService(reference);
        }
        throw new AssertionError("no service CpuEngineFactory with xenolith.engine=" + name);
      }
      if (name.equals(MACHINE_CODE)) {
        // Its component offers it if the host can have it.
        Class<?> folder = Class.forName("org.xenolith.hostcode.kit.pages.TranslationFolder");
        Constructor<?> made = Class.forName("org.xenolith.cpu.a64.machinecode.MachineCodeEngine").getDeclaredConstructor(Cpu.class, folder);
        made.setAccessible(true);
        return cpu -> create(made, cpu.as(Cpu.class));
      }
      String type = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Component";
      return (CpuEngineFactory) Class.forName("org.xenolith.cpu." + name + "." + type).getConstructor().newInstance();
    } catch (InvalidSyntaxException | ReflectiveOperationException e) {
      throw new AssertionError("engine " + name + " of system property xenolith.engine", e);
    }
  }

  private static CpuEngine create(Constructor<?> made, Cpu cpu) {
    try {
      return (CpuEngine) made.newInstance(cpu, null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Makes the image's memory the guest's. */
  void load(GuestImage image) {
    byte[] bytes = image.memory();
    guest.write((int) (GuestImage.BASE - guest.base), bytes, 0, bytes.length);
    guest.write((int) (GuestImage.done() - guest.base), 4, SVC_ZERO);
  }

  /** Runs one sequence of the image that was loaded. The result is laid out as the driver's. */
  long[] run(Sequence sequence, byte[] pattern) {
    int scratch = (int) (GuestImage.SCRATCH - guest.base);
    guest.write(scratch, pattern, 0, pattern.length);
    long[] state = sequence.state();
    System.arraycopy(state, 0, cpu.x, 0, 31);
    cpu.x[30] = state[State.ENTRY];
    cpu.sp[0] = state[State.SP];
    System.arraycopy(state, State.V, cpu.v, 0, 64);
    cpu.fpcr = (int) state[State.FPCR];
    cpu.fp.fpsr = (int) state[State.FPSR];
    cpu.sys[SysReg.SPSR_EL1.ordinal()] = state[State.NZCV];
    cpu.sys[SysReg.ELR_EL1.ordinal()] = state[State.ENTRY];
    run();
    int cause = (int) cpu.sys[SysReg.ESR_EL1.ordinal()];
    long at = cpu.sys[SysReg.ELR_EL1.ordinal()];
    if (cause >>> 26 != 0x15 || at != GuestImage.done() + 4) {
      throw new IllegalStateException("exception %08x at %x, %d instructions after the entry, FAR %x".formatted(cause, at,
          at - state[State.ENTRY] >> 2, cpu.sys[SysReg.FAR_EL1.ordinal()]));
    }
    long[] result = new long[GuestImage.RESULT_WORDS];
    System.arraycopy(cpu.x, 0, result, 0, 31);
    result[State.SP] = cpu.sp[0];
    System.arraycopy(cpu.v, 0, result, State.V, 64);
    result[State.NZCV] = cpu.sys[SysReg.SPSR_EL1.ordinal()] & 0xF000_0000L;
    result[State.FPCR] = cpu.fpcr & 0xFFFF_FFFFL;
    result[State.FPSR] = cpu.fp.fpsr & 0xFFFF_FFFFL;
    for (int i = 0; i < GuestImage.SCRATCH_BYTES / 8; i++) {
      result[State.WORDS + i] = guest.read(scratch + 8 * i, 8);
    }
    return result;
  }

  private void run() {
    if (!runToEnd(engine, BUDGET)) {
      throw new IllegalStateException("no end after " + BUDGET + " instructions, pc " + Long.toHexString(cpu.pc));
    }
  }

  @Override
  public EventLog events() {
    return (kind, place, text) -> System.err.println(kind + " " + place + " " + text);
  }
}
