// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vuart;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.xen.abi.GuestMap;
import org.xenolith.xen.abi.HvmParam;

/**
 * The subsystem: a serial port in each guest, from the guest's first access on. What the guest writes is shown at its
 * console. What is typed there comes to the port from when the guest lets a receive interrupt through; a guest without a PV
 * console has it from the start.
 */
final class GuestUarts implements DeviceModel, GuestMmio, DomainListener {
  private static final long BASE = GuestMap.GUEST_PL011_BASE;
  private static final long OFFSET = GuestMap.GUEST_PL011_SIZE - 1;
  private static final int INTID = GuestMap.GUEST_VPL011_SPI;

  private final DeviceState state = new DeviceState();
  private final TreeMap<Integer, Attached> uarts = new TreeMap<>();
  private final RegisterFaults faults;
  private final GuestTrapsPort traps;
  private final DomainsPort domains;
  private final ConsolesPort consoles;
  private final VirtualGicPort gic;
  /** Whose port was used last, so that a run of characters looks nothing up. */
  private Attached last;

  GuestUarts(DeviceContext context) {
    faults = context.faults();
    traps = context.port(GuestTrapsPort.class);
    domains = context.port(DomainsPort.class);
    consoles = context.port(ConsolesPort.class);
    gic = context.port(VirtualGicPort.class);
    state.children("domains", this::forgetAll, this::records, serial -> attach(Integer.parseInt(serial)).uart.state());
    traps.claim((GuestMmio) this, context);
    domains.listen(this, context);
  }

  private void forgetAll() {
    uarts.clear();
    last = null;
  }

  private Map<String, DeviceState> records() {
    Map<String, DeviceState> records = new LinkedHashMap<>();
    uarts.forEach((serial, attached) -> records.put(Integer.toString(serial), attached.uart.state()));
    return records;
  }

  private Attached attach(int serial) {
    return uarts.computeIfAbsent(serial, Attached::new);
  }

  /** One guest's port with what it is wired to. */
  private final class Attached implements ConsolesPort.Input {
    private final int serial;
    private final GuestUart uart;
    private Domain domain;
    private boolean level;
    private boolean input;

    private Attached(int serial) {
      this.serial = serial;
      uart = new GuestUart(faults, this::output, this::changed);
    }

    private void output(int character) {
      consoles.write(domain.id(), (byte) character);
    }

    private void changed() {
      if (uart.interrupt() != level) {
        level = !level;
        gic.level(domain.vcpu(0), INTID, level);
      }
      takeInput();
    }

    private void takeInput() {
      if (!input && (uart.listens() || domain.parameter(HvmParam.HVM_PARAM_CONSOLE_PFN) == 0)) {
        input = true;
        consoles.input(domain.id(), this);
      }
    }

    private void leave() {
      if (input) {
        consoles.input(domain.id(), null);
      }
    }

    private void wire(Domain owner) {
      domain = owner;
      takeInput();
    }

    @Override
    public int offer(byte[] bytes, int offset, int length) {
      return uart.offer(bytes, offset, length);
    }
  }

  private Attached of(Domain domain) {
    if (last != null && last.serial == domain.serial()) {
      return last;
    }
    Attached attached = attach(domain.serial());
    if (attached.domain == null) {
      attached.wire(domain);
    }
    last = attached;
    return attached;
  }

  @Override
  public boolean covers(Domain domain, long ipa) {
    return (ipa & ~OFFSET) == BASE && domain.kind() == DomainSpec.Kind.DOMU;
  }

  @Override
  public long read(Vcpu vcpu, long ipa, int size) {
    return of(vcpu.domain()).uart.read(ipa & OFFSET, size);
  }

  @Override
  public void write(Vcpu vcpu, long ipa, int size, long value) {
    of(vcpu.domain()).uart.write(ipa & OFFSET, size, value);
  }

  @Override
  public void renewed(Domain domain) {
    Attached attached = uarts.get(domain.serial());
    if (attached != null) {
      attached.wire(domain);
    }
  }

  @Override
  public void destroyed(Domain domain) {
    Attached gone = uarts.remove(domain.serial());
    if (gone != null) {
      gone.leave();
    }
    last = null;
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    last = null;
    Domains core = domains.domains();
    if (core != null) {
      for (Domain domain : core.all()) {
        Attached attached = uarts.get(domain.serial());
        if (attached != null) {
          attached.wire(domain);
          attached.level = attached.uart.interrupt();
          gic.level(domain.vcpu(0), INTID, attached.level);
        }
      }
    }
    uarts.values().removeIf(attached -> attached.domain == null);
  }

  @Override
  public void removed() {
    traps.release(this);
    domains.forget(this);
    uarts.values().forEach(Attached::leave);
  }
}
