// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vioapic;

import java.util.Arrays;
import java.util.OptionalLong;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostInterrupts;
import org.xenolith.hyp.api.HostInterruptsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.hyp.x64.api.HostVector;
import org.xenolith.hyp.x64.api.HostVectorsPort;
import org.xenolith.hyp.x64.api.InterruptEnd;
import org.xenolith.lapic.kit.IoApicIndirect;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Every input of the machine's I/O APIC is a driver's of the hypervisor, who claimed it, or else the hardware domain's, which unmasks it in its own redirection table: what comes in then goes to its
 * virtual CPUs as that table says. A level is masked until they have ended it, so that it is asked for anew when the machine's CPU has ended it.
 */
final class Vioapic implements DeviceModel, GuestMmio, MmioHandler, DomainListener, HostInterrupts, HostVector, InterruptEnd {
  private static final int PINS = RedirectionTable.PINS;
  private static final long PAGE = 0xFFF;
  private static final int NONE = -1;
  /** While the machine's I/O APIC is away, it is written to that often, in virtual nanoseconds. */
  private static final long RETRY = 10_000_000;
  // Registers (82093AA 3.1 and 3.2; ICH9 13.5).
  private static final int LEVEL_LOW = 1;
  private static final int LEVEL_HIGH = 2;
  private static final int SELECT = 0x00;
  private static final int DATA = 0x10;
  private static final int ID = 0x00;
  private static final int VERSION = 0x01;
  private static final int ARBITRATION = 0x02;
  private static final int REDIRECTION = 0x10;
  private static final int ID_BITS = 0x0F00_0000;
  /** That of Xen's: 0x11, which has no register to end an interrupt by (ICH9 has one at 0x40). */
  private static final int VERSION_11 = PINS - 1 << 16 | 0x11;

  private final DeviceState state = new DeviceState();
  private final LongCell select = state.cell("IOREGSEL", 0);
  private final LongCell id = state.cell("IOAPICID", 0);
  private final RedirectionTable table = new RedirectionTable(state);
  /** The vector that each input has at the machine's CPU, plus 1; 0 for none. */
  private final int[] vectors = state.ints("vectors", PINS);
  /** 1 for an interrupt that nobody could take. */
  private final int[] kept = state.ints("kept", PINS);
  private final DeviceContext context;
  private final HostIoApic host;
  private final DomainsPort domains;
  private final GuestTrapsPort traps;
  private final HostInterruptsPort lines;
  private final HostVectorsPort vectorsPort;
  private final GuestInterruptsPort interrupts;
  private final Alarm again;
  /** The port of local interrupt controllers runs {@link #controllersCame} when there are some. */
  private boolean waits;

  Vioapic(DeviceContext context) {
    this.context = context;
    host = new HostIoApic(context);
    domains = context.port(DomainsPort.class);
    traps = context.port(GuestTrapsPort.class);
    lines = context.port(HostInterruptsPort.class);
    vectorsPort = context.port(HostVectorsPort.class);
    interrupts = context.port(GuestInterruptsPort.class);
    again = context.time().alarm("again", this::programAll);
    table.reset();
    state.shows("indirect", IoApicIndirect.of(PINS), register -> OptionalLong.of(stored(register.spec().offset())));
    lines.attach(this, context);
    traps.claim(this, context);
    interrupts.listen(this, context);
    domains.listen(this, context);
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    releaseVectors();
    again.cancel();
    state.reset();
    table.reset();
    programAll();
  }

  @Override
  public void restored() {
    // A record is restored into one that has gone on: it may have had others.
    for (int vector = HostVectorsPort.FIRST; vector <= HostVectorsPort.LAST; vector++) {
      vectorsPort.release(vector, this);
    }
    for (int pin = 0; pin < PINS; pin++) {
      if (vectors[pin] != 0) {
        vectorsPort.claim(vectors[pin] - 1, this, context);
      }
    }
    if (context.origin() == DeviceOrigin.RETURN) {
      // Lines were masked meanwhile.
      programAll();
      for (int pin = 0; pin < PINS; pin++) {
        if (lines.claim(pin) == null && !table.masked(pin) && !table.level(pin)) {
          // An edge that came meanwhile is gone; one too many does no harm.
          kept[pin] = 1;
        }
      }
    }
    deliverKept();
  }

  @Override
  public void removed() {
    for (int pin = 0; pin < PINS; pin++) {
      host.write(pin, (int) RedirectionTable.MASKED);
    }
    releaseVectors();
    lines.detach(this);
    traps.release(this);
    interrupts.forget(this);
    domains.forget(this);
  }

  private void releaseVectors() {
    for (int pin = 0; pin < PINS; pin++) {
      if (vectors[pin] != 0) {
        vectorsPort.release(vectors[pin] - 1, this);
      }
    }
  }

  // ---- Towards the machine

  /** All inputs, or none while the machine's I/O APIC is away. */
  private void programAll() {
    for (int pin = 0; pin < PINS && program(pin); pin++) {
    }
  }

