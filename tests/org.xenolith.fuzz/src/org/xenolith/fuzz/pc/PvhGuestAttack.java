// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.xen.abi.DomainId;

/** A PVH guest of the hypervisor on a PC, of two virtual CPUs: hypercalls, and all that a hypervisor answers within an instruction. */
public final class PvhGuestAttack extends PcAttack {
  @Override
  public String word() {
    return "pvhguest";
  }

  @Override
  public String says() {
    return "a first byte and steps of two virtual CPUs of a PVH guest on a PC with the hypervisor, which become machine code: hypercalls with"
        + " arguments in registers and memory, CPUID, model-specific registers, ports, memory that nobody has, virtual local APICs";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hyp.x64.**", "org.xenolith.hyp.p2m.x64.**", "org.xenolith.hyp.vlapic.**", "org.xenolith.hyp.pvtime.**",
        "org.xenolith.hyp.core.**", "org.xenolith.hyp.memory.kit.**", "org.xenolith.hyp.hvm.**", "org.xenolith.hyp.vcpu.**",
        "org.xenolith.hyp.physdev.**", "org.xenolith.hyp.evtchn.**", "org.xenolith.hyp.grant.**", "org.xenolith.lapic.kit.**");
  }

  @Override
  PcMachine machine(PcGuest made) {
    return new PvhMachine(made);
  }

  @Override
  PcDriver driver() {
    return new PvhDriver();
  }

  /** Knows what Xen's guests call and ask. */
  private static final class PvhDriver implements PcDriver {
    /** memory_op, console_io, grant_table_op, vcpu_op, sched_op, event_channel_op, hvm_op, physdev_op, xen_version, multicall. */
    private static final int[] CALLS = {12, 18, 20, 24, 29, 32, 34, 33, 17, 13, 15, 35, 36, 39, 41, 26};
    private static final int[] REGISTERS = {0x4000_0000, 0x4000_0001, 0x1B, 0x10, 0x3B, 0x277, 0x2FF, 0xFE, 0x200, 0x201, 0x20F, 0x250,
        0x26F, 0x6E0,
        0x174, 0x17A, 0x1A0, 0x8B, 0xC000_0080, 0xC000_0081, 0xC000_0082, 0xC000_0100, 0xC000_0101, 0xC000_0102, 0xC000_0103, 0x40, 0x179,
        0x400,
        0x1D9, 0x48, 0x10A, 0xC001_0015};
    /** Arguments of each call. */
    private static final int ARGUMENTS = 5;
    private static final int[] ARGUMENT_REGISTERS = {3, PcCode.ECX, PcCode.EDX, PcCode.ESI, PcCode.EDI};
    private static final int FIELDS = 16;
    private final long[] values = {DomainId.DOMID_SELF, DomainId.DOMID_INVALID, PvhMachine.GUEST, PvhMachine.WITNESS,
        ServiceEventsPort.DOMID,
        PvhMachine.READ_ONLY, PvhMachine.READ_ONLY + 1, PvhMachine.READ_ONLY + 2, PcPlace.DATA, PcPlace.DATA >> 12, PcPlace.DATA + 0xFFC,
        PvhMachine.MAGIC, PvhMachine.MAGIC >> 12, PcPlace.LAPIC, PcPlace.LAPIC >> 12, 0xFEE0_0800L, 0xFEE0_0C00L, 0xFEE0_0900L,
        0x200_0000_0000_0040L,
        0x0200_0000_0000_00F3L, -1, 0xFFFF_FFFFL, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF, 0x1_0000, 0xC_4500, 0xC_4601, 0x4_4500, 0x8_4040,
        0x2_0040,
        0x4_0040, 0x4000_0000, 0x4000_0100, 0x8000_0000L, 0x0606_0606_0606_0606L, 0x0007_0406_0007_0406L, 0x1000, 0x1FF, 0x40};

    @Override
    public void begin(int flags, PcScript script) {
      if ((flags & 4) != 0) {
        // A page of calls, an upcall's vector, shared information and information of the virtual CPU.
        script.writeMsr(0x4000_0000, PcPlace.DATA + 0x4000);
        hypercall(script, 34, 0, PcPlace.DATA, 0, 0, 0, DomainId.DOMID_SELF, 0, 0, 0, 0x40, 0x0200_0000);
        hypercall(script, 12, 7, PcPlace.DATA, 0, 0, 0, DomainId.DOMID_SELF, 0, 0, 0x20);
      }
      if ((flags & 8) != 0) {
        script.writeMsr(0x1B, PcPlace.LAPIC | 0xC00);
      }
    }

    /** The words of a structure, at {@link PcPlace#DATA}, and then the call. */
    private static void hypercall(PcScript script, int number, long a, long b, long c, long d, long e, long... fields) {
      for (int i = 0; i < fields.length; i++) {
        script.store4(PcPlace.DATA + 4L * i, fields[i]);
      }
      PcCode code = script.begin();
      long[] arguments = {a, b, c, d, e};
      for (int i = 0; i < ARGUMENTS; i++) {
        code.mov(ARGUMENT_REGISTERS[i], arguments[i]);
      }
      // VMMCALL.
      code.mov(PcCode.EAX, number).raw(0x0F, 0x01, 0xD9);
      script.end();
    }

    @Override
    public long register(InputBytes input) {
      int which = input.next();
      return which < 0x80 ? PcPlace.LAPIC + ((which & 63) << 4) : which < 0x90 ? PvhMachine.MAGIC + (input.next(2) & 0x1FFF) : PcValues
          .address(
              input);
    }

    @Override
    public int msr(InputBytes input) {
      int which = input.next();
      return which < 0x40 ? REGISTERS[which & 31] : which < 0x80 ? 0x800 + (which & 63) : which < 0xC0 ? REGISTERS[which & 31] + input
          .next() : (int) input
              .next(4);
    }

    @Override
    public long[] values() {
      return values;
    }

    @Override
    public void step(int kind, int more, InputBytes input, PcScript script) {
      switch (kind) {
        case 0, 1 -> {
          int which = input.next();
          int number = which < 0xC0 ? CALLS[which & 15] : which & 63;
          long[] arguments = new long[ARGUMENTS];
          for (int i = 0; i < ARGUMENTS && (i < 2 || more > i); i++) {
            arguments[i] = PcValues.next(input, values);
          }
          if (kind == 0) {
            arguments[1] = PcPlace.DATA;
          }
          long[] fields = new long[kind == 0 ? input.next() % FIELDS : 0];
          for (int i = 0; i < fields.length; i++) {
            fields[i] = PcValues.next(input, values);
          }
          hypercall(script, number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], fields);
        }
        case 2 -> {
          long leaf = switch (more & 3) {
            case 0 -> 0x4000_0000L + input.next();
            case 1 -> 0x8000_0000L + input.next();
            case 2 -> input.next();
            default -> PcValues.next(input, values);
          };
          script.begin().mov(PcCode.EAX, leaf).mov(PcCode.ECX, input.next()).raw(0x0F, 0xA2);
          script.end();
        }
        default -> {
          switch (more) {
            case 0 -> {
              script.store4(PcPlace.LAPIC + 0x300, 0xC_4500);
              script.store4(PcPlace.LAPIC + 0x300, 0xC_4600 | input.next() & 3);
            }
            case 1 -> {
              // To itself: INIT, then a start-up IPI.
              script.store4(PcPlace.LAPIC + 0x300, 0x4_4500);
              script.store4(PcPlace.LAPIC + 0x300, 0x4_4601);
            }
            case 2 -> script.deadline(input.next() << 6);
            case 3 -> script.writeMsr(0x83F, input.next());
            case 4 -> hypercall(script, 24, 7 + (input.next() & 3), input.next() & 3, PcPlace.DATA, 0, 0, PcValues.next(input, values), 0,
                0, 0);
            case 5 -> script.call(PcPlace.DATA + 0x4000 + 32L * (input.next() & 63));
            case 6 -> hypercall(script, 29, input.next() & 7, PcPlace.DATA, 0, 0, 0, input.next() & 7);
            default -> script.store4(PcPlace.DATA + input.next(2), PcValues.next(input, values));
          }
        }
      }
    }
  }
}
