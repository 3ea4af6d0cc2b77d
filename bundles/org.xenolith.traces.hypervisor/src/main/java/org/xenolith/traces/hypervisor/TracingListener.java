// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.hypervisor;

import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.GrantSide;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceStream;

/** Hears of the hypervisor for a trace. */
final class TracingListener implements HypervisorTracePort.Listener {
  private static final String[] STEPS = {"created", "started", "shut down", "destroyed"};
  private final TraceStream stream;
  private final AbiNames names;
  private final ArchitectureFacts architecture;

  TracingListener(TraceStream stream, HypercallsPort hypercalls, ArchitectureFacts architecture) {
    this.stream = stream;
    names = new AbiNames(hypercalls);
    this.architecture = architecture;
  }

  private static int domain(Vcpu vcpu) {
    return vcpu == null ? TraceStream.NO_DOMAIN : vcpu.domain().id();
  }

  private void tell(TraceKind kind, int domain, Object... values) {
    stream.tell(kind, domain, TraceStream.NO_DEVICE, values);
  }

  @Override
  public void happened(Kind kind, Vcpu vcpu, long a, long b, long c) {
    int domain = domain(vcpu);
    Long number = vcpu == null ? -1L : (long) vcpu.id();
    switch (kind) {
      case TRAP -> {
        if (stream.wants(HypervisorEvents.VCPU_TRAP)) {
          tell(HypervisorEvents.VCPU_TRAP, domain, number, architecture.trap(a, b), c);
        }
      }
      case HYPERCALL -> tell(HypervisorEvents.HYPERCALL, domain, number, names.hypercall(a, b), b, c);
      case RESULT -> tell(HypervisorEvents.HYPERCALL_RESULT, domain, number, names.hypercall(a), b, c);
      case INTERRUPT -> tell(HypervisorEvents.VCPU_INTERRUPT, domain, number, a, b);
      case EVENT -> tell(HypervisorEvents.EVENT_CHANNEL, (int) b, a, c);
      case GRANT_MAP -> tell(HypervisorEvents.GRANT_MAP, domain, a, b, c);
      case GRANT_UNMAP -> tell(HypervisorEvents.GRANT_UNMAP, domain, a, c);
      case SWITCH -> {
        stream.executes((int) a, domain);
        tell(HypervisorEvents.SWITCH, domain, number);
      }
      case DOMAIN -> tell(HypervisorEvents.DOMAIN, (int) a, b >= 0 && b < STEPS.length ? STEPS[(int) b] : Long.toString(b));
      case STAGE2 -> tell(HypervisorEvents.STAGE2, (int) a, b, c);
    }
  }

  @Override
  public void asked(int domid, int type, String path) {
    if (stream.wants(HypervisorEvents.XENSTORE)) {
      tell(HypervisorEvents.XENSTORE, domid, names.store(type), path);
    }
  }

  @Override
  public void copied(Vcpu vcpu, long from, long to, int length, GrantSide source, GrantSide target) {
    if (stream.wants(HypervisorEvents.GRANT_COPY)) {
      tell(HypervisorEvents.GRANT_COPY, domain(vcpu), from, to, (long) length, side(source), side(target));
    }
  }

  private static String side(GrantSide side) {
    return "d" + side.domid() + (side.ref() < 0 ? "" : ", reference " + side.ref());
  }

  @Override
  public void configured(int domid, int function, int offset, int size, boolean write, long value) {
    if (stream.wants(HypervisorEvents.DOMAIN_PCI)) {
      tell(HypervisorEvents.DOMAIN_PCI, domid, "%02x:%02x.%x".formatted(function >>> 8, function >>> 3 & 31, function & 7), (long) offset,
          (long) size, write ? 1L : 0L, value);
    }
  }
}