  /** Has the machine's I/O APIC do what is wanted of an input now, or of all of them as soon as it is back. @return whether it is there */
  private boolean program(int pin) {
    HostInterruptsPort.Claim claim = lines.claim(pin);
    boolean wanted = claim != null || !table.masked(pin) && !table.inService(pin);
    if (wanted && vectors[pin] == 0) {
      vectors[pin] = vectorsPort.claim(NONE, this, context) + 1;
      if (vectors[pin] == 0) {
        context.events().report("vectors-exhausted", context.instance(), "input " + pin
            + ": no vector of the boot CPU is free, it stays masked;"
            + " have drivers of PCI functions ask for fewer messages, and write its entry again");
      }
    }
    boolean level = claim != null ? !claim.edge() : table.level(pin);
    boolean there = host.write(pin, !wanted || vectors[pin] == 0 ? (int) RedirectionTable.MASKED
        : vectors[pin] - 1 | (level ? (int) RedirectionTable.LEVEL : 0));
    if (!there && !again.armed()) {
      again.at(context.time().clock().now() + RETRY);
    }
    return there;
  }

  @Override
  public void hostInterrupt(int input, boolean edge, boolean on) {
    if (input < PINS) {
      program(input);
    }
  }

  /** Input and sense (binding intel,ce4100-ioapic): of the senses 1 and 2 are levels. */
  @Override
  public Input input(int[] cells) {
    return cells.length == 2 && cells[0] >= 0 && cells[0] < PINS ? new Input(cells[0], cells[1] != LEVEL_LOW && cells[1] != LEVEL_HIGH)
        : null;
  }

  @Override
  public void interrupt(CpuPort cpu, int vector) {
    for (int pin = 0; pin < PINS; pin++) {
      if (vectors[pin] == vector + 1) {
        if (!lines.serve(cpu, pin)) {
          pass(pin);
        }
        return;
      }
    }
  }

  // ---- Towards the hardware domain

  private Domain owner() {
    Domains core = domains.domains();
    Domain first = core == null ? null : core.byId(0);
    return first != null && first.kind() == DomainSpec.Kind.DOM0 ? first : null;
  }

  private void pass(int pin) {
    if (table.masked(pin)) {
      program(pin);
      return;
    }
    if (table.level(pin)) {
      table.serve(pin);
      program(pin);
    }
    kept[pin] = 1;
    deliverKept();
  }

  /** Sends what waits; without local interrupt controllers, or the core, it goes on to wait. */
  private void deliverKept() {
    Domain owner = owner();
    if (owner == null) {
      return;
    }
    boolean can = interrupts.has(owner);
    for (int pin = 0; pin < PINS; pin++) {
      if (kept[pin] != 0) {
        if (!can) {
          waitForControllers();
          return;
        }
        kept[pin] = 0;
        interrupts.message(owner, table.address(pin), table.data(pin));
      }
    }
  }

  private void waitForControllers() {
    if (!waits) {
      waits = true;
      interrupts.whenPresent(this::controllersCame);
    }
  }

  /** Nobody takes such a request back: one that was replaced or removed has nothing to send. */
  private void controllersCame() {
    waits = false;
    if (lines.provider() == this) {
      deliverKept();
    }
  }

  @Override
  public void ended(Domain domain, int vector) {
    if (domain.kind() == DomainSpec.Kind.DOM0) {
      for (int pin = 0; pin < PINS; pin++) {
        if (table.end(pin, vector)) {
          program(pin);
        }
      }
    }
  }

  @Override
  public void renewed(Domain domain) {
    deliverKept();
  }

  @Override
  public void destroyed(Domain domain) {
    if (domain.kind() == DomainSpec.Kind.DOM0) {
      table.reset();
      select.value = 0;
      id.value = 0;
      Arrays.fill(kept, 0);
      programAll();
    }
  }

  // ---- Registers

  @Override
  public boolean covers(Domain domain, long address) {
    return host.present() && (address & ~PAGE) == host.base() && domain.kind() == DomainSpec.Kind.DOM0;
  }

  @Override
  public long read(Vcpu vcpu, long address, int size) {
    return AccessRule.WORD.read(this, address & PAGE, size);
  }

  @Override
  public void write(Vcpu vcpu, long address, int size, long value) {
    AccessRule.WORD.write(this, address & PAGE, size, value);
  }

  @Override
  public long read(long offset, int size) {
    return switch ((int) offset) {
      case SELECT -> select.value;
      case DATA -> selected() & 0xFFFF_FFFFL;
      default -> 0;
    };
  }

  private int selected() {
    int entry = (int) select.value - REDIRECTION;
    if (entry >= 0 && entry < 2 * PINS) {
      return (entry & 1) == 0 ? table.low(entry >> 1) : table.high(entry >> 1);
    }
    return select.value < REDIRECTION ? (int) stored((int) select.value) : 0;
  }

  /** What a register has, an entry of the table as a whole. */
  private long stored(int number) {
    return switch (number) {
      case ID, ARBITRATION -> id.value;
      case VERSION -> VERSION_11;
      default -> number < REDIRECTION ? 0 : table.entry(number - REDIRECTION >> 1);
    };
  }

  @Override
  public void write(long offset, int size, long value) {
    if (offset == SELECT) {
      select.value = value & 0xFF;
    } else if (offset == DATA) {
      writeSelected((int) value);
    }
  }

  private void writeSelected(int value) {
    int entry = (int) select.value - REDIRECTION;
    if (entry >= 0 && entry < 2 * PINS) {
      if ((entry & 1) == 0) {
        table.low(entry >> 1, value);
      } else {
        table.high(entry >> 1, value);
      }
      program(entry >> 1);
    } else if (select.value == ID) {
      id.value = value & ID_BITS;
    }
  }
}
