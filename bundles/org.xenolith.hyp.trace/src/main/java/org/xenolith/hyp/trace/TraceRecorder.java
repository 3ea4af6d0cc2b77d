// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.trace;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.TraceRing;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** Writes down what happens, with the time. Has no state: the record is the port's, and no part of the machine. */
final class TraceRecorder implements DeviceModel, DomainListener, HypervisorTracePort.Listener {
  static final int CREATED = 0;
  static final int STARTED = 1;
  static final int SHUT_DOWN = 2;
  static final int DESTROYED = 3;

  private final HypervisorTracePort trace;
  private final TraceRing record;
  private final DomainsPort domains;
  private final Clock clock;
  private final DeviceState state = new DeviceState();

  TraceRecorder(DeviceContext context) {
    trace = context.port(HypervisorTracePort.class);
    record = context.port(TraceRing.class);
    domains = context.port(DomainsPort.class);
    clock = context.time().clock();
    trace.recorder(this, context);
    domains.listen(this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void removed() {
    trace.forget(this);
    domains.forget(this);
  }

  @Override
  public void happened(HypervisorTracePort.Kind kind, Vcpu vcpu, long a, long b, long c) {
    record.add(clock.now(), kind, vcpu, a, b, c);
  }

  private void tell(Domain domain, int what) {
    if (trace.on()) {
      trace.happened(HypervisorTracePort.Kind.DOMAIN, null, domain.id(), what, domain.shutdownReason());
    }
  }

  @Override
  public void created(Domain domain) {
    tell(domain, CREATED);
  }

  @Override
  public void started(Domain domain) {
    tell(domain, STARTED);
  }

  @Override
  public void shutdown(Domain domain) {
    tell(domain, SHUT_DOWN);
  }

  @Override
  public void destroyed(Domain domain) {
    tell(domain, DESTROYED);
  }
}
