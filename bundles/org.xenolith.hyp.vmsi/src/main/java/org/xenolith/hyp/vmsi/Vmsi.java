// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vmsi;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.MessageTranslation;
import org.xenolith.hyp.api.MessageTranslationPort;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.hyp.x64.api.HostVector;
import org.xenolith.hyp.x64.api.HostVectorsPort;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.Cpu;

/**
 * Each message of a function that a domain enabled has a vector of the boot CPU's. When that comes, the message that the domain wanted goes to the domain's local interrupt controllers.
 */
final class Vmsi implements DeviceModel, MessageTranslation, HostVector, DomainListener {
  private static final int VECTORS = HostVectorsPort.LAST + 1;
  private static final int NONE = -1;
  private static final long MESSAGES = 0xFEE0_0000L;
  private static final long MESSAGES_END = 0xFEF0_0000L;
  private static final int DESTINATION = 12;
  private static final int VECTOR = 0xFF;
  private static final int FIRST_LEGAL = 16;
  /** Fixed and lowest priority; other kinds of delivery have no vector that could be told apart. */
  private static final int DELIVERY = 7 << 8;
  private static final int LOWEST_PRIORITY = 1 << 8;

  private final DeviceState state = new DeviceState();
  /** By vector: whose, by {@link Domain#serial}; 0 for nobody's. */
  private final int[] owners = state.ints("owners", VECTORS);
  private final int[] functions = state.ints("functions", VECTORS);
  private final int[] numbers = state.ints("numbers", VECTORS);
  private final long[] addresses = state.longs("addresses", VECTORS);
  private final int[] data = state.ints("data", VECTORS);
  /** 1 for a message that nobody could take. */
  private final int[] kept = state.ints("kept", VECTORS);
  private final DeviceContext context;
  private final DomainsPort domains;
  private final HostVectorsPort vectors;
  private final GuestInterruptsPort interrupts;
  private final MessageTranslationPort port;
  private final IommusPort iommus;
  private final long machine;
  /** The port of local interrupt controllers runs {@link #controllersCame} when there are some. */
  private boolean waits;

  Vmsi(DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    vectors = context.port(HostVectorsPort.class);
    interrupts = context.port(GuestInterruptsPort.class);
    port = context.port(MessageTranslationPort.class);
    iommus = context.port(IommusPort.class);
    machine = MESSAGES | (long) Cpu.of(context.processors()).getFirst().apicId() << DESTINATION;
    port.attach(this, context);
    domains.listen(this, context);
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    release();
    state.reset();
  }

  @Override
  public void restored() {
    // A record is restored into one that has gone on: it may have had others.
    for (int vector = HostVectorsPort.FIRST; vector < VECTORS; vector++) {
      vectors.release(vector, this);
    }
    for (int vector = 0; vector < VECTORS; vector++) {
      if (owners[vector] != 0) {
        vectors.claim(vector, this, context);
        iommus.message(functions[vector], vector, true);
        if (context.origin() == DeviceOrigin.RETURN) {
          // One that came meanwhile is gone; one too many does no harm.
          kept[vector] = 1;
        }
      }
    }
    deliverKept();
  }

  @Override
  public void removed() {
    release();
    port.detach(this);
    domains.forget(this);
  }

  private void release() {
    for (int vector = 0; vector < VECTORS; vector++) {
      if (owners[vector] != 0) {
        vectors.release(vector, this);
        iommus.message(functions[vector], vector, false);
      }
    }
  }

  // ---- MessageTranslation

  @Override
  public Message give(int sbdf, int number, Domain domain, long address, int wanted) {
    int delivery = wanted & DELIVERY;
    if (address < MESSAGES || address >= MESSAGES_END || delivery > LOWEST_PRIORITY || (wanted & VECTOR) < FIRST_LEGAL) {
      return null;
    }
    int vector = find(sbdf, number);
    if (vector < 0) {
      vector = vectors.claim(NONE, this, context);
      if (vector < 0) {
        exhausted(sbdf, number);
        return null;
      }
      functions[vector] = sbdf;
      numbers[vector] = number;
    }
    owners[vector] = domain.serial();
    addresses[vector] = address;
    data[vector] = wanted;
    iommus.message(sbdf, vector, true);
    return new Message(machine, vector);
  }

  /** Functions have all vectors, or inputs of the I/O APIC the rest of them. */
  private void exhausted(int sbdf, int number) {
    int its = 0;
    int all = 0;
    for (int vector = HostVectorsPort.FIRST; vector < VECTORS; vector++) {
      all += owners[vector] != 0 ? 1 : 0;
      its += owners[vector] != 0 && functions[vector] == sbdf ? 1 : 0;
    }
    context.events().report("vectors-exhausted", context.instance(),
        ("%s message %d: none of the %d vectors of the boot CPU is free, functions"
            + " have %d of them, this one %d; the message stays off. Have its driver ask for fewer (fewer queues), or give the domain fewer functions")
            .formatted(Sbdf.text(sbdf), number, VECTORS - HostVectorsPort.FIRST, all, its));
  }

  private int find(int sbdf, int number) {
    for (int vector = HostVectorsPort.FIRST; vector < VECTORS; vector++) {
      if (owners[vector] != 0 && functions[vector] == sbdf && numbers[vector] == number) {
        return vector;
      }
    }
    return NONE;
  }

  @Override
  public void take(int sbdf) {
    for (int vector = HostVectorsPort.FIRST; vector < VECTORS; vector++) {
      if (owners[vector] != 0 && functions[vector] == sbdf) {
        drop(vector);
      }
    }
  }

  private void drop(int vector) {
    owners[vector] = 0;
    kept[vector] = 0;
    iommus.message(functions[vector], vector, false);
    vectors.release(vector, this);
  }

  @Override
  public void destroyed(Domain domain) {
    for (int vector = HostVectorsPort.FIRST; vector < VECTORS; vector++) {
      if (owners[vector] == domain.serial()) {
        drop(vector);
      }
    }
  }

  // ---- Messages

  @Override
  public void interrupt(CpuPort cpu, int vector) {
    if (owners[vector] != 0 && !deliver(vector)) {
      kept[vector] = 1;
      waitForControllers();
    }
  }

  @Override
  public void renewed(Domain domain) {
    deliverKept();
  }

  /** @return whether there was somebody who could take it */
  private boolean deliver(int vector) {
    Domain owner = owner(owners[vector]);
    if (owner == null || !interrupts.has(owner)) {
      return false;
    }
    kept[vector] = 0;
    interrupts.message(owner, addresses[vector], data[vector]);
    return true;
  }

  /** Sends what waits; without local interrupt controllers, or the core, it goes on to wait. */
  private void deliverKept() {
    for (int vector = HostVectorsPort.FIRST; vector < VECTORS; vector++) {
      if (kept[vector] != 0 && !deliver(vector)) {
        waitForControllers();
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
    if (port.provider() == this) {
      deliverKept();
    }
  }

  private Domain owner(int serial) {
    Domains core = domains.domains();
    if (core != null) {
      for (Domain domain : core.all()) {
        if (domain.serial() == serial) {
          return domain;
        }
      }
    }
    return null;
  }
}
